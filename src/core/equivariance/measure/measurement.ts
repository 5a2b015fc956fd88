import type { AxisPair } from '../../graph/model-graph';
import type { MeasuredLayer, OmittedLayer } from '../plan/measure-plan';
import type { MeaninglessMap } from './meaningless';
import { latticeSize } from '../plan/tail-step';
import type { Metric } from './products';

export type { Metric };

/** Equivariance of one layer over all shifts. */
export interface Heatmap {
  readonly layer: MeasuredLayer;
  /**
   * E[s] for s in [0, period) every step pixels, row-major `[periodY / stepY, periodX / stepX]` rounded up; the map over the whole image
   * repeats it.
   */
  readonly tile: Float32Array;
  readonly mean: number;
  readonly min: number;
}

/** The model's first output for every shift, row-major `[periodY / stepY, periodX / stepX, values]` rounded up; repeats over the image. */
export interface OutputMap {
  readonly name: string;
  readonly period: AxisPair;
  /** Pixels between the shifts. */
  readonly step: AxisPair;
  /** Numbers per shift (the output flattened, batch left out). */
  readonly values: number;
  readonly tile: Float32Array;
}

/** Everything one run yields. Only this leaves the engine, never activations. */
export interface Measurement {
  readonly metric: Metric;
  readonly size: AxisPair;
  readonly heatmaps: readonly Heatmap[];
  readonly output: OutputMap | { readonly reason: string };
  readonly omitted: readonly OmittedLayer[];
  readonly notes: readonly string[];
  /** Layers of `omitted` that were run all the same: their maps hold no signal, or what is no number. */
  readonly meaningless: readonly MeaninglessMap[];
}

/** Numbers for the shifts of an image, row-major `[shape[0], shape[1], values]`. */
export interface ShiftMap {
  readonly data: Float32Array;
  readonly shape: AxisPair;
}

/** The map over the whole image; where only some shifts were run, one number for each of those. */
export function wholeMap(
  { tile, period, step, values = 1 }: Pick<OutputMap, 'tile' | 'period' | 'step'> & { readonly values?: number },
  size: AxisPair,
): ShiftMap {
  const everyShift = step[0] === 1 && step[1] === 1;
  return everyShift ? { data: expandTile(tile, period, size, values), shape: size } : { data: tile, shape: latticeSize(period, step) };
}

/** Repeats a tile of step 1 over the image: `[size[0], size[1], values]`, row-major. Works for heatmaps with `values` 1. */
export function expandTile(tile: Float32Array, period: AxisPair, size: AxisPair, values = 1): Float32Array {
  const [height, width] = size;
  const expanded = new Float32Array(height * width * values);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = ((y % period[0]) * period[1] + (x % period[1])) * values;
      expanded.set(tile.subarray(from, from + values), (y * width + x) * values);
    }
  }
  return expanded;
}
