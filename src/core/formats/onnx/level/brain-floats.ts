import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxValueInfo } from '../wire/proto';
import { elementType } from '../wire/schema';
import { encodeAttribute, encodeNode } from '../wire/write';

/** Starts the names of our own tensors here. */
const prefix = 'shiftlint/float';

/** Attributes that name the type of a result. */
const typeAttributes: ReadonlySet<string> = new Set(['to', 'dtype', 'output_dtype']);

/**
 * The model with float32 in the place of bfloat16, which ONNX Runtime has no kernels for on a CPU: weights are cast, and what would make
 * a bfloat16 makes a float32. Models without bfloat16 stay as they are. Node i of the result is node i of the model; casts follow behind.
 */
export function withoutBrainFloats(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const weights = new Set(graph.initializers.filter(({ dataType }) => dataType === elementType.bfloat16).map(({ name }) => name));
  const infos = [...graph.inputs, ...graph.outputs, ...graph.valueInfo];
  const isAnywhere =
    weights.size > 0 ||
    infos.some((info) => info.elementType === elementType.bfloat16) ||
    graph.nodes.some((node) => makesConstant(node) || [...node.attributes.values()].some(namesBrainFloat));
  if (!isAnywhere) return model;
  const casts = [...weights].map((name) => castNode(name, floatName(name), graph.nodes[0]));
  const nodes = graph.nodes.map((node) => {
    const lowered = withFloats(node, weights);
    if (!makesConstant(node)) return lowered;
    const [output = ''] = node.outputs;
    casts.push(castNode(floatName(output), output, node));
    return rewritten(lowered, { outputs: [floatName(output)] });
  });
  const asFloat = (info: OnnxValueInfo): OnnxValueInfo =>
    info.elementType === elementType.bfloat16 ? { ...info, elementType: elementType.float } : info;
  return {
    ...model,
    graph: {
      ...graph,
      nodes: [...nodes, ...casts.flatMap((cast) => cast ?? [])],
      inputs: graph.inputs.map(asFloat),
      outputs: graph.outputs.map(asFloat),
      valueInfo: graph.valueInfo.map(asFloat),
    },
  };
}

function floatName(tensor: string): string {
  return `${prefix}/${tensor}`;
}

/** True for a node that holds bfloat16 values itself. */
function makesConstant({ attributes }: OnnxNode): boolean {
  return attributes.get('value')?.tensor?.dataType === elementType.bfloat16;
}

function namesBrainFloat({ name, int }: OnnxAttribute): boolean {
  return int === elementType.bfloat16 && typeAttributes.has(name);
}

function withFloats(node: OnnxNode, weights: ReadonlySet<string>): OnnxNode {
  const readsWeights = node.inputs.some((input) => weights.has(input));
  if (!readsWeights && ![...node.attributes.values()].some(namesBrainFloat)) return node;
  const attributes = new Map(
    [...node.attributes].map(([name, attribute]): [string, OnnxAttribute] => {
      if (!namesBrainFloat(attribute)) return [name, attribute];
      return [name, { ...attribute, int: elementType.float, message: encodeAttribute(name, { int: elementType.float }) }];
    }),
  );
  return rewritten(node, { inputs: node.inputs.map((input) => (weights.has(input) ? floatName(input) : input)), attributes });
}

function rewritten(node: OnnxNode, changes: Partial<Pick<OnnxNode, 'inputs' | 'outputs' | 'attributes'>>): OnnxNode {
  const changed = { ...node, ...changes };
  const { name, opType, domain, inputs, outputs, attributes } = changed;
  const verbatimAttributes = [...attributes.values()].map(({ message }) => message);
  return { ...changed, message: encodeNode({ name, opType, domain, inputs, outputs, verbatimAttributes }) };
}

/** @param like any node, for where a node stands; ours stands nowhere */
function castNode(input: string, output: string, like: OnnxNode | undefined): OnnxNode | undefined {
  if (like === undefined) return undefined;
  const message = encodeAttribute('to', { int: elementType.float });
  const to: OnnxAttribute = { field: like.field, message, name: 'to', int: elementType.float, ints: [], floats: [], graphs: [] };
  const { field } = like;
  const cast: OnnxNode = {
    field,
    message: new Uint8Array(),
    name: '',
    opType: 'Cast',
    domain: '',
    inputs: [input],
    outputs: [output],
    attributes: new Map([['to', to]]),
  };
  return rewritten(cast, {});
}
