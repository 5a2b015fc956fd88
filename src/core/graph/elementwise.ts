import { t } from '@vscode/l10n';
import { spatialAxes } from './layout';
import type { Layout, Operation, Shape } from './model-graph';
import { broadcast } from './shapes';

/** One operand of an operator that computes with values of one position, as Add does. */
export interface Operand {
  readonly shape: Shape;
  readonly isConstant: boolean;
  /** Where the channels of its maps stand. */
  readonly layout: Layout;
}

/** What such an operator does. @see joinOperands */
export interface JoinedOperands {
  readonly operation: Operation;
  readonly shape: Shape;
}

/**
 * Add, Mul and their kin: two maps merge; a constant that is the same at every position leaves each value alone.
 * @param layout of the result @param role where only one operand flows at run time
 */
export function joinOperands(
  operands: readonly Operand[],
  layout: Layout,
  role: Extract<Operation, { kind: 'pointwise' }>['role'],
): JoinedOperands {
  const shape = broadcast(operands.map((operand) => operand.shape));
  const placement = constantPlacement(operands, layout, shape?.length);
  if (placement === 'by-position' || !agreeOnChannels(operands, layout, shape?.length)) return { operation: { kind: 'positional' }, shape };
  if (operands.filter(({ isConstant }) => !isConstant).length > 1) return { operation: { kind: 'merge' }, shape };
  if (placement === 'unknown') return { operation: { kind: 'opaque', reason: t('the shape of its constant operand is not known') }, shape };
  return { operation: { kind: 'pointwise', role }, shape };
}

/** A map with its channels last and one with its channels first have no positions in common. */
function agreeOnChannels(operands: readonly Operand[], layout: Layout, rank: number | undefined): boolean {
  return operands.every(({ shape, isConstant, layout: own }) => {
    const isMap = !isConstant && (shape === undefined || shape.some((length, axis) => axis > 0 && length !== 1));
    return !isMap || shape?.length !== rank || own === layout;
  });
}

/** Whether constants are the same at every position (scalars, one value per channel). @param rank of the result */
export function constantPlacement(
  operands: readonly Operand[],
  layout: Layout,
  rank: number | undefined,
): 'everywhere' | 'by-position' | 'unknown' {
  let placement: 'everywhere' | 'unknown' = 'everywhere';
  for (const { shape, isConstant } of operands) {
    if (!isConstant || shape?.every((length) => length === 1) === true) continue;
    if (shape === undefined || rank === undefined) {
      placement = 'unknown';
      continue;
    }
    const missing = rank - shape.length;
    if (spatialAxes(layout, rank).some((axis) => axis >= missing && shape[axis - missing] !== 1)) return 'by-position';
  }
  return placement;
}
