import type { KnownValues } from '../../../../graph/known-values';
import type { Dimension, Operation } from '../../../../graph/model-graph';
import { possibleShape, product } from '../../../../graph/shapes';
import { elementType } from '../../wire/schema';
import { tensorValues } from '../../wire/tensor-values';
import { inputShape, intAttribute, type OperatorCall, type OperatorResult } from '../call';
import { deferredLimit, entriesOf, isSmall, numbersOf, type Constant } from '../constants';
import { heldValues, valuesAt, type FoldedCall } from '../folded-call';
import type { OnnxOperator } from '../operator';
import { typeOfValue, wholeNumber } from '../result-type';

const positional: Operation = { kind: 'positional' };
/** More axes than any tensor of a model has. */
const rankLimit = 16;
/** More entries than a list of sizes or places has. */
const rangeLimit = 1024;

/** Operators that make lists of sizes and places, and what is filled with one value. */
export const shapeArithmetic: readonly OnnxOperator[] = [
  { names: ['Shape'], infer: shapeOf, readsChannelsFirst: true, fold: lengths, readsOnlyShape: true, resultType: wholeNumber },
  { names: ['Size'], infer: sizeOf, readsChannelsFirst: true, fold: count, readsOnlyShape: true, resultType: wholeNumber },
  { names: ['Range'], infer: range, readsChannelsFirst: true, fold: progression },
  { names: ['ConstantOfShape'], infer: filledShape, readsChannelsFirst: true, constant: filled, resultType: typeOfValue },
  { names: ['Constant'], infer: () => ({ operation: positional, shapes: [] }), constant: written, resultType: typeOfValue },
];

function shapeOf(call: OperatorCall): OperatorResult {
  return { operation: positional, shapes: [[lengths({ call })?.length ?? null]], layout: 'channels-first' };
}

function sizeOf(): OperatorResult {
  return { operation: positional, shapes: [[]], layout: 'channels-first' };
}

function lengths({ call }: Pick<FoldedCall, 'call'>): KnownValues | undefined {
  return inputShape(call, 0)?.slice(intAttribute(call, 'start', 0), call.node.attributes.get('end')?.int);
}

function count({ call }: FoldedCall): KnownValues | undefined {
  const shape = inputShape(call, 0);
  return shape && [product(shape)];
}

/** Range: as many entries as fit. */
function range(call: OperatorCall): OperatorResult {
  const [start, limit, delta] = [0, 1, 2].map((index) => numbersOf(call.inputs[index]?.constant)?.[0]);
  const known = start !== undefined && limit !== undefined && delta !== undefined && delta !== 0;
  return {
    operation: positional,
    shapes: [[known ? Math.max(Math.ceil((limit - start) / delta), 0) : null]],
    layout: 'channels-first',
  };
}

function progression(folded: FoldedCall): KnownValues | undefined {
  const [start, step, entries] = [valuesAt(folded, 0)?.[0], valuesAt(folded, 2)?.[0], folded.shape?.[0]];
  if (typeof start !== 'number' || typeof step !== 'number' || typeof entries !== 'number' || !(entries >= 0 && entries <= rangeLimit))
    return undefined;
  return heldValues(
    folded,
    Array.from({ length: entries }, (_, index) => start + index * step),
  );
}

/** ConstantOfShape: the shape that its input states. */
function filledShape(call: OperatorCall): OperatorResult {
  const rank = inputShape(call, 0)?.[0] ?? null;
  const open = rank === null || !(rank >= 0 && rank <= rankLimit) ? undefined : new Array<Dimension>(rank).fill(null);
  return { operation: positional, shapes: [entriesOf(call.inputs[0]?.constant) ?? open], layout: 'channels-first' };
}

/** ConstantOfShape: one value, 0 by default, as often as asked; never allocated for a weight's size. */
function filled({ node, inputs }: OperatorCall): Constant {
  const stated = entriesOf(inputs[0]?.constant);
  const shape = stated === undefined ? undefined : possibleShape(stated);
  const tensor = node.attributes.get('value')?.tensor;
  const type = tensor?.dataType ?? elementType.float;
  const entries = shape === undefined ? null : product(shape);
  const value = tensor === undefined ? 0 : tensorValues(tensor, 1)?.[0];
  if (entries === null || value === undefined || !(Number.isInteger(entries) && entries >= 0 && entries <= deferredLimit))
    return { shape, type };
  if (isSmall(entries)) return { shape, type, entries: new Array<number>(entries).fill(value) };
  return { shape, type, deferred: { work: entries, evaluate: () => new Array<number>(entries).fill(value) } };
}

/** Constant: a tensor, or (operator set 12) numbers in attributes. */
function written({ node }: OperatorCall): Constant {
  const tensor = node.attributes.get('value')?.tensor;
  if (tensor !== undefined) return { shape: tensor.dims, tensor, type: tensor.dataType };
  const of = (name: string): ReturnType<typeof node.attributes.get> => node.attributes.get(name);
  const whole = of('value_int')?.int;
  if (whole !== undefined) return { shape: [], entries: [whole], type: elementType.int64 };
  const single = of('value_float')?.float;
  if (single !== undefined) return { shape: [], entries: [single], type: elementType.float };
  const wholes = of('value_ints')?.ints;
  if (wholes !== undefined) return { shape: [wholes.length], entries: wholes, type: elementType.int64 };
  const list = of('value_floats')?.floats;
  if (list !== undefined) return { shape: [list.length], entries: list, type: elementType.float };
  return { shape: undefined, type: 0 };
}
