import type { Layout } from '../../graph/model-graph';
import { equivarianceAt, isZeroMap, referenceMap } from './closed-form';
import { featureLength, type FeatureGeometry } from './feature-geometry';
import type { MeasuredLayer } from '../plan/measure-plan';
import { meaningOf, type Meaningless } from './meaningless';
import type { Heatmap, Metric } from './measurement';
import { area } from '../../graph/period';
import type { Products, ReferenceMap } from './products';
import { latticeIndex, noShift, type Phase } from '../walk/phases';
import { latticeSize } from '../plan/tail-step';

/** Fills one layer's heatmap phase by phase; keeps the layer's F_0 until the map is complete. */
export class HeatmapBuilder {
  private readonly tile: Float32Array;
  private readonly reference: ReferenceMap;
  private missing: number;

  /** @param unshifted F_0, one sample. */
  constructor(
    private readonly layer: MeasuredLayer,
    unshifted: Float32Array,
    layout: Layout,
    metric: Metric,
    private readonly products: Products,
  ) {
    const geometry: FeatureGeometry = { layout, channels: layer.channels, size: layer.size };
    if (unshifted.length !== featureLength(geometry)) {
      throw new Error(`Layer ${layer.layer} gave ${unshifted.length} numbers, not ${featureLength(geometry)}.`);
    }
    this.tile = new Float32Array(area(latticeSize(layer.period, layer.step)));
    this.missing = this.tile.length;
    this.reference = referenceMap(unshifted, geometry, metric);
    this.add(noShift, unshifted);
  }

  get complete(): boolean {
    return this.missing === 0;
  }

  /** Takes F_s. Phases beyond the layer's own period, which its level may run for others' sake, repeat earlier ones. */
  add(phase: Phase, shifted: Float32Array): void {
    const { period, step, spatialStride } = this.layer;
    const place = phase[0] < period[0] && phase[1] < period[1] ? latticeIndex(phase, period, step) : undefined;
    if (place === undefined) return;
    this.tile[place] = equivarianceAt(this.reference, shifted, phase, spatialStride, this.products);
    this.missing--;
  }

  /** Why the finished heatmap says nothing; undefined where it does say something. */
  meaningless(): Meaningless | undefined {
    return meaningOf(this.tile, isZeroMap(this.reference));
  }

  /** The finished heatmap. */
  build(): Heatmap {
    let sum = 0;
    let min = 1;
    for (const value of this.tile) {
      sum += value;
      min = Math.min(min, value);
    }
    return { layer: this.layer, tile: this.tile, mean: sum / this.tile.length, min };
  }
}
