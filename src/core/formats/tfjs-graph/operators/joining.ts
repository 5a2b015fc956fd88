import { channelAxis, normalisedAxis, spatialAxes } from '../../../graph/layout';
import type { Dimension, Operation, Shape } from '../../../graph/model-graph';
import { integerOf } from '../read/node';
import { inputShape, numbersAt, opaque, positional, type OperatorCall, type OperatorInput, type OperatorRule } from './call';

/** ConcatV2 names its axis in the last input, Concat in the first. */
export function concat(axisInput: 'first' | 'last'): OperatorRule {
  return (call) => {
    const place = axisInput === 'first' ? 0 : call.inputs.length - 1;
    const inputs = call.inputs.filter((_, index) => index !== place);
    const shapes = inputs.map((input) => input.shape);
    const first = shapes.find((shape) => shape !== undefined);
    const axis = normalisedAxis(numbersAt(call, place)?.[0] ?? Number.NaN, first?.length ?? 0);
    if (first === undefined || axis === undefined) return opaque('the shapes of its inputs or its axis are not known');
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
export function split(axisInput: number, mapInput: number): OperatorRule {
  return (call) => {
    const shape = inputShape(call, mapInput);
    const axis = normalisedAxis(numbersAt(call, axisInput)?.[0] ?? Number.NaN, shape?.length ?? 0);
    if (shape === undefined || axis === undefined) return opaque('the shape of its input or its axis is not known');
    const count = Math.min(integerOf(call.node, 'num_split', 1), 1 << 16);
    const sizes = axisInput === 0 ? undefined : numbersAt(call, 1);
    const length = shape[axis] ?? null;
    const part = (index: number): Dimension => sizes?.[index] ?? (length === null || sizes !== undefined ? null : length / count);
    const shapes = Array.from({ length: count }, (_, index) => shape.map((own, place) => (place === axis ? part(index) : own)));
    return { operation: { kind: axis === channelAxis(call.layout, shape.length) ? 'channelwise' : 'positional' }, shapes };
  };
}

/** Pack: a new axis. */
export const pack: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  if (shape === undefined) return positional(undefined);
  const axis = normalisedAxis(integerOf(call.node, 'axis', 0), shape.length + 1) ?? 0;
  return positional([...shape.slice(0, axis), call.inputs.length, ...shape.slice(axis)]);
};

/** Unpack: an axis goes, one output for each of its entries. */
export const unpack: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(integerOf(call.node, 'axis', 0), shape?.length ?? 0);
  const count = Math.min(integerOf(call.node, 'num', 1), 1 << 16);
  return positional(...Array.from({ length: count }, () => shape?.filter((_, index) => index !== axis)));
};

/** GatherV2: the indices' axes take the place of one axis. */
export const gather: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const indices = inputShape(call, 1);
  const axis = normalisedAxis(numbersAt(call, 2)?.[0] ?? 0, shape?.length ?? 0);
  if (shape === undefined || indices === undefined || axis === undefined || integerOf(call.node, 'batch_dims', 0) !== 0)
    return positional(undefined);
  const after = [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
  const choosesChannels = axis === channelAxis(call.layout, shape.length) && indices.length === 1 && call.inputs[1]?.constant !== undefined;
  return { operation: { kind: choosesChannels ? 'channelwise' : 'positional' }, shapes: [after] };
};

/** Tile and BroadcastTo: repeats along channels keep every position. */
export function repeat(kind: 'times' | 'shape'): OperatorRule {
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
