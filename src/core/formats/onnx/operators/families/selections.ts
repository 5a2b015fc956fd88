import { t } from '@vscode/l10n';
import { normalisedAxis } from '../../../../graph/layout';
import type { Dimension, Shape } from '../../../../graph/model-graph';
import { product } from '../../../../graph/shapes';
import type { KnownValues } from '../../../../graph/known-values';
import { inputShape, intAttribute, intsAttribute, opaque, textAttribute, type OperatorCall, type OperatorResult } from '../call';
import { entriesOf, numbersOf } from '../constants';
import { arrayAt, heldValues, type FoldedCall } from '../folded-call';
import type { OnnxOperator } from '../operator';
import { gatherElements, gatherTuples, scatterElements, scatterTuples, type ScatterRule } from '../places';
import { wholeNumber } from '../result-type';
import { elementCount } from '../../wire/tensor-values';

/** Operators that read wherever their other inputs say: their result has positions of its own. */
export const selections: readonly OnnxOperator[] = [
  { names: ['RoiAlign', 'MaxRoiPool'], infer: regions, readsChannelsFirst: true },
  { names: ['GridSample'], infer: gridSample, readsChannelsFirst: true },
  { names: ['NonMaxSuppression'], infer: suppression, readsChannelsFirst: true, resultType: wholeNumber },
  { names: ['NonZero'], infer: nonZero, readsChannelsFirst: true, fold: placesOfNonZero, resultType: wholeNumber },
  { names: ['Compress'], infer: compress, readsChannelsFirst: true },
  { names: ['GatherElements'], infer: indexed, readsChannelsFirst: true, fold: gatheredElements },
  { names: ['GatherND'], infer: gatherNd, readsChannelsFirst: true, fold: gatheredTuples },
  { names: ['Scatter', 'ScatterElements'], infer: scatter, readsChannelsFirst: true, fold: scatteredElements },
  { names: ['ScatterND'], infer: scatter, readsChannelsFirst: true, fold: scatteredTuples },
  { names: ['OneHot'], infer: oneHot, readsChannelsFirst: true, resultType: { likeInput: 2 } },
  { names: ['Col2Im'], infer: columnsToImage, readsChannelsFirst: true },
  { names: ['MaxUnpool'], infer: unpool, readsChannelsFirst: true },
  { names: ['AffineGrid'], infer: affineGrid, readsChannelsFirst: true },
  { names: ['DeformConv'], infer: deformable, readsChannelsFirst: true },
];

function elsewhere(call: OperatorCall, ...shapes: readonly Shape[]): OperatorResult {
  return { ...opaque(t`${call.node.opType} reads at places that are computed while the model runs`), shapes, layout: 'channels-first' };
}

function rearranged(...shapes: readonly Shape[]): OperatorResult {
  return { operation: { kind: 'positional' }, shapes, layout: 'channels-first' };
}

/** RoiAlign and MaxRoiPool: `[regions, channels, height, width]`. */
function regions(call: OperatorCall): OperatorResult {
  const [height = null, width = null] = intsAttribute(call, 'pooled_shape') ?? [
    intAttribute(call, 'output_height', 1),
    intAttribute(call, 'output_width', 1),
  ];
  return elsewhere(call, [inputShape(call, 1)?.[0] ?? null, inputShape(call, 0)?.[1] ?? null, height, width]);
}

/** GridSample: the grid's positions with the map's channels. */
function gridSample(call: OperatorCall): OperatorResult {
  const map = inputShape(call, 0);
  const grid = inputShape(call, 1);
  return elsewhere(call, map && grid && [map[0] ?? null, map[1] ?? null, ...grid.slice(1, -1)]);
}

/** NonMaxSuppression: `[selected, 3]`. */
function suppression(call: OperatorCall): OperatorResult {
  return elsewhere(call, [null, 3]);
}

/** NonZero: `[rank, count]`. */
function nonZero(call: OperatorCall): OperatorResult {
  const count = numbersOf(call.inputs[0]?.constant)?.filter((value) => value !== 0).length;
  return elsewhere(call, [inputShape(call, 0)?.length ?? null, count ?? null]);
}

/** The coordinates of all values but zeros, axis by axis. */
function placesOfNonZero(folded: FoldedCall): KnownValues | undefined {
  const array = arrayAt(folded, 0);
  if (array?.values.every((value) => value !== null) !== true) return undefined;
  const found = array.values.flatMap((value, index) => (value === 0 ? [] : [index]));
  return array.shape.flatMap((length, axis) => {
    const step = elementCount(array.shape.slice(axis + 1));
    return found.map((index) => Math.floor(index / step) % length);
  });
}

/** Compress keeps some entries of an axis, or of all. */
function compress(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axis = call.node.attributes.get('axis')?.int;
  if (axis === undefined) return elsewhere(call, [null]);
  const place = normalisedAxis(axis, shape?.length ?? 0);
  return elsewhere(
    call,
    shape?.map((length, index) => (index === place ? null : length)),
  );
}

/** GatherElements: the shape of its indices. */
function indexed(call: OperatorCall): OperatorResult {
  return rearranged(inputShape(call, 1));
}

function gatheredElements(folded: FoldedCall): KnownValues | undefined {
  const [data, indices] = [arrayAt(folded, 0), arrayAt(folded, 1)];
  const axis = normalisedAxis(intAttribute(folded.call, 'axis', 0), data?.shape.length ?? 0);
  return data && indices && axis !== undefined ? gatherElements(data, indices, axis) : undefined;
}

function gatheredTuples(folded: FoldedCall): KnownValues | undefined {
  const [data, indices] = [arrayAt(folded, 0), arrayAt(folded, 1)];
  return data && indices && gatherTuples(data, indices, intAttribute(folded.call, 'batch_dims', 0));
}

/** ScatterElements, ScatterND: the shape of what is written into. */
function scatter(call: OperatorCall): OperatorResult {
  return rearranged(inputShape(call, 0));
}

function scatteredElements(folded: FoldedCall): KnownValues | undefined {
  const [data, indices, updates] = [0, 1, 2].map((index) => arrayAt(folded, index));
  const axis = normalisedAxis(intAttribute(folded.call, 'axis', 0), data?.shape.length ?? 0);
  if (data === undefined || indices === undefined || updates === undefined || axis === undefined) return undefined;
  return heldValues(folded, scatterElements(data, indices, updates, axis, scatterRule(folded)));
}

function scatteredTuples(folded: FoldedCall): KnownValues | undefined {
  const [data, indices, updates] = [0, 1, 2].map((index) => arrayAt(folded, index));
  return data && indices && updates && heldValues(folded, scatterTuples(data, indices, updates, scatterRule(folded)));
}

const scatterRules: Readonly<Record<string, ScatterRule>> = {
  add: (old, update) => old + update,
  mul: (old, update) => old * update,
  max: Math.max,
  min: Math.min,
};

function scatterRule({ call }: FoldedCall): ScatterRule | undefined {
  return scatterRules[textAttribute(call, 'reduction', 'none')];
}

/** GatherND: the indices' leading axes, then what they leave of the data. */
function gatherNd(call: OperatorCall): OperatorResult {
  const data = inputShape(call, 0);
  const indices = inputShape(call, 1);
  const taken = indices?.at(-1) ?? null;
  if (data === undefined || indices === undefined || taken === null) return rearranged(undefined);
  return rearranged([...indices.slice(0, -1), ...data.slice(intAttribute(call, 'batch_dims', 0) + taken)]);
}

/** OneHot: a new axis as long as the depth. */
function oneHot(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  if (shape === undefined) return rearranged(undefined);
  const axis = normalisedAxis(intAttribute(call, 'axis', -1), shape.length + 1) ?? shape.length;
  const depth = numbersOf(call.inputs[1]?.constant)?.[0] ?? null;
  return rearranged([...shape.slice(0, axis), depth, ...shape.slice(axis)]);
}

/** Col2Im: blocks laid back into an image. */
function columnsToImage(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const size = entriesOf(call.inputs[1]?.constant);
  const block = entriesOf(call.inputs[2]?.constant);
  const perBlock = block && product(block);
  const channels = shape?.[1] ?? null;
  if (shape === undefined || size === undefined) return rearranged(undefined);
  return rearranged([shape[0] ?? null, channels === null || !perBlock ? null : channels / perBlock, ...size]);
}

/** MaxUnpool: `output_shape`, or the size that the pool would have come from. */
function unpool(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const given = entriesOf(call.inputs[2]?.constant);
  if (given !== undefined || shape === undefined || call.inputs[2] !== undefined) return elsewhere(call, given);
  const kernel = intsAttribute(call, 'kernel_shape') ?? [];
  const pads = intsAttribute(call, 'pads') ?? [];
  const strides = intsAttribute(call, 'strides') ?? [];
  const size = shape.slice(2).map((length, axis): Dimension => {
    const padding = (pads[axis] ?? 0) + (pads[axis + kernel.length] ?? 0);
    return length === null ? null : (length - 1) * (strides[axis] ?? 1) + (kernel[axis] ?? 1) - padding;
  });
  return elsewhere(call, [...shape.slice(0, 2), ...size]);
}

/** AffineGrid: a grid for `[n, c, (d,) h, w]`. */
function affineGrid(call: OperatorCall): OperatorResult {
  const size = entriesOf(call.inputs[1]?.constant);
  return elsewhere(call, size && [size[0] ?? null, ...size.slice(2), size.length - 2]);
}

/** DeformConv: a convolution whose samples stand where another map says. */
function deformable(call: OperatorCall): OperatorResult {
  const offsets = inputShape(call, 2);
  return elsewhere(call, offsets && [offsets[0] ?? null, inputShape(call, 1)?.[0] ?? null, ...offsets.slice(2)]);
}
