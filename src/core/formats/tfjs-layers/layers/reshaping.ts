import type { Dimension, Layout, Shape } from '../../../graph/model-graph';
import { isJsonArray, numberAt } from '../../tfjs/json';
import { dimensionOf } from '../read/layer-config';
import { splitShape, type LayerBuilder } from './layer-call';

/** A model input: its declared shape is what it "reads". */
export const input: LayerBuilder = ({ inputs }) => ({ operation: { kind: 'pointwise', role: 'identity' }, shape: inputs[0] });

/** All values of a sample in one row. */
export const flatten: LayerBuilder = ({ inputs }) => {
  const [batch = null, ...rest] = inputs[0] ?? [];
  return { operation: { kind: 'positional' }, shape: inputs[0] && [batch, elements(rest)] };
};

/**
 * The same values in another shape; one length may be left to be worked out (-1 or null). Positions stay what they are where
 * only axes of length 1 come or go beside them, as between layers for sequences and for images.
 */
export const reshape: LayerBuilder = ({ config, inputs, layout }) => {
  const target = config['target_shape'];
  const [batch = null, ...rest] = inputs[0] ?? [];
  const wanted = isJsonArray(target) ? target.map(dimensionOf) : undefined;
  const shape = wanted && [batch, ...completed(wanted, inputs[0] && elements(rest))];
  return { operation: keepsPositions(inputs[0], shape, layout) ? { kind: 'pointwise', role: 'identity' } : { kind: 'positional' }, shape };
};

function keepsPositions(before: Shape, after: Shape, layout: Layout): boolean {
  const [from, to] = [splitShape(before, layout), splitShape(after, layout)];
  if (from === undefined || to === undefined || from.channels === null || from.channels !== to.channels) return false;
  const [long, other] = [from, to].map(({ size }) => size.filter((length) => length !== 1));
  return long !== undefined && long.length > 0 && long.length === other?.length && long.every((length, axis) => length === other[axis]);
}

function elements(lengths: readonly Dimension[]): Dimension {
  return lengths.reduce<Dimension>((product, length) => (product === null || length === null ? null : product * length), 1);
}

function completed(lengths: readonly Dimension[], total: Dimension | undefined): readonly Dimension[] {
  const known = elements(lengths.map((length) => length ?? 1)) ?? 1;
  const single = lengths.filter((length) => length === null).length === 1;
  if (!single || total === undefined || total === null || known === 0) return lengths;
  return lengths.map((length) => length ?? total / known);
}

/** A vector for every entry of a sequence of numbers: `[batch, length]` to `[batch, length, output_dim]`. */
export const embedding: LayerBuilder = ({ config, inputs }) => ({
  operation: { kind: 'channelwise' },
  shape: inputs[0] && [...inputs[0], numberAt(config, 'output_dim') ?? null],
});

/** Exchanges axes; `dims` counts from 1, the batch being 0. */
export const permute: LayerBuilder = ({ config, inputs }) => {
  const dims = config['dims'];
  const [shape] = inputs;
  const order = isJsonArray(dims) ? dims.map((axis) => (typeof axis === 'number' ? (shape?.[axis] ?? null) : null)) : undefined;
  return { operation: { kind: 'positional' }, shape: order && [shape?.[0] ?? null, ...order] };
};

/** `[batch, features]` to `[batch, n, features]`. */
export const repeatVector: LayerBuilder = ({ config, inputs }) => {
  const [shape] = inputs;
  return { operation: { kind: 'positional' }, shape: shape && [shape[0] ?? null, numberAt(config, 'n') ?? null, shape[1] ?? null] };
};

/** Acts on the last axis alone: a 1x1 convolution where that axis holds the channels of a map, a tail elsewhere. */
export const dense: LayerBuilder = ({ config, inputs, layout }) => {
  const [shape] = inputs;
  const perPosition = shape !== undefined && shape.length > 2 && layout === 'channels-last';
  const units = numberAt(config, 'units') ?? null;
  return {
    operation: { kind: perPosition ? 'channelwise' : 'positional' },
    shape: withLast(shape, units),
    axisFlow: { kind: 'product', operands: [{ input: 0 }, { constant: [shape?.at(-1) ?? null, units] }], turned: [false, false] },
  };
};

function withLast(shape: Shape, length: Dimension): Shape {
  return shape && [...shape.slice(0, -1), length];
}
