import { elementwiseFlow } from '../../../../graph/axis-flow';
import { joinOperands } from '../../../../graph/elementwise';
import { combineValues, type ValuePair } from '../../../../graph/known-values';
import type { Operation } from '../../../../graph/model-graph';
import { valuesAt } from '../call';
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
  { names: ['Mod', 'Atan2', 'BitwiseAnd', 'Select', 'SelectV2'], infer: elementwise('other') },
  { names: ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'], infer: elementwise('other') },
  { names: ['LogicalAnd', 'LogicalOr', 'LogicalXor'], infer: elementwise('other') },
];

/** Add, Mul and their kin. */
function elementwise(role: Extract<Operation, { kind: 'pointwise' }>['role']): OperatorRule {
  return (call) => {
    const operands = call.inputs.map(({ shape, constant, layout }) => ({ shape, isConstant: constant !== undefined, layout }));
    const { operation, shape } = joinOperands(operands, call.layout, role);
    return { operation, shapes: [shape] };
  };
}

/** Whole numbers of two lists, or of a list and one number. */
function pairwise(operation: ValuePair): FoldRule {
  return (call) =>
    combineValues(valuesAt(call, 0), valuesAt(call, 1), operation)?.map((value) => (Number.isSafeInteger(value) ? value : null));
}
