import { heightAxis } from '../../graph/layout';
import type { AxisPair, Layout } from '../../graph/model-graph';
import type { TensorBatch } from './circular-model';
import { geometryOf, type FeatureGeometry } from '../measure/feature-geometry';
import type { MeasurePlan } from '../plan/measure-plan';
import { area } from '../../graph/period';
import { ancestor, phaseIndex, samplesBetween, type Phase } from './phases';
import { rollInto } from './roll';
import { rollTokens, type TokenMovement } from '../tokens/token-roll';

/** Where a tensor that later levels read comes from. */
interface StoredTensor {
  /** Period of the level that computes it: it exists for the phases of that period only. */
  readonly period: AxisPair;
  /** Q of a feature map; undefined for a tensor without positions. */
  readonly stride: AxisPair | undefined;
  /** Set for a tensor whose positions are not axes of a map. */
  readonly tokens: TokenMovement | undefined;
  /** Dimensions with batch 1. */
  readonly dims: readonly number[];
  readonly samples: Map<number, Float32Array>;
}

/** The tensors held between levels, and the feeds made from them. */
export class FeatureStore {
  private readonly tensors = new Map<string, StoredTensor>();
  private readonly feedBuffers = new Map<string, Float32Array>();

  constructor(private readonly layout: Layout) {}

  /** Announces a tensor before its samples are added. `dims` has batch 1. */
  declare(tensor: string, period: AxisPair, { strides, tokens }: Pick<MeasurePlan, 'strides' | 'tokens'>, dims: readonly number[]): void {
    this.tensors.set(tensor, { period, stride: strides.get(tensor), tokens: tokens.get(tensor), dims, samples: new Map() });
  }

  /** Bytes of one sample. */
  sampleBytes(tensor: string): number {
    return this.stored(tensor).dims.reduce((product, length) => product * length, 4);
  }

  add(tensor: string, phase: Phase, sample: Float32Array): void {
    const { samples, period } = this.stored(tensor);
    samples.set(phaseIndex(phase, period), sample);
  }

  release(tensor: string, phase: Phase): void {
    const { samples, period } = this.stored(tensor);
    samples.delete(phaseIndex(phase, period));
  }

  /**
   * The tensor for a batch of phases of a later level: `F_s = roll(F_(s mod N), (s - s mod N) / Q)`, where N is the period
   * of the level that computed it. Tensors without positions are the same for all of them. The next feed of the tensor overwrites it.
   */
  feed(tensor: string, phases: readonly Phase[]): TensorBatch {
    const { period, stride, tokens, dims, samples } = this.stored(tensor);
    const [, ...shape] = dims;
    const length = shape.reduce((product, side) => product * side, 1);
    const data = this.feedBuffer(tensor, phases.length * length);
    const geometry = stride === undefined ? undefined : movedGeometry(dims, this.layout);
    for (const [index, phase] of phases.entries()) {
      const origin = ancestor(phase, period);
      const sample = samples.get(phaseIndex(origin, period));
      if (sample === undefined) throw new Error(`Tensor ${tensor} is not held for shift ${origin.join(', ')}.`);
      if (tokens !== undefined) data.set(rollTokens(sample, dims, tokens, samplesBetween(origin, phase, tokens.stride)), index * length);
      else if (geometry === undefined || stride === undefined) data.set(sample, index * length);
      else rollInto(data, index * length, sample, geometry, samplesBetween(origin, phase, stride));
    }
    return { data, dims: [phases.length, ...shape] };
  }

  /** Fresh memory for every run would take longer to clear than to fill. */
  private feedBuffer(tensor: string, length: number): Float32Array {
    const known = this.feedBuffers.get(tensor);
    const buffer = known !== undefined && known.length >= length ? known : new Float32Array(length);
    this.feedBuffers.set(tensor, buffer);
    return buffer.subarray(0, length);
  }

  private stored(tensor: string): StoredTensor {
    const stored = this.tensors.get(tensor);
    if (stored === undefined) throw new Error(`Tensor ${tensor} is read before its level has run.`);
    return stored;
  }
}

/** Geometry of a batch of feature maps, those of signals included; undefined where the tensor has no positions that a shift could move. */
function movedGeometry(dims: readonly number[], layout: Layout): FeatureGeometry | undefined {
  const geometry = geometryOf(dims.length === 3 ? dims.toSpliced(heightAxis(layout), 0, 1) : dims, layout);
  return geometry === undefined || area(geometry.size) === 1 ? undefined : geometry;
}
