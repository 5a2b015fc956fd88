import type { Neighbours, Rearrangement } from '../../../graph/rearrangement';
import type { Layer, Shape } from '../../../graph/model-graph';

/**
 * Group normalisation as PyTorch's exporters write it: the channels of each group and all their positions in one row, an
 * instance normalisation of the rows, and back to the shape before. Every position keeps its place.
 */
export function groupNormalisation(neighbours: Neighbours, last: Layer): Rearrangement | undefined {
  const normalisation = neighbours.producer(last.inputs[0] ?? '');
  const first = neighbours.producer(normalisation?.inputs[0] ?? '');
  if (normalisation?.op !== 'InstanceNormalization' || first?.op !== 'Reshape') return undefined;
  const steps = [first, normalisation];
  if (!steps.every((step) => neighbours.readers(step.outputs[0] ?? '').length === 1)) return undefined;
  const before = neighbours.shape(first.inputs[0] ?? '');
  const rows = neighbours.shape(first.outputs[0] ?? '');
  if (before === undefined || rows === undefined || !sameShape(before, neighbours.shape(last.outputs[0] ?? ''))) return undefined;
  const [batch, channels] = before;
  const [rowBatch, groups] = rows;
  const wholeChannels = typeof channels === 'number' && typeof groups === 'number' && groups > 0 && channels % groups === 0;
  if (before.length < 3 || rowBatch !== batch || !wholeChannels) return undefined;
  return { last, steps, operation: { kind: 'channelwise' }, stepOperation: { kind: 'channelwise' } };
}

function sameShape(a: Shape, b: Shape): boolean {
  return a?.length === b?.length && a?.every((length, axis) => length === b?.[axis]) === true;
}
