import type { TensorBatch } from '../equivariance/walk/circular-model';
import type { Layout, Window } from '../graph/model-graph';
import { resolvePadding, windowOutputSize } from '../graph/window';
import type { PatchSource, PatchWindow } from './patches';
import type { RecoveryStep } from './steps';

/** A batch with the layout of its tensor. */
export interface LaidOut {
  readonly batch: TensorBatch;
  readonly layout: Layout;
}

/** A map and the windows over it. */
export interface WindowView {
  readonly source: PatchSource;
  readonly window: PatchWindow;
}

/** What a layer reads in both models, as windows of the same positions. */
export interface Views {
  readonly original: WindowView;
  readonly fixed: WindowView;
  /** The part of the layer's output that is read: where it begins, how large it is, and how many positions it has. */
  readonly first: readonly number[];
  readonly readSize: readonly number[];
  readonly positions: number;
}

const noAxes: PatchWindow = { kernel: [], stride: [], dilation: [], begin: [] };

/** Both inputs as windows of the same positions. A layer that lost its stride is asked what it would have given without. */
export function viewsOf(
  { original: before, fixed: after, linear, unread }: RecoveryStep,
  original: LaidOut,
  fixed: LaidOut,
  sample: number,
): Views {
  const window = linear.window;
  if (window === undefined) {
    const [one, other] = [vectorsOf(original, sample), vectorsOf(fixed, sample)];
    const positions = other.size[0] ?? 1;
    const everyPosition: PatchWindow = { kernel: [1], stride: [1], dilation: [1], begin: [0] };
    return {
      original: { source: one, window: everyPosition },
      fixed: { source: other, window: everyPosition },
      first: [0],
      readSize: [positions],
      positions,
    };
  }
  const [one, other] = [mapOf(original, sample, window.kernel.length), mapOf(fixed, sample, window.kernel.length)];
  const outputSize = sizeAfter(window, other.size);
  const own = 'window' in before.operation ? before.operation.window : window;
  const isAsBefore =
    after.operation.kind === before.operation.kind && sizeAfter(own, one.size).every((length, axis) => length === outputSize[axis]);
  const [first, last] = [amounts(unread?.begin, outputSize), amounts(unread?.end, outputSize)];
  const readSize = outputSize.map((length, axis) => length - (first[axis] ?? 0) - (last[axis] ?? 0));
  return {
    original: { source: one, window: patchWindow(isAsBefore ? own : window, one.size) },
    fixed: { source: other, window: patchWindow(window, other.size) },
    first,
    readSize,
    positions: readSize.reduce((product, length) => product * length, 1),
  };
}

/** One an axis; those that the model does not have stand in front. */
function amounts(own: readonly number[] = [], { length: axes }: readonly number[]): readonly number[] {
  return [...Array.from({ length: axes - own.length }, () => 0), ...own];
}

function patchWindow(window: Window, size: readonly number[]): PatchWindow {
  const { kernel, stride, dilation } = window;
  return kernel.length === 0 ? noAxes : { kernel, stride, dilation, begin: resolvePadding(window, size)?.begin ?? kernel.map(() => 0) };
}

function sizeAfter(window: Window, size: readonly number[]): readonly number[] {
  return windowOutputSize(window, size).map((length) => length ?? 0);
}

/** One sample of a batch of maps; axes that the model does not have, as those of signals, have length 1. */
function mapOf({ batch: { data, dims }, layout }: LaidOut, sample: number, axes: number): PatchSource {
  const [count = 1, ...shape] = dims;
  const channels = (layout === 'channels-first' ? shape[0] : shape.at(-1)) ?? 1;
  const size = layout === 'channels-first' ? shape.slice(1) : shape.slice(0, -1);
  const missing = Math.max(0, axes - size.length);
  return { data, offset: (data.length / count) * sample, layout, channels, size: [...Array.from({ length: missing }, () => 1), ...size] };
}

/** One sample as vectors along its last axis, one a position. */
function vectorsOf({ batch: { data, dims } }: LaidOut, sample: number): PatchSource {
  const [count = 1, ...shape] = dims;
  const length = data.length / count;
  const channels = shape.at(-1) ?? 1;
  return { data, offset: length * sample, layout: 'channels-last', channels, size: [length / channels] };
}

/** Coordinates of a flat place in the part that is read. */
export function positionAt({ first, readSize }: Views, place: number): readonly number[] {
  let rest = place;
  const position = [...first];
  for (let axis = readSize.length - 1; axis >= 0; axis--) {
    const length = readSize[axis] ?? 1;
    position[axis] = (first[axis] ?? 0) + (rest % length);
    rest = Math.floor(rest / length);
  }
  return position;
}
