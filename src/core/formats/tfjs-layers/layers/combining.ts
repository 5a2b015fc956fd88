import type { Dimension, Shape } from '../../../graph/model-graph';
import { isJsonArray } from '../../tfjs/json';
import { axisOf } from '../read/layer-config';
import { channelAxis, type LayerBuilder } from './layer-call';

/** Combines maps value by value; a length of 1 is repeated, as squeeze-and-excitation does with its weights per channel. */
export const merge: LayerBuilder = ({ inputs }) => ({
  operation: { kind: 'merge' },
  shape: inputs.length === 0 ? undefined : inputs.reduce(broadcast),
});

/** TensorFlow aligns the axes at the end, except that the batch stays in front. */
function broadcast(a: Shape, b: Shape): Shape {
  if (a === undefined || b === undefined) return undefined;
  const [longer, shorter] = a.length < b.length ? [b, a] : [a, b];
  const missing = longer.length - shorter.length;
  return longer.map((length, axis) => {
    if (axis === 0) return length ?? shorter[0] ?? null;
    const other = axis <= missing ? 1 : (shorter[axis - missing] ?? null);
    return repeated(length, other);
  });
}

function repeated(a: Dimension, b: Dimension): Dimension {
  if (a === 1) return b;
  if (b === 1) return a;
  return a === null || b === null ? null : a;
}

/** Stacks along an axis, the channels' as a rule. */
export const concatenate: LayerBuilder = ({ config, inputs, layout }) => {
  const [first] = inputs;
  if (first === undefined) return { operation: { kind: 'merge' }, shape: undefined };
  const axis = axisOf(config, first.length);
  const joined = inputs.reduce<Dimension>((sum, shape) => {
    const length = shape?.[axis] ?? null;
    return sum === null || length === null ? null : sum + length;
  }, 0);
  return {
    operation: { kind: axis === channelAxis(layout, first.length) ? 'merge' : 'positional' },
    shape: first.map((length, index) => (index === axis ? joined : length)),
  };
};

/** Dot products of two tensors over an axis of each: `[batch, rest of the first, rest of the second]`. */
export const dot: LayerBuilder = ({ config, inputs }) => {
  const [first, second] = inputs;
  const operation = { kind: 'positional' } as const;
  if (first === undefined || second === undefined) return { operation, shape: undefined };
  const { axes } = config;
  const axis = (shape: readonly Dimension[], index: number): number =>
    axisOf({ axis: (isJsonArray(axes) ? axes[index] : axes) ?? -1 }, shape.length);
  const without = (shape: readonly Dimension[], left: number): readonly Dimension[] => shape.filter((_, index) => index !== left);
  const rest = [...without(first, axis(first, 0)), ...without(second, axis(second, 1)).slice(1)];
  return { operation, shape: rest.length === 1 ? [...rest, 1] : rest };
};
