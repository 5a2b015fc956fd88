import type { Dimension, Shape } from '../../../graph/model-graph';
import { arrayOf, deferredLimit, entriesOf, isSmall, type Constant } from '../read/constants';
import { foldEntries } from './folding-rules';
import { intAttribute, type OperatorCall } from '../operators/call';
import { elementType } from '../wire/schema';
import { elementCount, tensorValues } from '../wire/tensor-values';

type Entries = readonly Dimension[];

const integerTypes: ReadonlySet<number> = new Set([
  elementType.int32,
  elementType.int64,
  elementType.int8,
  elementType.uint8,
  elementType.bool,
]);
/** Operators whose result is a truth value. */
const comparisons: ReadonlySet<string> = new Set(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'And', 'Or', 'Not']);
/** Computed values cost up to this many on the way, so that a chain of nodes cannot multiply them. */
const workLimit = deferredLimit * 8;

/** A step costs at least this, so that a chain of late computations stays short. */
const stepWork = 4096;

/** True for nodes whose result does not depend on the pixels even if their input does. */
export function readsOnlyShape(opType: string): boolean {
  return opType === 'Shape' || opType === 'Size';
}

/**
 * The constant that output `output` of a node without run-time inputs is. Values are computed at once where they are few,
 * later where there are more (a blur's kernel repeated for every channel), and never for large weights.
 */
export function foldNode(call: OperatorCall, inferred: Shape, output = 0): Constant {
  const { node } = call;
  if (node.opType === 'Constant') return constantNode(call);
  const first = call.inputs[0]?.constant;
  const integer = foldsToInteger(call, first);
  if (node.opType === 'ConstantOfShape') return fill(call, entriesOf(first), integer);
  const small = call.inputs.every(
    (input) => input?.constant === undefined || entriesOf(input.constant) !== undefined || isShapeReader(call),
  );
  const fold = (read: (constant: Constant | undefined) => Entries | undefined): Entries | undefined =>
    foldEntries({ call, shape: inferred, integer, output }, read);
  if (small) {
    const entries = fold(entriesOf);
    if (entries === undefined || isSmall(entries.length)) return { shape: inferred, integer, ...(entries && { entries }) };
  }
  const work = deferredWork(call, inferred);
  if (work === undefined) return { shape: inferred, integer };
  return { shape: inferred, integer, deferred: { work, evaluate: () => fold((constant) => arrayOf(constant, deferredLimit)) } };
}

function isShapeReader({ node }: OperatorCall): boolean {
  return readsOnlyShape(node.opType);
}

/** Values that a late computation touches; undefined where they are too many or their number is open. */
function deferredWork(call: OperatorCall, shape: Shape): number | undefined {
  const count = knownCount(shape);
  if (count === undefined || !(count <= deferredLimit)) return undefined;
  let work = count + stepWork;
  for (const input of call.inputs) {
    if (input?.constant === undefined) continue;
    work += input.constant.deferred?.work ?? knownCount(input.shape) ?? 0;
  }
  return work <= workLimit ? work : undefined;
}

function knownCount(shape: Shape): number | undefined {
  return shape?.every((length) => length !== null) === true ? elementCount(shape) : undefined;
}

function foldsToInteger(call: OperatorCall, first: Constant | undefined): boolean {
  const { opType } = call.node;
  if (readsOnlyShape(opType) || comparisons.has(opType)) return true;
  if (opType === 'DequantizeLinear') return false;
  if (opType === 'Where') return call.inputs[1]?.constant?.integer ?? false;
  if (opType === 'Cast') return integerTypes.has(intAttribute(call, 'to', 0));
  if (opType === 'ConstantOfShape') return integerTypes.has(call.node.attributes.get('value')?.tensor?.dataType ?? 0);
  return first?.integer ?? false;
}

/** True for element types whose division rounds. */
export function isIntegerType(type: number): boolean {
  return integerTypes.has(type);
}

/** Constant: a tensor, or (operator set 12) numbers in attributes. */
function constantNode({ node }: OperatorCall): Constant {
  const tensor = node.attributes.get('value')?.tensor;
  if (tensor !== undefined) return { shape: tensor.dims, tensor, integer: isIntegerType(tensor.dataType) };
  for (const [name, integer] of [
    ['value_int', true],
    ['value_float', false],
  ] as const) {
    const attribute = node.attributes.get(name);
    const value = attribute?.int ?? attribute?.float;
    if (value !== undefined) return { shape: [], entries: [value], integer };
  }
  for (const [name, integer] of [
    ['value_ints', true],
    ['value_floats', false],
  ] as const) {
    const attribute = node.attributes.get(name);
    const values = integer ? attribute?.ints : attribute?.floats;
    if (values !== undefined) return { shape: [values.length], entries: values, integer };
  }
  return { shape: undefined, integer: false };
}

/** ConstantOfShape: one value, 0 by default, as often as asked; never allocated for a weight's size. */
function fill(call: OperatorCall, shape: Entries | undefined, integer: boolean): Constant {
  const count = knownCount(shape);
  const tensor = call.node.attributes.get('value')?.tensor;
  const value = tensor === undefined ? 0 : tensorValues(tensor, 1)?.[0];
  if (count === undefined || value === undefined || !(count >= 0 && count <= deferredLimit)) return { shape, integer };
  if (isSmall(count)) return { shape, integer, entries: new Array<number>(count).fill(value) };
  return { shape, integer, deferred: { work: count, evaluate: () => new Array<number>(count).fill(value) } };
}
