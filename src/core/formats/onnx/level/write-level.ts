import type { LevelResults } from '../../../equivariance/contracts';
import { elementType } from '../wire/schema';
import { encodeModel, encodeValueInfo } from '../wire/write';
import { blockedOperators, BlockedMaps } from './blocked/blocked-maps';
import { blockedNode } from './blocked/blocked-node';
import { circularNode } from './circular-node';
import type { EncodedNodes } from './encoded-nodes';
import { entryName, isHalf } from './half-precision';
import { interleavedImages } from './interleave';
import { levelEntry, levelExit, type LevelEnd } from './level-ends';
import { mapSums, runtimeOperators, type MapSums } from './level-sums';
import { mapSizeOf, nodeIndexOf, type LevelSource } from './level-source';
import { versionsForRuntime } from './runtime-versions';
import { namesRead, selectNodes } from './select-nodes';
import { weaveConvolution, wovenConvolution } from './woven-convolution';

/** An ONNX file for one level of a measurement plan. */
export interface LevelModel {
  readonly bytes: Uint8Array;
  /** The inputs that feeds go to, float32 all of them: what the model takes as another type is cast. */
  readonly feedNames: ReadonlyMap<string, string>;
  /** The tensors that the outputs are, float32 all of them too. */
  readonly fetchNames: ReadonlyMap<string, string>;
  /** The sums of maps, by tensor, and what they are called here. */
  readonly sums: ReadonlyMap<string, Pick<MapSums, 'reference' | 'squares' | 'products' | 'block'>>;
  /** Files beside the model that hold weights of this level. */
  readonly externalLocations: readonly string[];
  /** The batch has to be a multiple of this; 1 but where images are woven together. */
  readonly batchUnit: number;
}

/** From this version of the format on, initializers need not be inputs, and runtimes fold them as constants. */
const initializersAreConstant = 4;

/** How a level is written. */
export interface LevelForm {
  /** Weaves the images of small maps together, which runs faster but only on whole grids of images. */
  readonly forLargeBatches?: boolean;
  /** Takes sums by operators that graphics cards have too, so that maps stay there. */
  readonly forGpu?: boolean;
  /** Channels in a block, where the runtime has operators on maps in blocks of channels: what can runs on these. */
  readonly block?: number | undefined;
  /** All of the level's fetches as they are unless told. */
  readonly results?: LevelResults;
}

/**
 * Cuts a level of a measurement plan out of an ONNX model: nodes and weights as they stand in the file, except that window nodes of
 * the plan read a wrapped map and pad nothing themselves. The level takes its feeds as inputs with an open batch and gives its
 * fetches, or the sums of maps among them, as outputs.
 *
 * @param index of the level in the plan
 * @throws ModelError `unsupported` where the level depends on something it is not fed
 */
export function writeLevel(
  whole: LevelSource,
  index: number,
  { forLargeBatches = false, forGpu = false, block, results }: LevelForm = {},
): LevelModel {
  const { model, plan } = whole;
  const level = plan.levels[index];
  if (level === undefined) throw new Error(`The plan has no level ${index}.`);
  const source = {
    ...whole,
    fedWide: new Map(level.feeds.filter((tensor) => isHalf(whole, tensor)).map((tensor) => [tensor, entryName(tensor)])),
  };
  const entries = level.feeds.map((tensor) => levelEntry(source, tensor));
  const exitOf = new Map(
    (results === undefined ? level.fetches : [...results.maps, ...results.sums.keys()]).map((tensor) => [
      tensor,
      levelExit(source, tensor),
    ]),
  );
  const exits = [...exitOf.values()];
  const selected = selectNodes(source, level);
  const needed = new Set([...selected.initializers, ...[...entries, ...exits].flatMap(({ weights }) => weights)]);
  const blocks = block !== undefined && BlockedMaps.isPossible(source) ? new BlockedMaps(source, block, forLargeBatches) : undefined;
  const nodes = entries.flatMap((entry) => entry.nodes);
  const initializers = [...entries, ...exits].flatMap((end) => end.initializers);
  const readInModel = new Set<string>();
  const add = (parts: EncodedNodes): void => {
    nodes.push(...parts.nodes);
    initializers.push(...parts.initializers);
  };
  let batchUnit = 1;
  const layerOf = new Map(level.layers.map((layer) => [nodeIndexOf(source, layer), layer]));
  for (const nodeIndex of [...selected.nodes].sort((a, b) => a - b)) {
    const node = model.graph.nodes[nodeIndex];
    if (node === undefined) continue;
    const layer = layerOf.get(nodeIndex);
    if (blocks !== undefined) {
      const isWritten = layer !== undefined && blockedNode(blocks, node, layer);
      if (!isWritten) {
        for (const tensor of namesRead(node)) {
          readInModel.add(tensor);
          blocks.asInModel(tensor);
        }
      }
      add(blocks.take());
      if (isWritten) continue;
    }
    const woven = forLargeBatches && blocks === undefined ? wovenConvolution(source, node, layer) : undefined;
    const parts = woven === undefined ? circularNode(source, node, layer) : weaveConvolution(source, woven);
    if (woven !== undefined) batchUnit = Math.max(batchUnit, interleavedImages(woven.grid));
    add(parts);
  }
  const sums = new Map(
    [...(results?.sums ?? [])].flatMap(([tensor, map]) => {
      const form = { opset: model.opsetVersion, forGpu, block: blocks?.isBlocked(tensor) === true ? block : undefined };
      const name = form.block === undefined ? (exitOf.get(tensor)?.name ?? tensor) : (blocks?.nameOf(tensor) ?? tensor);
      const taken = mapSums(name, tensor, map, form);
      return taken === undefined ? [] : [[tensor, taken] as const];
    }),
  );
  const leaves = ([tensor]: readonly [string, LevelEnd]): boolean => results?.maps.includes(tensor) !== false || !sums.has(tensor);
  const leaving = [...exitOf].filter(leaves);
  if (blocks !== undefined) {
    for (const [tensor] of leaving) blocks.asInModel(tensor);
    add(blocks.take());
  }
  // The runtime works from the last node without readers back to what that reads: those of the first maps stand last, so that each map
  // is summed as soon as it is there, and let go.
  const taken = [...sums.values()].reverse();
  nodes.push(...[...exits, ...taken].flatMap((end) => end.nodes));
  initializers.push(...taken.flatMap((end) => end.initializers));
  const weights = model.graph.initializers.filter(
    ({ name }) => needed.has(name) && (blocks?.laidOut.has(name) !== true || readInModel.has(name)),
  );
  const versions = versionsForRuntime(
    model,
    [...selected.nodes].flatMap((nodeIndex) => model.graph.nodes[nodeIndex] ?? []),
    source.path,
  );
  const bytes = encodeModel({
    irVersion: Math.max(versions.irVersion, initializersAreConstant),
    producerName: 'shiftlint',
    opsets: {
      ...(taken.length > 0 && { [runtimeOperators.domain]: runtimeOperators.version }),
      ...(blocks !== undefined && { [blockedOperators.domain]: blockedOperators.version }),
      ...versions.opsets,
    },
    nodes,
    initializers: [...weights.map(({ message }) => message), ...initializers],
    inputs: [
      ...level.feeds.map((tensor, place) => encodeValueInfo(entries[place]?.name ?? tensor, elementType.float, feedShape(source, tensor))),
      ...taken.flatMap(({ inputs }) => inputs),
    ],
    outputs: [...leaving.map(([, { name }]) => encodeValueInfo(name, elementType.float)), ...taken.flatMap(({ outputs }) => outputs)],
  });
  const externalLocations = [...new Set(weights.flatMap(({ external }) => external?.get('location') ?? []))];
  const feedNames = new Map(level.feeds.map((tensor, place) => [tensor, entries[place]?.name ?? tensor]));
  const fetchNames = new Map(leaving.map(([tensor, { name }]) => [name, tensor]));
  batchUnit = Math.max(batchUnit, blocks?.batchUnit ?? 1);
  return { bytes, batchUnit, feedNames, fetchNames, sums, externalLocations };
}

function feedShape(source: LevelSource, tensor: string): readonly (number | string | null)[] | undefined {
  const { graph, plan } = source;
  const shape = graph.tensors.get(tensor)?.shape;
  if (shape?.length === 0) return ['batch'];
  if (shape?.length !== 4 || !plan.strides.has(tensor)) return shape?.map((_, axis) => (axis === 0 ? 'batch' : null));
  const [height, width] = mapSizeOf(source, tensor);
  return ['batch', shape[1] ?? null, ...(plan.input.isSignal ? [] : [height]), width];
}
