import type { MeasureLevel } from '../../../equivariance/contracts';
import { elementType } from '../wire/schema';
import { encodeModel, encodeNode, encodeValueInfo } from '../wire/write';
import { circularNode } from './circular-node';
import { interleavedImages } from './interleave';
import { inputType, mapSizeOf, nodeIndexOf, outputType, ownPrefix, type LevelSource } from './level-source';
import { selectNodes } from './select-nodes';
import { weaveConvolution, wovenConvolution } from './woven-convolution';

/** An ONNX file for one level of a measurement plan. */
export interface LevelModel {
  readonly bytes: Uint8Array;
  /** The inputs that feeds go to, float32 all of them: what the model takes as another type is cast. */
  readonly feedNames: ReadonlyMap<string, string>;
  /** Files beside the model that hold weights of this level. */
  readonly externalLocations: readonly string[];
  /** The batch has to be a multiple of this; 1 but where images are woven together. */
  readonly batchUnit: number;
}

/** From this version of the format on, initializers need not be inputs, and runtimes fold them as constants. */
const initializersAreConstant = 4;

/**
 * Cuts a level of a measurement plan out of an ONNX model: nodes and weights as they stand in the file, except that window nodes of
 * the plan read a wrapped map and pad nothing themselves. The level takes its feeds as inputs with an open batch and gives its
 * fetches as outputs.
 *
 * @param index of the level in the plan
 * @param forLargeBatches weaves the images of small maps together, which runs faster but only on whole grids of images
 * @throws ModelError `unsupported` where the level depends on something it is not fed
 */
export function writeLevel(source: LevelSource, index: number, forLargeBatches = false): LevelModel {
  const { model, plan } = source;
  const level = plan.levels[index];
  if (level === undefined) throw new Error(`The plan has no level ${index}.`);
  const feedNames = feedNamesOf(source, level);
  const selected = selectNodes(source, level);
  const weights = model.graph.initializers.filter(({ name }) => selected.initializers.has(name));
  const nodes = [...castFeeds(source, feedNames)];
  const initializers = weights.map(({ message }) => message);
  let batchUnit = 1;
  const layerOf = new Map(level.layers.map((layer) => [nodeIndexOf(source, layer), layer]));
  for (const nodeIndex of [...selected.nodes].sort((a, b) => a - b)) {
    const node = model.graph.nodes[nodeIndex];
    if (node === undefined) continue;
    const layer = layerOf.get(nodeIndex);
    const woven = forLargeBatches ? wovenConvolution(source, node, layer) : undefined;
    const parts = woven === undefined ? circularNode(source, node, layer) : weaveConvolution(source, woven);
    if (woven !== undefined) batchUnit = Math.max(batchUnit, interleavedImages(woven.grid));
    nodes.push(...parts.nodes);
    initializers.push(...parts.initializers);
  }
  const bytes = encodeModel({
    irVersion: Math.max(model.irVersion, initializersAreConstant),
    producerName: 'shiftlint',
    opsets: { '': model.opsetVersion, ...Object.fromEntries(model.opsets.map(({ domain, version }) => [domain, version])) },
    nodes,
    initializers,
    inputs: [...feedNames].map(([tensor, name]) => encodeValueInfo(name, elementType.float, feedShape(source, tensor))),
    outputs: level.fetches.map((tensor) => encodeValueInfo(tensor, outputType(model, tensor))),
  });
  const externalLocations = [...new Set(weights.flatMap(({ external }) => external?.get('location') ?? []))];
  return { bytes, batchUnit, feedNames, externalLocations };
}

function feedNamesOf({ model }: LevelSource, { feeds }: MeasureLevel): ReadonlyMap<string, string> {
  return new Map(feeds.map((tensor) => [tensor, inputType(model, tensor) === elementType.float ? tensor : `${ownPrefix}/${tensor}`]));
}

/** What the model takes as another type than float32 is cast from the feed. */
function castFeeds({ model }: LevelSource, feedNames: ReadonlyMap<string, string>): readonly Uint8Array[] {
  return [...feedNames].flatMap(([tensor, name]) =>
    name === tensor
      ? []
      : [encodeNode({ opType: 'Cast', inputs: [name], outputs: [tensor], attributes: { to: { int: inputType(model, tensor) } } })],
  );
}

function feedShape(source: LevelSource, tensor: string): readonly (number | string | null)[] | undefined {
  const { graph, plan } = source;
  const shape = graph.tensors.get(tensor)?.shape;
  if (shape?.length !== 4 || !plan.strides.has(tensor)) return shape?.map((_, axis) => (axis === 0 ? 'batch' : null));
  const [height, width] = mapSizeOf(source, tensor);
  return ['batch', shape[1] ?? null, ...(plan.input.isSignal ? [] : [height]), width];
}
