import { t } from '@vscode/l10n';
import { ModelError } from '../../../model-error';
import { addLayer, operatorCall } from './add-layer';
import { readControlFlow } from './control-flow';
import { calledFunction } from '../wire/functions';
import { withCallAttributes, type Reading, type Scope } from './graph-scope';
import { readCall } from './inline-function';
import { foldNode } from '../operators/folding';
import { applyOperator, axisFlow, operatorOf } from '../operators/table';
import type { OnnxNode } from '../wire/proto';

/** Reads nodes in order: notes what they write and adds their layers. @param nameOf the layer's name by the node's index */
export function readNodes(reading: Reading, scope: Scope, nodes: readonly OnnxNode[], nameOf: (index: number) => string): void {
  for (const [index, written] of nodes.entries()) {
    const name = nameOf(index);
    const node = withCallAttributes(written, scope);
    for (const output of node.outputs) requireNew(reading, scope, output, name);
    const definition = calledFunction(reading.model.functions, node);
    if (definition !== undefined) readCall(reading, scope, node, name, definition);
    else if (hasBodies(node)) readControlFlow(reading, scope, node, name);
    else readOperator(reading, scope, node, name);
  }
}

function hasBodies(node: OnnxNode): boolean {
  return [...node.attributes.values()].some((attribute) => attribute.graphs.length > 0);
}

function readOperator(reading: Reading, scope: Scope, node: OnnxNode, name: string): void {
  const call = operatorCall(reading, scope, node, name);
  const result = applyOperator(call);
  const isConstant = call.inputs.every((input) => input === undefined || input.constant !== undefined);
  if (operatorOf(node)?.readsOnlyShape === true || (isConstant && !isSource(node))) {
    for (const [index, output] of node.outputs.entries()) {
      if (output !== '') scope.values.set(output, foldNode(call, result.shapes[index], index));
    }
    return;
  }
  addLayer(reading, scope, {
    node,
    name,
    result,
    inputs: call.inputs,
    layout: result.layout ?? call.layout,
    axisFlow: axisFlow(call, result),
  });
}

/** Generators of noise, and operators we do not know, yield values of their own even without a run-time input. */
function isSource(node: OnnxNode): boolean {
  return node.domain === '' ? operatorOf(node)?.givesNoise === true : node.inputs.length === 0;
}

function requireNew(reading: Reading, scope: Scope, output: string, layer: string): void {
  if (output === '' || !scope.values.has(output)) return;
  throw new ModelError(
    'malformed',
    t`"${reading.path}" is not a valid ONNX model: its node "${layer}" writes "${output}", which is written before. Export the model again.`,
  );
}
