import type { Layout } from '../../../graph/model-graph';
import type { OnnxNode } from '../wire/proto';
import { writeTensor } from './add-layer';
import { valueIn, type Reading, type Scope } from './graph-scope';
import { nodeName } from './layer-names';

/** A node whose outputs a body computes. */
export interface BodyCall {
  readonly node: OnnxNode;
  /** Of the node's layer. */
  readonly name: string;
  /** What leaves the body, by its names there. */
  readonly results: readonly string[];
}

/** Reads the nodes of a body into its scope. */
export function readBodyNodes(reading: Reading, scope: Scope, nodes: readonly OnnxNode[]): void {
  reading.readNodes(reading, scope, nodes, bodyNames(reading, scope, nodes));
}

/** Names of a body's layers: its prefix, then the node's own name. */
function bodyNames(reading: Reading, scope: Scope, nodes: readonly OnnxNode[]): (index: number) => string {
  return (index) => {
    const node = nodes[index];
    return reading.layerNames.take(`${scope.prefix}${node === undefined ? `node ${index}` : nodeName(node, index).replace(/^\/+/, '')}`);
  };
}

/**
 * Gives a call's outputs the values that its body computed; a value that only passes through, or leaves twice, gets a layer of
 * its own.
 */
export function bindOutputs(reading: Reading, scope: Scope, inner: Scope, { node, name, results }: BodyCall): void {
  const bound = new Set<string>();
  for (const [index, output] of node.outputs.entries()) {
    if (output === '') continue;
    const result = results[index] ?? '';
    const written = valueIn(inner, result);
    const exported = inner.exports.get(result);
    if (typeof written !== 'string') {
      scope.values.set(output, written ?? { shape: undefined, type: 0 });
    } else if (written === exported && !bound.has(written)) {
      bound.add(written);
      scope.values.set(output, written);
    } else {
      passThrough(reading, scope, { node, name, output, written, sealed: inner.sealed });
    }
  }
}

interface PassedValue {
  readonly node: OnnxNode;
  readonly name: string;
  readonly output: string;
  readonly written: string;
  readonly sealed: string | undefined;
}

function passThrough(reading: Reading, scope: Scope, { node, name, output, written, sealed }: PassedValue): void {
  const tensor = reading.tensors.get(written);
  const layout: Layout = tensor?.layout ?? 'channels-first';
  const graphOutput = writeTensor(reading, scope, output, tensor?.shape, layout);
  reading.layers.push({
    name: reading.layerNames.take(`${name}/${output}`),
    op: node.opType,
    operation: { kind: 'pointwise', role: 'identity' },
    inputs: [written],
    outputs: [graphOutput],
    ...(sealed !== undefined && { sealed }),
  });
}
