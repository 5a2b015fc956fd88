import { t } from '@vscode/l10n';
import { possibleShape } from '../../../graph/shapes';
import { byName } from '../../operator-names';
import { elementwiseFlow } from '../../../graph/axis-flow';
import type { AxisFlow } from '../../../graph/model-graph';
import type { OnnxNode } from '../wire/proto';
import { dataInputs, inputShape, opaque, type OperatorCall, type OperatorResult } from './call';
import { arrangements } from './families/arrangement';
import { convolutions } from './families/convolutions';
import { elementwiseOperators } from './families/elementwise';
import { joiningOperators } from './families/joining';
import { noiseOperators } from './families/noise';
import { normalisations } from './families/normalisation';
import { pointwiseOperators } from './families/pointwise';
import { pools } from './families/pools';
import { products } from './families/products';
import { quantisedOperators } from './families/quantised';
import { reductions } from './families/reductions';
import { resizes } from './families/resize';
import { runtimeOperators } from './families/runtime';
import { selections } from './families/selections';
import { shapeArithmetic } from './families/shape-arithmetic';
import { slices } from './families/slice';
import { spatialOperators } from './families/spatial';
import type { OnnxOperator, OperatorDomain } from './operator';
import { unknownOperator } from './unknown';

/** Every operator that Shiftlint knows; one line a family. */
export const operators: readonly OnnxOperator[] = [
  ...convolutions,
  ...pools,
  ...resizes,
  ...spatialOperators,
  ...slices,
  ...normalisations,
  ...pointwiseOperators,
  ...elementwiseOperators,
  ...joiningOperators,
  ...arrangements,
  ...products,
  ...reductions,
  ...selections,
  ...shapeArithmetic,
  ...quantisedOperators,
  ...runtimeOperators,
  ...noiseOperators,
];

const inDomain = (domain: OperatorDomain): ReadonlyMap<string, OnnxOperator> =>
  byName(operators.filter(({ domains = [''] }) => domains.includes(domain)));

const tables: ReadonlyMap<string, ReadonlyMap<string, OnnxOperator>> = new Map([
  ['', inDomain('')],
  ['com.microsoft', inDomain('com.microsoft')],
  ['com.microsoft.nchwc', inDomain('com.microsoft.nchwc')],
]);

/** What Shiftlint knows of a node's operator; undefined where that is nothing. */
export function operatorOf({ opType, domain }: Pick<OnnxNode, 'opType' | 'domain'>): OnnxOperator | undefined {
  return tables.get(domain)?.get(opType);
}

/** What a node does, by its operator; opaque where we have no knowledge of it. */
export function applyOperator(call: OperatorCall): OperatorResult {
  const result = resultOf(call);
  return { ...result, shapes: result.shapes.map(possibleShape) };
}

function resultOf(call: OperatorCall): OperatorResult {
  const { node } = call;
  if ([...node.attributes.values()].some((attribute) => attribute.graphs.length > 0)) return opaque(t('it runs a nested graph'));
  const operator = operatorOf(node);
  if (operator === undefined) return unknownOperator(call);
  if (call.layout !== 'channels-last' || operator.readsChannelsFirst !== true) return operator.infer(call);
  // What takes positions for channels mixes them.
  return { ...operator.infer({ ...call, layout: 'channels-first' }), operation: { kind: 'positional' }, layout: 'channels-first' };
}

/** What a standard operator does with axes; undefined for those that do something else, or whose axes are not known. */
export function axisFlow(call: OperatorCall, { operation }: OperatorResult): AxisFlow | undefined {
  const { node, inputs } = call;
  const rank = inputShape(call, 0)?.length;
  if (node.domain !== '' || rank === undefined) return undefined;
  const rule = operatorOf(node)?.axisFlow;
  if (rule !== undefined) return rule(call, rank);
  return operation.kind === 'pointwise' && inputs.length === 1 ? elementwiseFlow(inputs) : undefined;
}

/** Where the channels of a node's maps stand: as in its first map. */
export function callLayout(inputs: OperatorCall['inputs']): OperatorCall['layout'] {
  const maps = dataInputs({ inputs }).filter(({ shape }) => shape === undefined || shape.length > 2);
  return maps[0]?.layout ?? 'channels-first';
}
