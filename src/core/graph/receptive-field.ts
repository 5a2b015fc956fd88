import type { AxisPair, Layer, ModelGraph } from './model-graph';
import { analyseSampling, declaredLengths, imageAxes, type Sampling } from './sampling';
import { effectiveKernel } from './window';

/** How much of the image one value of a tensor is made of. */
export interface ReceptiveField {
  /** Pixels that it reaches along each axis by windows, where no border cuts them off; null for values that belong to no position. */
  readonly size: AxisPair | null;
  /** True where something of the whole image comes in besides: by a global pool, as in squeeze-excite, or by a dense layer. */
  readonly isGlobal: boolean;
}

const onePixel: ReceptiveField = { size: [1, 1], isGlobal: false };
const ofNoImage: ReceptiveField = { size: null, isGlobal: false };
const wholeImage: ReceptiveField = { size: null, isGlobal: true };

/**
 * The receptive field of every tensor; undefined behind layers nobody can judge. A window of k samples that lie j pixels apart adds
 * (k - 1) j, so that along one path r = 1 + sum over l of (k_l - 1) s_1 ... s_(l-1): Araujo, Norris, Sim, "Computing Receptive Fields of
 * Convolutional Neural Networks", Distill 2019. Where paths meet, the largest of theirs counts, as there; together they reach further
 * only where their windows are not centred on each other. Statistics that a normalisation takes of a whole map are left out of account.
 */
export function receptiveFields(graph: ModelGraph): ReadonlyMap<string, ReceptiveField | undefined> {
  const samplings = analyseSampling(graph);
  const fields = new Map<string, ReceptiveField | undefined>();
  for (const input of graph.inputs) fields.set(input, samplings.get(input) === undefined ? ofNoImage : onePixel);
  for (const layer of graph.layers) {
    const field = fieldBehind(graph, layer, samplings, largest(layer.inputs.map((input) => fields.get(input))));
    for (const output of layer.outputs) {
      const belongs = field?.size === null || samplings.get(output) !== undefined;
      fields.set(output, belongs ? field : field && ofNoMap(graph, output));
    }
  }
  return fields;
}

/** A scale that is computed from a map is of all of it; of a map whose place on the image is not known nothing can be said. */
function ofNoMap(graph: ModelGraph, tensor: string): ReceptiveField | undefined {
  return (graph.tensors.get(tensor)?.shape?.length ?? 3) < 3 ? wholeImage : undefined;
}

function fieldBehind(
  graph: ModelGraph,
  layer: Layer,
  samplings: ReadonlyMap<string, Sampling | undefined>,
  before: ReceptiveField | undefined,
): ReceptiveField | undefined {
  const { kind } = layer.operation;
  if (kind === 'opaque' || before === undefined || before.size === null) return kind === 'opaque' ? undefined : before;
  if (kind === 'global-pool' || kind === 'positional') return wholeImage;
  const distance = layer.inputs.map((input) => samplings.get(input)?.stride).find((stride) => stride !== undefined);
  if (distance === undefined) return undefined;
  const [y, x] = imageAxes(samplesRead(graph, layer));
  return { ...before, size: [before.size[0] + (y - 1) * distance[0], before.size[1] + (x - 1) * distance[1]] };
}

/** The largest along any of the paths that meet. */
function largest(fields: readonly (ReceptiveField | undefined)[]): ReceptiveField | undefined {
  let joined = ofNoImage;
  for (const field of fields) {
    if (field === undefined) return undefined;
    joined = { size: largerSize(joined.size, field.size), isGlobal: joined.isGlobal || field.isGlobal };
  }
  return joined;
}

function largerSize(a: AxisPair | null, b: AxisPair | null): AxisPair | null {
  return a === null || b === null ? (a ?? b) : [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
}

/** From the first to the last sample that one of the output is made of, per spatial axis: as many as for the sample with the most. */
function samplesRead(graph: ModelGraph, layer: Layer): readonly number[] {
  const { operation } = layer;
  switch (operation.kind) {
    case 'convolution':
    case 'max-pool':
    case 'average-pool':
      return effectiveKernel(operation.window);
    case 'transposed-convolution':
      // A window of k lies at every s-th sample of the output, which ceil(k / s) of them cover.
      return effectiveKernel(operation.window).map((extent, axis) => Math.ceil(extent / (operation.window.stride[axis] ?? 1)));
    case 'space-to-depth':
      return operation.block;
    case 'resize': {
      const { mode, antialias = false } = operation;
      const least = samplesInterpolated(mode);
      const shrinks = declaredLengths(graph, layer).map(({ before, after }) => Math.max(1, before / after));
      return shrinks.map((factor) => (antialias || mode.includes('area') ? Math.ceil(least * factor) : least));
    }
    default:
      return [];
  }
}

/** Samples that an interpolation weighs, one beside the other. */
function samplesInterpolated(mode: string): number {
  if (mode.includes('nearest')) return 1;
  return mode.includes('cubic') ? 4 : 2;
}
