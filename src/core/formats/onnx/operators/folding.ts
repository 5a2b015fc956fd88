import type { KnownValues } from '../../../graph/known-values';
import type { Dimension, Shape } from '../../../graph/model-graph';
import { product } from '../../../graph/shapes';
import type { OperatorCall } from './call';
import { arrayOf, deferredLimit, entriesOf, isSmall, type Constant } from './constants';
import type { FoldedCall } from './folded-call';
import { resultTypeOf, usualResultType } from './result-type';
import { operatorOf } from './table';

/** Computed values cost up to this many on the way, so that a chain of nodes cannot multiply them. */
const workLimit = deferredLimit * 8;

/** A step costs at least this, so that a chain of late computations stays short. */
const stepWork = 4096;

/**
 * The constant that output `output` of a node without run-time inputs is. Values are computed at once where they are few,
 * later where there are more (a blur's kernel repeated for every channel), and never for large weights.
 */
export function foldNode(call: OperatorCall, inferred: Shape, output = 0): Constant {
  const operator = operatorOf(call.node);
  if (operator?.constant !== undefined) return operator.constant(call);
  const type = typeOfResult(call);
  const fold = (read: FoldedCall['read']): KnownValues | undefined =>
    output > 0 && inferred === undefined ? undefined : operator?.fold?.({ call, shape: inferred, type, output, read });
  if (operator?.readsOnlyShape === true || call.inputs.every((input) => isAtHand(input?.constant))) {
    const entries = fold(entriesOf);
    if (entries === undefined || isSmall(entries.length)) return { shape: inferred, type, ...(entries && { entries }) };
  }
  const work = deferredWork(call, inferred);
  if (work === undefined) return { shape: inferred, type };
  return { shape: inferred, type, deferred: { work, evaluate: () => fold((constant) => arrayOf(constant, deferredLimit)) } };
}

function isAtHand(constant: Constant | undefined): boolean {
  return constant === undefined || entriesOf(constant) !== undefined;
}

/** The type of the values that a node gives; 0 where it is not known. */
function typeOfResult({ node, inputs }: OperatorCall): number {
  return resultTypeOf(operatorOf(node)?.resultType ?? usualResultType, node, (index) => inputs[index]?.constant?.type) ?? 0;
}

/** Values that a late computation touches; undefined where they are too many or their number is open. */
function deferredWork(call: OperatorCall, shape: Shape): number | undefined {
  const count = countOf(shape);
  if (count === null || !(count <= deferredLimit)) return undefined;
  let work = count + stepWork;
  for (const input of call.inputs) {
    if (input?.constant === undefined) continue;
    work += input.constant.deferred?.work ?? countOf(input.shape) ?? 0;
  }
  return work <= workLimit ? work : undefined;
}

function countOf(shape: Shape): Dimension {
  return shape === undefined ? null : product(shape);
}
