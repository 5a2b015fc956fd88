import { t } from '@vscode/l10n';
import type { Dimension, Shape } from '../../../graph/model-graph';
import { addLayer, graphName, operatorCall, writeTensor } from './add-layer';
import { bindOutputs, readBodyNodes } from './body';
import { capturedNames } from './captured-names';
import { numbersOf, type Constant } from '../operators/constants';
import { declaredTensors, initialConstants, valueIn, type Reading, type Scope } from './graph-scope';
import { opaque, type OperatorInput } from '../operators/call';
import type { OnnxGraph, OnnxNode } from '../wire/proto';

/** A body that has been read. */
interface ReadBody {
  readonly scope: Scope;
  readonly graph: OnnxGraph;
}

/** If, Loop and Scan: the layers of their bodies join the graph, sealed; the node itself cannot be followed. */
export function readControlFlow(reading: Reading, scope: Scope, node: OnnxNode, name: string): void {
  const call = operatorCall(reading, scope, node, name);
  const taken = takenBranch(node, call.inputs[0]);
  if (taken !== undefined) {
    readTakenBranch(reading, scope, node, name, taken);
    return;
  }
  const bodies = bodiesOf(node).map(([label, graph]) => readBody(reading, scope, { node, name, label, graph }));
  const captured = capturedNames(node).flatMap((tensor) => {
    const value = valueIn(scope, tensor);
    return typeof value === 'string' ? [value] : [];
  });
  const result = {
    ...opaque(t('it runs a nested graph')),
    shapes: node.outputs.map((_, index) => outputShape(reading, node, bodies, index)),
  };
  addLayer(reading, scope, { node, name, result, inputs: call.inputs, captured, layout: 'channels-first' });
}

function bodiesOf(node: OnnxNode): readonly (readonly [string, OnnxGraph])[] {
  return [...node.attributes].flatMap(([label, attribute]) => attribute.graphs.map((graph) => [label, graph] as const));
}

/** The branch of an If whose condition is known before the model runs. */
function takenBranch(node: OnnxNode, condition: OperatorInput | undefined): OnnxGraph | undefined {
  if (node.opType !== 'If' || node.domain !== '') return undefined;
  const value = numbersOf(condition?.constant)?.[0];
  return value === undefined ? undefined : node.attributes.get(value === 0 ? 'else_branch' : 'then_branch')?.graphs[0];
}

/** What leaves the one branch that runs gets the names of the node's outputs. */
function readTakenBranch(reading: Reading, scope: Scope, node: OnnxNode, name: string, graph: OnnxGraph): void {
  const body = bodyScope(reading, scope, { node, name, label: labelOf(node, graph), graph }, new Map());
  const exports = new Map<string, string>();
  for (const [index, output] of graph.outputs.entries()) {
    const wanted = node.outputs[index] ?? '';
    const isWritten = graph.nodes.some(({ outputs }) => outputs.includes(output.name));
    if (wanted !== '' && isWritten && !exports.has(output.name)) exports.set(output.name, graphName(reading, scope, wanted));
  }
  const inner = { ...body, exports };
  readBodyNodes(reading, inner, graph.nodes);
  bindOutputs(reading, scope, inner, { node, name, results: graph.outputs.map((output) => output.name) });
}

function labelOf(node: OnnxNode, graph: OnnxGraph): string {
  return bodiesOf(node).find(([, body]) => body === graph)?.[0] ?? '';
}

interface BodyParts {
  readonly node: OnnxNode;
  readonly name: string;
  /** The attribute that holds the body: `then_branch`. */
  readonly label: string;
  readonly graph: OnnxGraph;
}

function readBody(reading: Reading, scope: Scope, parts: BodyParts): ReadBody {
  const { graph, node } = parts;
  // Loop feeds its round and its condition first; of other values only what the body states is sure.
  const fed = new Map<string, Shape>(
    graph.inputs.map((input, index) => [input.name, input.shape ?? (node.opType === 'Loop' && index < 2 ? [] : undefined)]),
  );
  const inner = bodyScope(reading, scope, parts, fed);
  readBodyNodes(reading, inner, graph.nodes);
  return { scope: inner, graph };
}

function bodyScope(reading: Reading, scope: Scope, parts: BodyParts, fed: ReadonlyMap<string, Shape>): Scope {
  const { graph, node, name, label } = parts;
  const prefix = `${name}/${label}/`;
  const inner: Scope = {
    values: new Map<string, Constant | string>(initialConstants(graph)),
    outer: scope,
    declared: declaredTensors([...graph.valueInfo, ...graph.outputs]),
    opset: scope.opset,
    ...(scope.attributes && { attributes: scope.attributes }),
    prefix,
    exports: new Map(),
    sealed: scope.sealed ?? sealOf(node, name, label),
  };
  for (const [input, shape] of fed) writeTensor(reading, inner, input, shape, 'channels-first');
  return inner;
}

function sealOf({ opType }: OnnxNode, name: string, label: string): string {
  return label.endsWith('_branch')
    ? t`it stands inside a branch of ${opType} "${name}", where Shiftlint does not rewrite`
    : t`it stands inside the body of ${opType} "${name}", where Shiftlint does not rewrite`;
}

/** What all branches agree on; a Loop's values may change their shape from round to round. */
function outputShape(reading: Reading, node: OnnxNode, bodies: readonly ReadBody[], index: number): Shape {
  if (node.opType !== 'If') return undefined;
  const shapes = bodies.map(({ scope, graph }): Shape => {
    const value = valueIn(scope, graph.outputs[index]?.name ?? '');
    return typeof value === 'string' ? reading.tensors.get(value)?.shape : value?.shape;
  });
  const [first, ...others] = shapes;
  if (first === undefined || others.some((shape) => shape?.length !== first.length)) return undefined;
  return first.map((length, axis): Dimension => (others.every((shape) => shape?.[axis] === length) ? length : null));
}
