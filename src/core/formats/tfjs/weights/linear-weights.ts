import type { Window } from '../../../graph/model-graph';
import type { LinearLayer, LinearWeights, UnsolvableLayer } from '../../../recover/linear-layer';
import type { WeightSlices } from '../weight-slices';
import { kernelCounts, storedPlaces, type KernelForm } from './kernel-form';

/** What takes a bias: the layer's own, a sum behind it, or the mean of a normalisation behind it, from which it is subtracted. */
export interface BiasWeight {
  readonly weight: string;
  readonly kind: 'own' | 'added' | 'mean';
}

/** Which weights of a model a linear layer has. */
export interface LinearPlaces {
  readonly kernel: string;
  readonly form: KernelForm;
  readonly bias: BiasWeight | undefined;
}

/** A linear layer of a TensorFlow.js model. */
export interface TfjsLinear {
  readonly linear: LinearLayer;
  readonly places: LinearPlaces;
}

/** Describes a linear layer by its weights; undefined where the file lacks its kernel. */
export function linearLayer(
  layer: string,
  places: LinearPlaces,
  window: Window | undefined,
  groups: number,
  weights: WeightSlices,
): TfjsLinear | undefined {
  const kernel = weights(places.kernel);
  if (kernel?.dtype !== 'float32') return undefined;
  const { outputs, unknowns } = kernelCounts(places.form, kernel.shape);
  const read = async (): Promise<LinearWeights> => {
    const stored = await kernel.read(0, outputs * unknowns);
    const bias = places.bias?.kind === 'own' ? await weights(places.bias.weight)?.read(0, outputs) : undefined;
    return {
      weights: Float32Array.from(storedPlaces(places.form, kernel.shape), (place) => stored[place] ?? 0),
      bias: bias && Float32Array.from(bias),
    };
  };
  const biasPlace = places.bias === undefined ? 'none' : places.bias.kind === 'own' ? 'own' : 'behind';
  return { linear: { layer, window, groups, outputs, unknowns, biasPlace, read }, places };
}

/** New numbers of a model's weights, by name, as the file stores them. */
export type NewValues = Map<string, Float32Array>;

/**
 * Notes what the new weights of a layer make of the file's. A bias that lies behind it is added to what stands there, or taken from a
 * mean.
 */
export async function noteNewValues(
  values: NewValues,
  { linear, places }: TfjsLinear,
  { weights, bias }: LinearWeights,
  slices: WeightSlices,
): Promise<void> {
  const shape = slices(places.kernel)?.shape ?? [];
  const kernel = new Float32Array(linear.outputs * linear.unknowns);
  for (const [index, place] of storedPlaces(places.form, shape).entries()) kernel[place] = weights[index] ?? 0;
  values.set(places.kernel, kernel);
  if (bias === undefined || places.bias === undefined) return;
  const { weight, kind } = places.bias;
  const present = kind === 'own' ? undefined : await slices(weight)?.read(0, linear.outputs);
  values.set(
    weight,
    bias.map((value, output) => (present?.[output] ?? 0) + (kind === 'mean' ? -value : value)),
  );
}

/** What is told of a layer outside the format. */
export function asLinear(found: TfjsLinear | UnsolvableLayer | undefined): LinearLayer | UnsolvableLayer | undefined {
  return found === undefined || 'reason' in found ? found : found.linear;
}
