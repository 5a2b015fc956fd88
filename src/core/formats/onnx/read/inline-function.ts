import { t } from '@vscode/l10n';
import { addLayer, graphName, operatorCall } from './add-layer';
import { bindOutputs, readBodyNodes } from './body';
import type { Constant } from '../operators/constants';
import { calledFunction } from '../wire/functions';
import { declaredTensors, valueIn, type Reading, type Scope } from './graph-scope';
import { limits } from '../../../limits';
import { opaque } from '../operators/call';
import type { OnnxAttribute, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode } from '../wire/proto';

/** How much calling a function adds, over everything it calls; kept for each model, since it does not change. */
const sizes = new WeakMap<OnnxModel, Map<OnnxFunction, number>>();
const callCounts = new WeakMap<OnnxModel, ReadonlyMap<OnnxFunction, number>>();

/** The layers of a function's body in the place of its call, sealed: a change would concern every call. */
export function readCall(reading: Reading, scope: Scope, node: OnnxNode, name: string, definition: OnnxFunction): void {
  const call = operatorCall(reading, scope, node, name);
  const reason = callObstacle(reading, definition);
  if (reason !== undefined) {
    const result = { ...opaque(reason), shapes: [] };
    addLayer(reading, scope, { node, name, result, inputs: call.inputs, layout: 'channels-first' });
    return;
  }
  forEachNode(definition.nodes, () => {
    reading.budget--;
  });
  const values = new Map<string, Constant | string>();
  for (const [index, input] of definition.inputs.entries()) {
    const value = valueIn(scope, node.inputs[index] ?? '');
    if (value !== undefined) values.set(input, value);
  }
  const inner: Scope = {
    values,
    missing: new Set(definition.inputs.filter((input) => !values.has(input))),
    declared: declaredTensors(definition.valueInfo),
    opset: definition.opsetVersion ?? scope.opset,
    attributes: new Map<string, OnnxAttribute>([...definition.defaults, ...node.attributes]),
    prefix: `${name}/`,
    exports: exportedNames(reading, scope, node, definition),
    sealed: scope.sealed ?? sealOf(reading.model, definition),
  };
  readBodyNodes(reading, inner, definition.nodes);
  bindOutputs(reading, scope, inner, { node, name, results: definition.outputs });
}

/** Why a call cannot be looked into. */
function callObstacle({ model, budget }: Reading, definition: OnnxFunction): string | undefined {
  const size = expandedSize(model, definition);
  if (size === Infinity) return t('it calls a function that calls itself, or others too deeply');
  if (size > budget) return t('it calls a function that is too large to look into');
  const provided = new Set([...definition.inputs, ...definition.nodes.flatMap((node) => node.outputs)]);
  return definition.outputs.every((output) => provided.has(output))
    ? undefined
    : t('it calls a function whose body does not write its result');
}

/** What the body writes for the call's outputs gets their names. */
function exportedNames(reading: Reading, scope: Scope, node: OnnxNode, definition: OnnxFunction): ReadonlyMap<string, string> {
  const written = new Set(definition.nodes.flatMap((body) => body.outputs));
  const names = new Map<string, string>();
  for (const [index, output] of definition.outputs.entries()) {
    const wanted = node.outputs[index] ?? '';
    if (wanted !== '' && written.has(output) && !names.has(output)) names.set(output, graphName(reading, scope, wanted));
  }
  return names;
}

function sealOf(model: OnnxModel, definition: OnnxFunction): string {
  const count = callCount(model, definition);
  return count === 1
    ? t`it stands in the function "${definition.name}", which the model calls once`
    : t`it stands in the function "${definition.name}", which the model calls ${count} times`;
}

/** Nodes that a call adds; Infinity where the function calls itself. */
function expandedSize(model: OnnxModel, definition: OnnxFunction): number {
  const known = sizes.get(model) ?? new Map<OnnxFunction, number>();
  sizes.set(model, known);
  const sizeOf = (called: OnnxFunction, depth: number): number => {
    const size = known.get(called);
    if (size !== undefined) return size;
    if (depth > limits.modelNesting.most) return Infinity;
    // Met again before it is known: the function is on its own way.
    known.set(called, Infinity);
    let total = 0;
    forEachNode(called.nodes, (node, within) => {
      const inner = calledFunction(model.functions, node);
      total += 1 + (inner === undefined ? 0 : sizeOf(inner, depth + within + 1));
    });
    known.set(called, total);
    return total;
  };
  return sizeOf(definition, 0);
}

function callCount(model: OnnxModel, definition: OnnxFunction): number {
  let counts = callCounts.get(model);
  if (counts === undefined) {
    const counted = new Map<OnnxFunction, number>();
    const count = (node: OnnxNode): void => {
      const called = calledFunction(model.functions, node);
      if (called !== undefined) counted.set(called, (counted.get(called) ?? 0) + 1);
    };
    forEachNode(model.graph.nodes, count);
    for (const caller of model.functions.values()) forEachNode(caller.nodes, count);
    counts = counted;
    callCounts.set(model, counts);
  }
  return counts.get(definition) ?? 1;
}

/** Nodes, and those of their bodies, with the number of bodies around. */
function forEachNode(nodes: readonly OnnxNode[], visit: (node: OnnxNode, within: number) => void, within = 0): void {
  const inGraph = (graph: OnnxGraph): void => {
    forEachNode(graph.nodes, visit, within + 1);
  };
  for (const node of nodes) {
    visit(node, within);
    for (const attribute of node.attributes.values()) attribute.graphs.forEach(inGraph);
  }
}
