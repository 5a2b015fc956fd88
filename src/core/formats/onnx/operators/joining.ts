import { channelAxis, normalisedAxis, spatialAxes } from '../../../graph/layout';
import { broadcast } from '../../../graph/shapes';
import type { Dimension, Operation, Shape } from '../../../graph/model-graph';
import { entriesOf } from '../read/constants';
import { listArgument } from './arrangement';
import { dataInputs, inputShape, intAttribute, opaque, type OperatorCall, type OperatorInput, type OperatorRule } from './call';

const positional: Operation = { kind: 'positional' };
/** More axes than any tensor of a model has. */
const rankLimit = 16;

const identity: Operation = { kind: 'pointwise', role: 'identity' };

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
    if (first === undefined || axis === undefined) return opaque('the shapes of its inputs are not known');
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
export const split: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(intAttribute(call, 'axis', 0), shape?.length ?? 0);
  if (shape === undefined || axis === undefined) return opaque('the shape of its input is not known');
  const given = listArgument(call, 'split', 1);
  const parts = intAttribute(call, 'num_outputs', call.node.outputs.length);
  const sizes = given ?? (call.inputs[1] === undefined ? equalParts(shape[axis] ?? null, parts) : []);
  const shapes = call.node.outputs.map((_, part) => shape.map((length, index) => (index === axis ? (sizes[part] ?? null) : length)));
  const cutsChannels = axis === channelAxis(call.layout, shape.length);
  return { operation: cutsChannels ? { kind: 'channelwise' } : positional, shapes, ...(!cutsChannels && { layout: 'channels-first' }) };
};

function equalParts(length: Dimension, parts: number): readonly Dimension[] {
  if (length === null) return [];
  const size = Math.ceil(length / parts);
  return Array.from({ length: Math.min(parts, 1 << 16) }, (_, part) => Math.max(Math.min(size, length - part * size), 0));
}

/** Gather: the indices' axes take the place of one axis. */
export const gather: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const indices = inputShape(call, 1);
  const axis = normalisedAxis(intAttribute(call, 'axis', 0), shape?.length ?? 0);
  if (shape === undefined || indices === undefined || axis === undefined)
    return { operation: positional, shapes: [undefined], layout: 'channels-first' };
  const after = [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
  const choosesChannels = axis === channelAxis(call.layout, shape.length) && indices.length === 1 && call.inputs[1]?.constant !== undefined;
  return {
    operation: choosesChannels ? { kind: 'channelwise' } : positional,
    shapes: [after],
    ...(!choosesChannels && { layout: 'channels-first' }),
  };
};

/** Expand: NumPy's broadcasting with a shape. What it leaves as it is, it passes on. */
export const expand: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const target = entriesOf(call.inputs[1]?.constant);
  const after = target && broadcast([shape, target]);
  const keeps = after !== undefined && shape?.length === after.length && after.every((length, axis) => length === shape[axis]);
  return { operation: keeps ? identity : positional, shapes: [after], ...(!keeps && { layout: 'channels-first' }) };
};

/** Tile: repeats along channels keep every position. */
export const tile: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const repeats = entriesOf(call.inputs[1]?.constant);
  if (shape === undefined || repeats === undefined)
    return { operation: positional, shapes: [shape?.map(() => null)], layout: 'channels-first' };
  const times = (axis: number): Dimension => repeats[axis] ?? null;
  const after = shape.map((length, axis) => (length === null || times(axis) === null ? null : length * (times(axis) ?? 1)));
  const keeps = spatialAxes(call.layout, shape.length).every((axis) => times(axis) === 1) && dataInputs(call).length === 1;
  return { operation: keeps ? { kind: 'channelwise' } : positional, shapes: [after], ...(!keeps && { layout: 'channels-first' }) };
};

/** A result whose shape another input states: ConstantOfShape. */
export function shapeFromInput(index: number): OperatorRule {
  return (call) => {
    const rank = inputShape(call, index)?.[0] ?? null;
    const open = rank === null || rank > rankLimit ? undefined : new Array<Dimension>(rank).fill(null);
    return { operation: positional, shapes: [entriesOf(call.inputs[index]?.constant) ?? open], layout: 'channels-first' };
  };
}
