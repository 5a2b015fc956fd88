import { t } from '@vscode/l10n';
import type { AxisFlow, Dimension, Layer, Layout, Shape } from '../../../graph/model-graph';
import { ModelError } from '../../../model-error';
import type { OperatorCall, OperatorInput, OperatorResult } from '../operators/call';
import { callLayout, operatorOf } from '../operators/table';
import type { OnnxNode } from '../wire/proto';
import type { Constant } from '../operators/constants';
import { isLeftOut, valueIn, type Reading, type Scope } from './graph-scope';

/** A node with its inputs looked up. @throws ModelError `malformed` where one is missing */
export function operatorCall(reading: Reading, scope: Scope, node: OnnxNode, layer: string): OperatorCall {
  const inputs = node.inputs.map((input) => (isLeftOut(scope, input) ? undefined : lookUp(reading, scope, input, node, layer)));
  return { node, opset: scope.opset, inputs, layout: callLayout(inputs) };
}

/** What a layer is made of. */
export interface LayerParts {
  readonly node: OnnxNode;
  readonly name: string;
  readonly result: OperatorResult;
  readonly inputs: OperatorCall['inputs'];
  /** Tensors that the node's bodies read, by their names in the graph. */
  readonly captured?: readonly string[];
  readonly layout: Layout;
  readonly axisFlow?: AxisFlow | undefined;
}

/** Adds a layer and the tensors that it writes. */
export function addLayer(reading: Reading, scope: Scope, parts: LayerParts): void {
  const { node, name, result, inputs } = parts;
  const outputs: string[] = [];
  for (const [index, output] of node.outputs.entries()) {
    if (output === '') continue;
    const shape = mergeShapes(result.shapes[index], scope.declared.get(output)?.shape);
    outputs.push(writeTensor(reading, scope, output, shape, parts.layout));
  }
  const data = inputs.flatMap((input) => (input !== undefined && input.constant === undefined ? [input.name] : []));
  const sealed = scope.sealed ?? layoutSeal(result, parts);
  const layer: Layer = {
    name,
    op: node.opType,
    operation: result.operation,
    inputs: [...data, ...(parts.captured ?? [])],
    outputs,
    ...(sealed !== undefined && { sealed }),
    ...(node.origin && { origin: node.origin }),
    ...(node.module !== undefined && { module: node.module }),
    ...(parts.axisFlow && { axisFlow: parts.axisFlow }),
    ...(operatorOf(node)?.mixesImages === true && { mixesImages: true }),
  };
  const [first = ''] = outputs;
  if (result.cut !== undefined) reading.slices.set(first, result.cut);
  if (result.order !== undefined) reading.orders.set(first, result.order);
  reading.layers.push(layer);
}

/** Notes a tensor that flows at run time, and answers with its name in the graph. */
export function writeTensor(reading: Reading, scope: Scope, output: string, shape: Shape, layout: Layout): string {
  const name = graphName(reading, scope, output);
  const isLast = layout === 'channels-last' && (shape === undefined || shape.length > 2);
  reading.tensors.set(name, { name, shape, ...(isLast && { layout }) });
  scope.values.set(output, name);
  return name;
}

/** The name in the graph that a tensor written here gets. */
export function graphName(reading: Reading, scope: Scope, output: string): string {
  const exported = scope.exports.get(output);
  if (exported !== undefined) return exported;
  return scope.prefix === '' ? output : reading.tensorNames.take(`${scope.prefix}${output}`);
}

/** ONNX convolutions read channels first, so no blur fits between channels that stand last. */
function layoutSeal({ operation }: OperatorResult, { layout }: LayerParts): string | undefined {
  if (layout !== 'channels-last' || (operation.kind !== 'slice' && operation.kind !== 'resize')) return undefined;
  return t('its map has the channels last, where ONNX has no convolution to blur it with');
}

function lookUp(reading: Reading, scope: Scope, input: string, node: OnnxNode, layer: string): OperatorInput {
  const value = valueIn(scope, input);
  if (value !== undefined) return operatorInput(reading, value, input);
  throw new ModelError(
    'malformed',
    t`"${reading.path}" is not a valid ONNX model: its ${node.opType} node "${layer}" reads "${input}", which no earlier node, input or weight provides. Export the model again.`,
  );
}

/** A value as operators see it. @param name for a constant */
export function operatorInput(reading: Reading, value: Constant | string, name: string): OperatorInput {
  if (typeof value !== 'string') return { name, shape: value.shape, constant: value };
  const tensor = reading.tensors.get(value);
  return { name: value, shape: tensor?.shape, ...(tensor?.layout !== undefined && { layout: tensor.layout }) };
}

/** Our inference first; what the file declares fills the gaps. */
function mergeShapes(inferred: Shape, declared: Shape): Shape {
  if (inferred === undefined) return declared;
  if (declared?.length !== inferred.length) return inferred;
  return inferred.map((length, axis): Dimension => length ?? declared[axis] ?? null);
}
