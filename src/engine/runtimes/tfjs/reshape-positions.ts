import type { Layer, Layout } from '../../../core/graph/model-graph';

/**
 * The shape that a Reshape layer gives which only adds or takes axes of length 1 beside positions. It names the lengths of the map that the
 * model was built for; under the circular protocol, where VALID layers wrap, a map may be longer: the lengths are those of what it gets.
 *
 * @param shape of what it gets @param target its own, without the batch
 * @returns undefined for any other layer
 */
export function shapeOfPositions(
  { op, operation }: Layer,
  shape: readonly number[],
  target: readonly (number | null)[],
  layout: Layout,
): readonly number[] | undefined {
  if (op !== 'Reshape' || operation.kind !== 'pointwise') return undefined;
  const [batch = 1, ...rest] = shape;
  const lengths = positionsOf(rest, layout).filter((length) => length !== 1);
  const positions = positionsOf(target, layout);
  if (positions.filter((length) => length !== 1).length !== lengths.length) return undefined;
  let next = 0;
  const filled = positions.map((length) => (length === 1 ? 1 : (lengths[next++] ?? 1)));
  const channels = channelsOf(rest, layout);
  return layout === 'channels-first' ? [batch, channels, ...filled] : [batch, ...filled, channels];
}

function positionsOf<Length>(shape: readonly Length[], layout: Layout): readonly Length[] {
  return layout === 'channels-first' ? shape.slice(1) : shape.slice(0, -1);
}

function channelsOf(shape: readonly number[], layout: Layout): number {
  return (layout === 'channels-first' ? shape[0] : shape.at(-1)) ?? 1;
}
