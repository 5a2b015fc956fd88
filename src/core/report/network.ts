import type { AxisPair, Layer, ModelGraph } from '../graph/model-graph';
import { analyseSampling, spatialShape, type Sampling } from '../graph/sampling';
import { shapeText } from '../graph/shapes';
import { lowPass } from '../rewrite/low-pass';

/** A tensor that a layer reads. */
export interface NetworkEdge {
  /** Place of the layer that gives it among the graph's layers; `-1 - n` for the n-th input of the model. */
  readonly from: number;
  /** For people: `1 × 64 × 56 × 56`. */
  readonly shape: string;
}

/** A layer of a picture of the network; the picture knows it by its place among the graph's layers. */
export interface NetworkNode {
  /** Path of its module (`layer2.0.conv1`); null where the exporter kept none. */
  readonly module: string | null;
  /** What it reads, in order; nothing for a layer of constants. */
  readonly reads: readonly NetworkEdge[];
  readonly isOutput: boolean;
  /** A blur smooths and does no more, as inserted ones do; a merge joins what branches gave. */
  readonly kind: 'blur' | 'merge' | 'other';
  /** Whether its map has fewer or more samples than what it is made of. */
  readonly sampling: 'down' | 'up' | 'same';
  /** Height and width of its map; null where they are not known, or it gives none. */
  readonly size: AxisPair | null;
}

/** An input of the model. */
export interface NetworkInput {
  readonly name: string;
  readonly shape: string;
}

/** What flows into the network, in the order of the model's inputs. */
export function networkInputs({ inputs, tensors }: ModelGraph): readonly NetworkInput[] {
  return inputs.map((name) => ({ name, shape: shapeText(tensors.get(name)?.shape) }));
}

/** The layers of a graph and what connects them, from the `first` on; each is made when it is asked for. */
export function* networkNodes(graph: ModelGraph, first: number): Iterable<NetworkNode> {
  const samplings = analyseSampling(graph);
  const places = new Map(graph.inputs.map((name, index) => [name, -1 - index]));
  for (const [index, layer] of graph.layers.entries()) for (const tensor of layer.outputs) places.set(tensor, index);
  const outputs = new Set(graph.outputs);
  for (const layer of graph.layers.slice(first)) {
    const reads = layer.inputs.flatMap((tensor) => {
      const from = places.get(tensor);
      return from === undefined ? [] : [{ from, shape: shapeText(graph.tensors.get(tensor)?.shape) }];
    });
    const size = sizeOf(graph, layer);
    yield {
      module: layer.module ?? null,
      reads,
      isOutput: layer.outputs.some((tensor) => outputs.has(tensor)),
      kind: kindOf(layer),
      // Where a single sample is left, nothing was left out: it is made of all of them.
      sampling: size?.every((length) => length === 1) === true ? 'same' : changeOf(layer, samplings),
      size,
    };
  }
}

function kindOf({ operation }: Layer): NetworkNode['kind'] {
  if (lowPass(operation) !== undefined && operation.kind === 'convolution') return 'blur';
  return operation.kind === 'merge' ? 'merge' : 'other';
}

function changeOf({ inputs, outputs }: Layer, samplings: ReadonlyMap<string, Sampling | undefined>): NetworkNode['sampling'] {
  const after = samplings.get(outputs[0] ?? '')?.stride;
  const before = inputs.flatMap((tensor) => samplings.get(tensor)?.stride ?? []);
  if (after === undefined || before.length === 0) return 'same';
  const finest = Math.min(...before);
  if (Math.max(...after) > Math.max(...before)) return 'down';
  return Math.min(...after) < finest ? 'up' : 'same';
}

function sizeOf(graph: ModelGraph, { outputs }: Layer): AxisPair | null {
  const [height = 1, width = 1] = spatialShape(graph, outputs[0] ?? '')?.size.slice(-2) ?? [null, null];
  return height === null || width === null ? null : [height, width];
}
