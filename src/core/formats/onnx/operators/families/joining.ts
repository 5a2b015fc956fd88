import { t } from '@vscode/l10n';
import { axisOperands, flowAlong } from '../../../../graph/axis-flow';
import type { KnownValues } from '../../../../graph/known-values';
import { channelAxis, normalisedAxis, spatialAxes } from '../../../../graph/layout';
import type { AxisFlow, Dimension, Operation, Shape } from '../../../../graph/model-graph';
import { broadcast, evenStep } from '../../../../graph/shapes';
import { gatherArray, joinArrays, sliceArray, tileArray } from '../arrays';
import {
  dataInputs,
  inputShape,
  intAttribute,
  intsAttribute,
  listArgument,
  opaque,
  type OperatorCall,
  type OperatorInput,
  type OperatorResult,
} from '../call';
import { entriesOf, numbersOf } from '../constants';
import { arrayAt, numbersAt, stretchedAt, type FoldedCall } from '../folded-call';
import type { OnnxOperator, OperatorRule } from '../operator';

const positional: Operation = { kind: 'positional' };
const identity: Operation = { kind: 'pointwise', role: 'identity' };

/** Operators that put tensors together, take them apart or repeat them along an axis. */
export const joiningOperators: readonly OnnxOperator[] = [
  { names: ['Concat'], infer: concat(), axisFlow: concatFlow, fold: joined },
  { names: ['Split'], infer: split, axisFlow: splitFlow, fold: part },
  { names: ['Gather'], infer: gather, axisFlow: gatherFlow, fold: gathered },
  { names: ['Expand'], infer: expand, fold: (folded) => stretchedAt(folded, 0) },
  { names: ['Tile'], infer: tile, fold: tiled },
];

/**
 * Concat: channels of maps of one size merge; along other axes positions are joined.
 * @param operands indices of the tensors among the inputs; default all
 */
export function concat(operands?: (count: number) => readonly number[]): OperatorRule {
  return (call) => {
    const inputs = operands === undefined ? call.inputs : operands(call.inputs.length).map((index) => call.inputs[index]);
    const shapes = inputs.map((input) => input?.shape);
    const first = shapes.find((shape) => shape !== undefined);
    const axis = normalisedAxis(intAttribute(call, 'axis', 1), first?.length ?? 0);
    if (first === undefined || axis === undefined) return opaque(t('the shapes of its inputs are not known'));
    const lengths = shapes.map((shape) => shape?.[axis] ?? null);
    const total = lengths.reduce<Dimension>((sum, length) => (sum === null || length === null ? null : sum + length), 0);
    const after = first.map((length, index) => (index === axis ? total : (length ?? knownLength(shapes, index))));
    const merges = axis === channelAxis(call.layout, first.length) && inputs.every((input) => isMap(call, input));
    return { operation: merges ? { kind: 'merge' } : positional, shapes: [after], ...(!merges && { layout: 'channels-first' }) };
  };
}

/** Only maps that lie alike can be joined at their channels; a constant could differ by position. */
function isMap(call: OperatorCall, input: OperatorInput | undefined): boolean {
  return input !== undefined && input.constant === undefined && (input.layout ?? 'channels-first') === call.layout;
}

function knownLength(shapes: readonly Shape[], axis: number): Dimension {
  return shapes.map((shape) => shape?.[axis] ?? null).find((length) => length !== null) ?? null;
}

/** Split: sizes from the attribute or input, else equal parts (the last one smaller). */
function split(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(intAttribute(call, 'axis', 0), shape?.length ?? 0);
  if (shape === undefined || axis === undefined) return opaque(t('the shape of its input is not known'));
  const given = listArgument(call, 'split', 1);
  const parts = intAttribute(call, 'num_outputs', call.node.outputs.length);
  const sizes = given ?? (call.inputs[1] === undefined ? equalParts(shape[axis] ?? null, parts) : []);
  const shapes = call.node.outputs.map((_, part) => shape.map((length, index) => (index === axis ? (sizes[part] ?? null) : length)));
  const cutsChannels = axis === channelAxis(call.layout, shape.length);
  return { operation: cutsChannels ? { kind: 'channelwise' } : positional, shapes, ...(!cutsChannels && { layout: 'channels-first' }) };
}

function equalParts(length: Dimension, parts: number): readonly Dimension[] {
  if (length === null) return [];
  const size = Math.ceil(length / parts);
  return Array.from({ length: Math.min(parts, 1 << 16) }, (_, part) => Math.max(Math.min(size, length - part * size), 0));
}

/** Gather: the indices' axes take the place of one axis. */
function gather(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const indices = inputShape(call, 1);
  const axis = normalisedAxis(intAttribute(call, 'axis', 0), shape?.length ?? 0);
  if (shape === undefined || indices === undefined || axis === undefined)
    return { operation: positional, shapes: [undefined], layout: 'channels-first' };
  const after = [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
  const choosesChannels = axis === channelAxis(call.layout, shape.length) && indices.length === 1 && call.inputs[1]?.constant !== undefined;
  const strided = stridedGather(call, shape.length, axis);
  return {
    operation: strided ?? (choosesChannels ? { kind: 'channelwise' } : positional),
    shapes: [after],
    ...(!choosesChannels && strided === undefined && { layout: 'channels-first' }),
  };
}

/** Every n-th position along an axis of positions is a strided slice; undefined for any other choice. */
function stridedGather(call: OperatorCall, rank: number, axis: number): Operation | undefined {
  const indices = call.inputs[1];
  const step = indices?.shape?.length === 1 ? evenStep(numbersOf(indices.constant) ?? []) : undefined;
  const positions = spatialAxes(call.layout, rank);
  if (step === undefined || step === 1 || !positions.includes(axis)) return undefined;
  return { kind: 'slice', stride: positions.map((position) => (position === axis ? step : 1)) };
}

/** Expand: NumPy's broadcasting with a shape. What it leaves as it is, it passes on. */
function expand(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const target = entriesOf(call.inputs[1]?.constant);
  const after = target && broadcast([shape, target]);
  const keeps = after !== undefined && shape?.length === after.length && after.every((length, axis) => length === shape[axis]);
  return { operation: keeps ? identity : positional, shapes: [after], ...(!keeps && { layout: 'channels-first' }) };
}

/** Tile: repeats along channels keep every position. */
function tile(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const repeats = entriesOf(call.inputs[1]?.constant);
  if (shape === undefined || repeats === undefined)
    return { operation: positional, shapes: [shape?.map(() => null)], layout: 'channels-first' };
  const times = (axis: number): Dimension => repeats[axis] ?? null;
  const after = shape.map((length, axis) => (length === null || times(axis) === null ? null : length * (times(axis) ?? 1)));
  const keeps = spatialAxes(call.layout, shape.length).every((axis) => times(axis) === 1) && dataInputs(call).length === 1;
  return { operation: keeps ? { kind: 'channelwise' } : positional, shapes: [after], ...(!keeps && { layout: 'channels-first' }) };
}

function concatFlow(call: OperatorCall, rank: number): AxisFlow | undefined {
  return flowAlong(intAttribute(call, 'axis', 1), rank, (axis) => ({ kind: 'join', axis, operands: axisOperands(call.inputs) }));
}

function splitFlow(call: OperatorCall, rank: number): AxisFlow | undefined {
  return flowAlong(intAttribute(call, 'axis', 0), rank, (axis) => ({ kind: 'part', axes: [axis], keepsAxes: true }));
}

/** A single index takes its axis away; a table of them puts axes in its place, which nothing follows. */
function gatherFlow(call: OperatorCall, rank: number): AxisFlow | undefined {
  const places = inputShape(call, 1)?.length ?? 2;
  if (call.inputs[1]?.constant === undefined || places > 1) return undefined;
  return flowAlong(intAttribute(call, 'axis', 0), rank, (axis) => ({ kind: 'part', axes: [axis], keepsAxes: places === 1 }));
}

function joined(folded: FoldedCall): KnownValues | undefined {
  const arrays = folded.call.inputs.map((_, index) => arrayAt(folded, index));
  const axis = normalisedAxis(intAttribute(folded.call, 'axis', 1), arrays[0]?.shape.length ?? 0);
  return axis === undefined || !arrays.every((array) => array !== undefined) ? undefined : joinArrays(arrays, axis);
}

function gathered(folded: FoldedCall): KnownValues | undefined {
  const array = arrayAt(folded, 0);
  const indices = numbersAt(folded, 'indices', 1);
  const axis = normalisedAxis(intAttribute(folded.call, 'axis', 0), array?.shape.length ?? 0);
  return array === undefined || indices === undefined || axis === undefined ? undefined : gatherArray(array, axis, indices);
}

/** One part of a Split; the parts before it are as long as the node says, or as all but the last are. */
function part(folded: FoldedCall): KnownValues | undefined {
  const { call, shape, output } = folded;
  const array = arrayAt(folded, 0);
  const axis = normalisedAxis(intAttribute(call, 'axis', 0), array?.shape.length ?? 0);
  const length = axis === undefined ? null : (shape?.[axis] ?? null);
  if (array === undefined || axis === undefined || length === null) return undefined;
  const given = numbersOf(call.inputs[1]?.constant) ?? intsAttribute(call, 'split');
  const usual = Math.ceil((array.shape[axis] ?? 0) / Math.max(call.node.outputs.length, 1));
  const start = given === undefined ? output * usual : given.slice(0, output).reduce((sum, size) => sum + size, 0);
  return sliceArray(array, [{ axis, start, end: start + length, step: 1 }]);
}

function tiled(folded: FoldedCall): KnownValues | undefined {
  const array = arrayAt(folded, 0);
  const repeats = numbersAt(folded, 'repeats', 1);
  return array && repeats && tileArray(array, repeats);
}
