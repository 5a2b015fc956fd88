import type { OnnxNode } from '../wire/proto';
import { encodeNode } from '../wire/write';
import { circularResample } from './circular-resample';
import { circularWrap, type WrappedMap } from './circular-wrap';
import type { EncodedNodes } from './encoded-nodes';
import { bridge } from './half-precision';
import { mapSizeOf, ownPrefix, type LevelSource } from './level-source';

/** Attributes of window operators that the explicit wrap replaces. */
const paddingAttributes: ReadonlySet<string> = new Set(['pads', 'auto_pad', 'ceil_mode']);

/**
 * A node under the circular protocol: window nodes read a wrapped map and pad nothing themselves, folded pads hand their input on, all
 * others stand as they are in the file.
 * @param layer undefined for a node that only computes constants
 */
export function circularNode(source: LevelSource, node: OnnxNode, layer: string | undefined): EncodedNodes {
  const { plan, operationOf } = source;
  if (layer === undefined) return asItIs(node);
  const [input = ''] = node.inputs;
  if (plan.foldedPads.has(layer)) {
    return { nodes: [encodeNode({ opType: 'Identity', inputs: [input], outputs: node.outputs })], initializers: [] };
  }
  const resampling = plan.circularResampling.get(layer);
  const operation = operationOf.get(layer);
  if (resampling !== undefined && operation !== undefined) {
    const place = placeOf(source, node);
    const [full, output = ''] = [`${place.prefix}/full`, ...node.outputs];
    const bridges = { input: bridge(source, input, `${place.prefix}/in`), output: bridge(source, full, `${place.prefix}/out`, output) };
    return circularResample({ ...place, node, operation, resampling, full, bridges }) ?? asItIs(node);
  }
  const padding = plan.circularPadding.get(layer);
  if (padding === undefined) return asItIs(node);
  const place = placeOf(source, node);
  const { wide, narrow } = bridge(source, input, place.prefix);
  const wrap = circularWrap({ ...place, tensor: wide.output, padding });
  const wrapped = narrow(wrap.output);
  return {
    nodes: [...wide.nodes, ...wrap.nodes, ...wrapped.nodes, withoutPadding(node, wrapped.output)],
    initializers: wrap.initializers,
  };
}

/** What is left of a node's own attributes where a wrap takes the place of its padding. */
export function unpaddedAttributes(node: OnnxNode, ...removed: readonly string[]): readonly Uint8Array[] {
  return [...node.attributes.values()]
    .filter(({ name }) => !paddingAttributes.has(name) && !removed.includes(name))
    .map(({ message }) => message);
}

function asItIs(node: OnnxNode): EncodedNodes {
  return { nodes: [node.message], initializers: [] };
}

function withoutPadding(node: OnnxNode, map: string): Uint8Array {
  const { name, opType, domain, inputs, outputs } = node;
  return encodeNode({ name, opType, domain, inputs: [map, ...inputs.slice(1)], outputs, verbatimAttributes: unpaddedAttributes(node) });
}

/** Where a node's map is wrapped, and how our own tensors there are called. */
function placeOf(source: LevelSource, { inputs: [input = ''], outputs: [output = ''] }: OnnxNode): Omit<WrappedMap, 'tensor' | 'padding'> {
  const { model, plan } = source;
  return { size: mapSizeOf(source, input), opset: model.opsetVersion, isSignal: plan.input.isSignal, prefix: `${ownPrefix}/${output}` };
}
