import { elementwiseFlow } from '../../../../graph/axis-flow';
import { joinOperands } from '../../../../graph/elementwise';
import { combineValues, type KnownValues, type ValuePair } from '../../../../graph/known-values';
import type { Dimension, Operation } from '../../../../graph/model-graph';
import { valuesAt, type OperatorCall } from '../call';
import type { AxisFlowRule, FoldRule, GraphOperator, OperatorRule } from '../operator';

const flow: AxisFlowRule = ({ inputs }) => elementwiseFlow(inputs);
const arithmetic = { infer: elementwise('normalisation'), axisFlow: flow } as const;

/** Operators that join the values which their operands have at one position. */
export const elementwiseOperators: readonly GraphOperator[] = [
  { names: ['Add', 'AddV2'], ...arithmetic, fold: pairwise((a, b) => a + b), joins: 'adding', preparesPixels: true },
  { names: ['AddN'], infer: elementwise('normalisation'), joins: 'adding' },
  { names: ['BiasAdd'], ...arithmetic, preparesPixels: true },
  { names: ['Sub'], ...arithmetic, fold: pairwise((a, b) => a - b), joins: 'adding', preparesPixels: true },
  { names: ['Mul'], ...arithmetic, fold: pairwise((a, b) => a * b), joins: 'bending', preparesPixels: true },
  { names: ['Div', 'RealDiv'], ...arithmetic, joins: 'bending', preparesPixels: true },
  { names: ['DivNoNan'], ...arithmetic, joins: 'bending' },
  { names: ['Maximum'], infer: elementwise('activation'), axisFlow: flow, fold: pairwise((a, b) => Math.max(a, b)), joins: 'bending' },
  { names: ['Minimum'], infer: elementwise('activation'), axisFlow: flow, fold: pairwise((a, b) => Math.min(a, b)), joins: 'bending' },
  { names: ['Pow'], infer: elementwise('other'), axisFlow: flow, joins: 'bending' },
  { names: ['SquaredDifference'], infer: elementwise('other'), axisFlow: flow },
  { names: ['FloorDiv'], infer: elementwise('other'), fold: pairwise((a, b) => Math.floor(a / b)) },
  { names: ['FloorMod'], infer: elementwise('other'), fold: pairwise((a, b) => a - b * Math.floor(a / b)) },
  { names: ['Mod'], infer: elementwise('other'), fold: pairwise((a, b) => a % b) },
  { names: ['Select', 'SelectV2'], infer: elementwise('other'), fold: chosen },
  { names: ['Atan2', 'BitwiseAnd'], infer: elementwise('other') },
  { names: ['Equal'], infer: elementwise('other'), fold: pairwise((a, b) => Number(a === b)) },
  { names: ['NotEqual'], infer: elementwise('other'), fold: pairwise((a, b) => Number(a !== b)) },
  { names: ['Greater'], infer: elementwise('other'), fold: pairwise((a, b) => Number(a > b)) },
  { names: ['GreaterEqual'], infer: elementwise('other'), fold: pairwise((a, b) => Number(a >= b)) },
  { names: ['Less'], infer: elementwise('other'), fold: pairwise((a, b) => Number(a < b)) },
  { names: ['LessEqual'], infer: elementwise('other'), fold: pairwise((a, b) => Number(a <= b)) },
  { names: ['LogicalAnd'], infer: elementwise('other'), fold: pairwise((a, b) => Number(a !== 0 && b !== 0)) },
  { names: ['LogicalOr'], infer: elementwise('other'), fold: pairwise((a, b) => Number(a !== 0 || b !== 0)) },
  { names: ['LogicalXor'], infer: elementwise('other'), fold: pairwise((a, b) => Number((a !== 0) !== (b !== 0))) },
];

/** Add, Mul and their kin. */
function elementwise(role: Extract<Operation, { kind: 'pointwise' }>['role']): OperatorRule {
  return (call) => {
    const operands = call.inputs.map(({ shape, constant, layout }) => ({ shape, isConstant: constant !== undefined, layout }));
    const { operation, shape } = joinOperands(operands, call.layout, role);
    return { operation, shapes: [shape] };
  };
}

/** Select: of each place, the value of the second or the third operand. Operands of other lengths are not followed. */
function chosen(call: OperatorCall): ReturnType<FoldRule> {
  const [conditions, yes, no] = [valuesAt(call, 0), valuesAt(call, 1), valuesAt(call, 2)];
  if (conditions === undefined || yes === undefined || no === undefined) return undefined;
  const length = Math.max(conditions.length, yes.length, no.length);
  if ([conditions, yes, no].some((values) => values.length !== length && values.length !== 1)) return undefined;
  const at = (values: KnownValues, index: number): Dimension => values[values.length === 1 ? 0 : index] ?? null;
  return Array.from({ length }, (_, index) => {
    const condition = at(conditions, index);
    return condition === null ? null : at(condition === 0 ? no : yes, index);
  });
}

/** Whole numbers of two lists, or of a list and one number. */
function pairwise(operation: ValuePair): FoldRule {
  return (call) =>
    combineValues(valuesAt(call, 0), valuesAt(call, 1), operation)?.map((value) => (Number.isSafeInteger(value) ? value : null));
}
