import type { Neighbours, Rearrangement } from '../../../graph/rearrangement';
import type { Dimension, Layer, Operation } from '../../../graph/model-graph';

/** Reshape, Transpose, Reshape that ends in `last`, with the shapes that tell. */
interface Shuffle {
  readonly steps: readonly Layer[];
  /** `[n, c, h, w]` before. */
  readonly before: readonly Dimension[];
  /** Six axes, between the first reshape and the transpose. */
  readonly split: readonly number[];
  /** `[n, c, h, w]` behind. */
  readonly after: readonly Dimension[];
}

/** The pixel shuffle (positions out of channels) and unshuffle as PyTorch's exporters write them; undefined for other reshapes. */
export function pixelShuffle(
  neighbours: Neighbours,
  orders: ReadonlyMap<string, readonly number[]>,
  last: Layer,
): Rearrangement | undefined {
  const shuffle = findShuffle(neighbours, last);
  const order = orders.get(last.inputs[0] ?? '');
  if (shuffle === undefined || order?.[0] !== 0) return undefined;
  const operation = unshuffled(shuffle, order) ?? shuffled(shuffle, order);
  return operation && { last, steps: shuffle.steps, stepOperation: { kind: 'channelwise' }, operation };
}

/** From [n, c, h, w] by [n, c, h/s, s, w/s, s]: the two counts of blocks come last and stay. */
function unshuffled({ before, split, after }: Shuffle, order: readonly number[]): Operation | undefined {
  const [, channels, height, width] = before;
  const [, c, blockRows = 0, y = 0, blockColumns = 0, x = 0] = split;
  const splitsPositions = c === channels && blockRows * y === height && blockColumns * x === width;
  const keepsBlocks = order[4] === 2 && order[5] === 4 && after[2] === blockRows && after[3] === blockColumns;
  return splitsPositions && keepsBlocks && y * x > 1 ? { kind: 'space-to-depth', block: [y, x] } : undefined;
}

/** From [n, c, s, s, h, w] or [n, s, s, c, h, w]: the steps of each block come behind its row and column. */
function shuffled({ before, split, after }: Shuffle, order: readonly number[]): Operation | undefined {
  const [, , height, width] = before;
  const [up, left] = [split[order[3] ?? 0] ?? 0, split[order[5] ?? 0] ?? 0];
  const keepsPositions = split[4] === height && split[5] === width && order[2] === 4 && order[4] === 5;
  if (!keepsPositions || (split[4] ?? 0) * up !== after[2] || (split[5] ?? 0) * left !== after[3] || !(up * left > 1)) return undefined;
  const perAxis = [up, left];
  const padding = { kind: 'explicit', begin: [0, 0], end: [0, 0] } as const;
  return { kind: 'transposed-convolution', window: { kernel: perAxis, stride: perAxis, dilation: [1, 1], padding, ceilMode: false } };
}

function findShuffle(neighbours: Neighbours, last: Layer): Shuffle | undefined {
  const transpose = neighbours.producer(last.inputs[0] ?? '');
  const reshape = neighbours.producer(transpose?.inputs[0] ?? '');
  if (transpose?.op !== 'Transpose' || reshape?.op !== 'Reshape') return undefined;
  const steps = [reshape, transpose];
  if (!steps.every((step) => neighbours.readers(step.outputs[0] ?? '').length === 1)) return undefined;
  const before = neighbours.shape(reshape.inputs[0] ?? '');
  const split = neighbours.shape(transpose.inputs[0] ?? '');
  const after = neighbours.shape(last.outputs[0] ?? '');
  if (before?.length !== 4 || split?.length !== 6 || after?.length !== 4) return undefined;
  // An open batch is none of the lengths that are compared.
  return { steps, before, split: split.map((length) => length ?? Number.NaN), after };
}
