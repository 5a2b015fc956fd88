import { turningOrder } from '../../../graph/layout';
import type { Layout } from '../../../graph/model-graph';
import { encodeIntegerTensor, encodeNode } from '../wire/write';
import { elementType } from '../wire/schema';
import { entryName } from './half-precision';
import { ownPrefix, type LevelSource } from './level-source';

/**
 * How a tensor crosses the border of a level: as float32, the batch first, channels next, under a name of its own where it is anything
 * else inside.
 */
export interface LevelEnd {
  /** Of the level's input or output. */
  readonly name: string;
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Uint8Array[];
  /** Weights of the model that the nodes read. */
  readonly weights: readonly string[];
}

/** A tensor of float32 with its channels first crosses as it is. */
function isPlain(source: LevelSource, tensor: string): boolean {
  return isFloat(source, tensor) && !isTurned(source, tensor);
}

function isFloat({ values, graph }: LevelSource, tensor: string): boolean {
  return (values.types.get(tensor) ?? elementType.float) === elementType.float && graph.tensors.get(tensor)?.shape?.length !== 0;
}

/** An image that the model turns only later; it crosses turned. */
function isTurned({ graph }: LevelSource, tensor: string): boolean {
  return graph.tensors.get(tensor)?.turned === true;
}

/** Operators for the scales of quantized values exist from here on. */
const scalesByOperator = 10;

/** Which way a tensor crosses: into the level, or out of it, each the inverse of the other. */
interface Way {
  /** What the end of a tensor is called. */
  readonly nameOf: (tensor: string) => string;
  readonly quantised: 'QuantizeLinear' | 'DequantizeLinear';
  /** The names on both sides of the nodes, first to last. @param inside what the level calls it @param outside what its end is called */
  readonly ends: (inside: string, outside: string) => readonly [string, string];
  /** Where the channels of an image that the model turns stand behind this end. */
  readonly turnsTo: Layout;
  /** What becomes of a value for the whole batch, which runs one image at a time: it is one of a batch outside, and has no axis inside. */
  readonly single: { readonly steps: readonly ['Cast' | 'Reshape', 'Cast' | 'Reshape']; readonly shape: readonly number[] };
}

const exit: Way = {
  nameOf: (tensor) => `${ownPrefix}/out/${tensor}`,
  quantised: 'DequantizeLinear',
  ends: (inside, outside) => [inside, outside],
  turnsTo: 'channels-first',
  single: { steps: ['Cast', 'Reshape'], shape: [1] },
};
const entry: Way = {
  nameOf: entryName,
  quantised: 'QuantizeLinear',
  ends: (inside, outside) => [outside, inside],
  turnsTo: 'channels-last',
  single: { steps: ['Reshape', 'Cast'], shape: [] },
};

/** What a level gives of a tensor. Whole numbers leave as what they stand for, where the model says so. */
export function levelExit(source: LevelSource, tensor: string): LevelEnd {
  return levelEnd(source, tensor, exit, elementType.float);
}

/** What a level is fed for a tensor; the inverse of its exit. */
export function levelEntry(source: LevelSource, tensor: string): LevelEnd {
  return levelEnd(source, tensor, entry, source.values.types.get(tensor) ?? elementType.float);
}

/** @param type of what comes out of the nodes, where they cast */
function levelEnd(source: LevelSource, tensor: string, way: Way, type: number): LevelEnd {
  if (isPlain(source, tensor)) return { name: tensor, nodes: [], initializers: [], weights: [] };
  const name = way.nameOf(tensor);
  if (!isTurned(source, tensor)) return castEnd(source, tensor, way, { name, type });
  const isCast = !isFloat(source, tensor);
  const between = isCast ? `${name}/channels last` : tensor;
  const cast = isCast ? castEnd(source, tensor, way, { name: between, type }) : { nodes: [], initializers: [], weights: [] };
  const [from, to] = way.ends(between, name);
  const perm = turningOrder(source.plan.input.isSignal ? 3 : 4, way.turnsTo);
  const turn = encodeNode({ opType: 'Transpose', inputs: [from], outputs: [to], attributes: { perm: { ints: perm } } });
  return { ...cast, name, nodes: way === entry ? [turn, ...cast.nodes] : [...cast.nodes, turn] };
}

/** The end of a tensor of another type. @param end what it is called, and the type of what comes out of its nodes */
function castEnd(
  source: LevelSource,
  tensor: string,
  way: Way,
  { name, type }: { readonly name: string; readonly type: number },
): LevelEnd {
  const [from, to] = way.ends(tensor, name);
  const weights = way === entry && isImage(source, tensor) ? [] : scalesOf(source, tensor);
  if (weights.length > 0) {
    const node = encodeNode({ opType: way.quantised, inputs: [from, ...weights], outputs: [to] });
    return { name, nodes: [node], initializers: [], weights };
  }
  const attributes = { to: { int: type } };
  if (source.graph.tensors.get(tensor)?.shape?.length !== 0) {
    const node = encodeNode({ opType: 'Cast', inputs: [from], outputs: [to], attributes });
    return { name, nodes: [node], initializers: [], weights: [] };
  }
  const { steps, shape } = way.single;
  const [between, shapeName] = [`${name}/between`, `${name}/shape`];
  const nodes = steps.map((opType, index) => {
    const [input, output] = index === 0 ? [from, between] : [between, to];
    return opType === 'Cast'
      ? encodeNode({ opType, inputs: [input], outputs: [output], attributes })
      : encodeNode({ opType, inputs: [input, shapeName], outputs: [output] });
  });
  return { name, nodes, initializers: [encodeIntegerTensor(shapeName, [shape.length], [...shape])], weights: [] };
}

/** The tensors of a quantized value's scale and zero point; none where it has none, or no operator reads them. */
function scalesOf({ values, model }: LevelSource, tensor: string): readonly string[] {
  const quantisation = model.opsetVersion < scalesByOperator ? undefined : values.quantisations.get(tensor);
  return quantisation === undefined ? [] : [quantisation.scale, quantisation.zeroPoint];
}

function isImage({ model }: LevelSource, tensor: string): boolean {
  return model.graph.inputs.some((input) => input.name === tensor);
}
