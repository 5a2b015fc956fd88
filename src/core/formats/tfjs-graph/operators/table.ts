import { t } from '@vscode/l10n';
import { possibleShape } from '../../../graph/shapes';
import { elementwiseFlow } from '../../../graph/axis-flow';
import type { AxisFlow, Layout } from '../../../graph/model-graph';
import { byName } from '../../operator-names';
import { isControlFlow } from '../read/control-flow';
import type { GraphNode } from '../read/node';
import { inputShape, opaque, type OperatorCall, type OperatorInput, type OperatorResult } from './call';
import { arrangements } from './families/arrangement';
import { convolutions } from './families/convolutions';
import { elementwiseOperators } from './families/elementwise';
import { joiningOperators } from './families/joining';
import { noiseOperators } from './families/noise';
import { pointwiseOperators } from './families/pointwise';
import { pools } from './families/pools';
import { products } from './families/products';
import { reductions } from './families/reductions';
import { resizes } from './families/resize';
import { selections } from './families/selections';
import { shapeArithmetic } from './families/shape-arithmetic';
import { slices } from './families/slice';
import { spatialOperators } from './families/spatial';
import type { GraphOperator } from './operator';
import { declaredLayout } from './window';

/** Every operator that Shiftlint knows; one line a family. */
export const operators: readonly GraphOperator[] = [
  ...convolutions,
  ...pools,
  ...resizes,
  ...spatialOperators,
  ...slices,
  ...pointwiseOperators,
  ...elementwiseOperators,
  ...joiningOperators,
  ...arrangements,
  ...products,
  ...reductions,
  ...selections,
  ...shapeArithmetic,
  ...noiseOperators,
];

const table = byName(operators);

/** What Shiftlint knows of a node's operator; undefined where that is nothing. */
export function operatorOf({ op }: Pick<GraphNode, 'op'>): GraphOperator | undefined {
  return table.get(op);
}

/** What a node does; what Shiftlint does not know is opaque. */
export function applyOperator(call: OperatorCall): OperatorResult {
  const result = resultOf(call);
  return { ...result, shapes: result.shapes.map(possibleShape) };
}

function resultOf(call: OperatorCall): OperatorResult {
  const { op } = call.node;
  if (isControlFlow(op)) return opaque(t('what it gives is decided while the model runs'));
  const operator = operatorOf(call.node);
  if (operator === undefined) return opaque(t`Shiftlint does not know the operator ${op}`);
  const result = operator.infer(call);
  const { kind } = result.operation;
  const standsInBlock = kind === 'convolution' || kind === 'pointwise' || kind === 'merge' || kind === 'pad';
  if (call.block === undefined || standsInBlock || operator.readsOnlyShape === true) return result;
  return { ...opaque(t('it stands between SpaceToBatchND and BatchToSpaceND')), block: null };
}

/** What an operator does with axes; undefined for those that do something else, or whose axes are not known. */
export function axisFlow(call: OperatorCall, { operation }: OperatorResult): AxisFlow | undefined {
  const rank = inputShape(call, 0)?.length;
  if (rank === undefined) return undefined;
  const rule = operatorOf(call.node)?.axisFlow;
  if (rule !== undefined) return rule(call, rank);
  return operation.kind === 'pointwise' && call.inputs.length === 1 ? elementwiseFlow(call.inputs) : undefined;
}

/** Where the channels of a node's maps stand: where the node says, else where those of its inputs do. */
export function callLayout(call: Pick<OperatorCall, 'node'>, inputs: readonly OperatorInput[], layout: Layout): Layout {
  const maps = inputs.filter(({ constant, shape }) => constant === undefined && (shape === undefined || shape.length > 2));
  return declaredLayout(call.node) ?? maps[0]?.layout ?? layout;
}
