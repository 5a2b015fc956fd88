import { t } from '@vscode/l10n';
import { axisOperands, flowAlongAll } from '../../../../graph/axis-flow';
import type { KnownValues } from '../../../../graph/known-values';
import { channelAxis, normalisedAxis, spatialAxes } from '../../../../graph/layout';
import type { AxisFlow, Dimension, Operation, Shape } from '../../../../graph/model-graph';
import { evenStep } from '../../../../graph/shapes';
import { integerOf } from '../../read/node';
import { inputShape, numbersAt, opaque, positional, valuesAt, type OperatorCall, type OperatorInput, type OperatorResult } from '../call';
import type { GraphOperator, OperatorRule } from '../operator';

/** Operators that put tensors together, take them apart or repeat them along an axis. */
export const joiningOperators: readonly GraphOperator[] = [
  { names: ['Concat'], infer: concat('first') },
  { names: ['ConcatV2'], infer: concat('last'), axisFlow: concatFlow, fold: ({ inputs }) => joined(inputs.slice(0, -1)) },
  { names: ['Pack'], infer: pack, fold: ({ inputs }) => joined(inputs) },
  { names: ['Unpack'], infer: unpack },
  {
    names: ['Split'],
    infer: split(0, 1),
    axisFlow: (call) => partFlow(numbersAt(call, 0), inputShape(call, 1)?.length ?? 0),
  },
  { names: ['SplitV'], infer: split(2, 0), axisFlow: (call, rank) => partFlow(numbersAt(call, 2), rank) },
  { names: ['Gather'], infer: gather },
  { names: ['GatherV2'], infer: gather, fold: gathered },
  { names: ['Tile'], infer: repeat('times') },
  { names: ['BroadcastTo'], infer: repeat('shape') },
];

/** ConcatV2 names its axis in the last input, Concat in the first. */
function concat(axisInput: 'first' | 'last'): OperatorRule {
  return (call) => {
    const place = axisInput === 'first' ? 0 : call.inputs.length - 1;
    const inputs = call.inputs.filter((_, index) => index !== place);
    const shapes = inputs.map((input) => input.shape);
    const first = shapes.find((shape) => shape !== undefined);
    const axis = normalisedAxis(numbersAt(call, place)?.[0] ?? Number.NaN, first?.length ?? 0);
    if (first === undefined || axis === undefined) return opaque(t('the shapes of its inputs or its axis are not known'));
    const lengths = shapes.map((shape) => shape?.[axis] ?? null);
    const total = lengths.reduce<Dimension>((sum, length) => (sum === null || length === null ? null : sum + length), 0);
    const after = first.map((length, index) => (index === axis ? total : (length ?? knownLength(shapes, index))));
    const merges = axis === channelAxis(call.layout, first.length) && inputs.every((input) => isMap(call, input));
    return { operation: { kind: merges ? 'merge' : 'positional' }, shapes: [after] };
  };
}

/** Only maps that lie alike can be joined at their channels; a constant could differ by position. */
function isMap(call: OperatorCall, input: OperatorInput): boolean {
  return input.constant === undefined && input.layout === call.layout;
}

function knownLength(shapes: readonly Shape[], axis: number): Dimension {
  return shapes.map((shape) => shape?.[axis] ?? null).find((length) => length !== null) ?? null;
}

/** Split (axis first, equal parts) and SplitV (sizes, then the axis). */
function split(axisInput: number, mapInput: number): OperatorRule {
  return (call) => {
    const shape = inputShape(call, mapInput);
    const axis = normalisedAxis(numbersAt(call, axisInput)?.[0] ?? Number.NaN, shape?.length ?? 0);
    if (shape === undefined || axis === undefined) return opaque(t('the shape of its input or its axis is not known'));
    const count = Math.min(integerOf(call.node, 'num_split', 1), 1 << 16);
    const sizes = axisInput === 0 ? undefined : numbersAt(call, 1);
    const length = shape[axis] ?? null;
    const part = (index: number): Dimension => sizes?.[index] ?? (length === null || sizes !== undefined ? null : length / count);
    const shapes = Array.from({ length: count }, (_, index) => shape.map((own, place) => (place === axis ? part(index) : own)));
    return { operation: { kind: axis === channelAxis(call.layout, shape.length) ? 'channelwise' : 'positional' }, shapes };
  };
}

/** Pack: a new axis. */
function pack(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  if (shape === undefined) return positional(undefined);
  const axis = normalisedAxis(integerOf(call.node, 'axis', 0), shape.length + 1) ?? 0;
  return positional([...shape.slice(0, axis), call.inputs.length, ...shape.slice(axis)]);
}

/** Unpack: an axis goes, one output for each of its entries. */
function unpack(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(integerOf(call.node, 'axis', 0), shape?.length ?? 0);
  const count = Math.min(integerOf(call.node, 'num', 1), 1 << 16);
  return positional(...Array.from({ length: count }, () => shape?.filter((_, index) => index !== axis)));
}

/** GatherV2: the indices' axes take the place of one axis. */
function gather(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const indices = inputShape(call, 1);
  const axis = normalisedAxis(numbersAt(call, 2)?.[0] ?? 0, shape?.length ?? 0);
  if (shape === undefined || indices === undefined || axis === undefined || integerOf(call.node, 'batch_dims', 0) !== 0)
    return positional(undefined);
  const after = [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
  const choosesChannels = axis === channelAxis(call.layout, shape.length) && indices.length === 1 && call.inputs[1]?.constant !== undefined;
  const operation: Operation = stridedGather(call, shape.length, axis) ?? { kind: choosesChannels ? 'channelwise' : 'positional' };
  return { operation, shapes: [after] };
}

/** Every n-th position along an axis of positions is a strided slice; undefined for any other choice. */
function stridedGather(call: OperatorCall, rank: number, axis: number): Operation | undefined {
  const step = inputShape(call, 1)?.length === 1 ? evenStep(numbersAt(call, 1) ?? []) : undefined;
  const positions = spatialAxes(call.layout, rank);
  if (step === undefined || step === 1 || !positions.includes(axis)) return undefined;
  return { kind: 'slice', stride: positions.map((position) => (position === axis ? step : 1)) };
}

/** Tile and BroadcastTo: repeats along channels keep every position. */
function repeat(kind: 'times' | 'shape'): OperatorRule {
  return (call) => {
    const shape = inputShape(call, 0);
    const given = numbersAt(call, 1);
    if (shape === undefined || given === undefined) return positional(undefined);
    const after = kind === 'shape' ? given : shape.map((length, axis) => (length === null ? null : length * (given[axis] ?? 1)));
    const keeps = after.length === shape.length && spatialAxes(call.layout, shape.length).every((axis) => after[axis] === shape[axis]);
    const operation: Operation = { kind: keeps ? 'channelwise' : 'positional' };
    return { operation, shapes: [after] };
  };
}

function concatFlow(call: OperatorCall, rank: number): AxisFlow | undefined {
  const operands = axisOperands(call.inputs.slice(0, -1));
  return flowAlongAll(numbersAt(call, call.inputs.length - 1), rank, ([axis = 0]) => ({ kind: 'join', axis, operands }));
}

function partFlow(given: readonly number[] | undefined, rank: number): AxisFlow | undefined {
  return flowAlongAll(given, rank, (axes) => ({ kind: 'part', axes, keepsAxes: true }));
}

function joined(inputs: readonly OperatorInput[]): KnownValues | undefined {
  const parts = inputs.map(({ constant }) => constant?.values);
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

/** Entries of a list. */
function gathered(call: OperatorCall): KnownValues | undefined {
  const values = valuesAt(call, 0);
  return values && inputShape(call, 0)?.length === 1 ? numbersAt(call, 1)?.map((index) => values[index] ?? null) : undefined;
}
