import type { AxisPair, Layout, Shape, Tensor } from './model-graph';

/** An axis counted from the front; undefined where it does not exist. */
export function normalisedAxis(axis: number, rank: number): number | undefined {
  const fromFront = axis < 0 ? axis + rank : axis;
  return fromFront >= 0 && fromFront < rank ? fromFront : undefined;
}

/** Axes counted from the front; undefined where one of them does not exist. */
export function normalisedAxes(axes: readonly number[], rank: number): readonly number[] | undefined {
  const known = axes.flatMap((axis) => normalisedAxis(axis, rank) ?? []);
  return known.length === axes.length ? known : undefined;
}

/** The axis that counts channels in a map of this rank. */
export function channelAxis(layout: Layout, rank: number): number {
  return layout === 'channels-last' ? rank - 1 : 1;
}

/** The axis that counts the rows of a plane; signals, which have none, get a length of 1 there. */
export function heightAxis(layout: Layout): number {
  return layout === 'channels-first' ? 2 : 1;
}

/** The axes that count positions, in order; none for what has only batch and channels. */
export function spatialAxes(layout: Layout, rank: number): readonly number[] {
  return Array.from({ length: Math.max(rank - 2, 0) }, (_, index) => index + heightAxis(layout));
}

/** A shape with the open lengths of its last two spatial axes given; a signal has only the horizontal one. */
function sizedShape(shape: Shape, layout: Layout, size: AxisPair | undefined): Shape {
  if (size === undefined || shape === undefined) return shape;
  const [y, x] = spatialAxes(layout, shape.length).slice(-2);
  const [vertical, horizontal] = x === undefined ? [undefined, y] : [y, x];
  return shape.map((length, axis) => length ?? (axis === vertical ? size[0] : axis === horizontal ? size[1] : null));
}

/** The shapes of an input: the one that it is read with, and where an open length was given, the one that the file declares. */
export function inputShapes(declared: Shape, layout: Layout, size: AxisPair | undefined): Pick<Tensor, 'shape' | 'declared'> {
  const shape = sizedShape(declared, layout, size);
  return shape?.join() === declared?.join() ? { shape } : { shape, declared };
}

/** Where the channels stand behind a transpose; undefined where it moves positions. */
export function layoutBehind(order: readonly number[], layout: Layout): Layout | undefined {
  if (order[0] !== 0 || order.length < 3) return undefined;
  if (order.every((axis, place) => axis === place)) return layout;
  if (isMove(order, 1, order.length - 1)) return layout === 'channels-first' ? 'channels-last' : undefined;
  if (isMove(order, order.length - 1, 1)) return layout === 'channels-last' ? 'channels-first' : undefined;
  const last = order.length - 1;
  const regroupsChannels = order.length >= 4 && order[last] === last && order[last - 1] === last - 1;
  return regroupsChannels && layout === 'channels-first' ? layout : undefined;
}

/** The order of axes that moves channels, which stand at the other end, to where a layout has them. */
export function turningOrder(rank: number, to: Layout): readonly number[] {
  const between = Array.from({ length: rank - 2 }, (_, axis) => axis + 1);
  return to === 'channels-first' ? [0, rank - 1, ...between] : [0, ...between.map((axis) => axis + 1), 1];
}

/** The other of both. */
export function otherLayout(layout: Layout): Layout {
  return layout === 'channels-first' ? 'channels-last' : 'channels-first';
}

/** True for the order that takes one axis out and puts it elsewhere, the others keeping theirs. */
export function isMove(order: readonly number[], from: number, to: number): boolean {
  const expected = order.map((_, axis) => axis).filter((axis) => axis !== from);
  expected.splice(to, 0, from);
  return order.every((axis, place) => axis === expected[place]);
}
