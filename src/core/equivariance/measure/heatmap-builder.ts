import type { Layout } from '../../graph/model-graph';
import { equivarianceAt, equivarianceOfSums, isZeroMap, referenceMap } from './closed-form';
import { featureLength, type FeatureGeometry } from './feature-geometry';
import type { MeasuredLayer } from '../plan/measure-plan';
import { meaningOf, type Meaningless } from './meaningless';
import type { Heatmap, Metric } from './measurement';
import { area } from '../../graph/period';
import { terms, type PlaceSums, type Products, type ReferenceMap } from './products';
import { latticeIndex, noShift, type Phase } from '../walk/phases';
import { latticeSize } from '../plan/tail-step';

/** Fills one layer's heatmap phase by phase; keeps the layer's F_0 until the map is complete. */
export class HeatmapBuilder {
  private readonly tile: Float32Array;
  private map: ReferenceMap;
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
    this.map = referenceMap(unshifted, geometry, metric);
    this.add(noShift, unshifted);
  }

  /** F_0. */
  get reference(): ReferenceMap {
    return this.map;
  }

  /** What these rolls take. */
  get rolledBytes(): number {
    return terms * featureLength(this.map.geometry) * 4;
  }

  /** Lets a runtime that compares with all four rolls of F_0 at every run keep them. */
  rollReference(): void {
    this.map = { ...this.map, isRolled: true };
  }

  get complete(): boolean {
    return this.missing === 0;
  }

  /** Takes F_s. */
  add(phase: Phase, shifted: Float32Array): void {
    this.fill(phase, () => equivarianceAt(this.reference, shifted, phase, this.layer.spatialStride, this.products));
  }

  /** Takes the sums of F_s, of a layer that stays in place. */
  addSums(phase: Phase, sums: PlaceSums): void {
    this.fill(phase, () => equivarianceOfSums(this.reference, sums, phase, this.layer.spatialStride));
  }

  /** Phases beyond the layer's own period, which its level may run for others' sake, repeat earlier ones. */
  private fill(phase: Phase, value: () => number): void {
    const { period, step } = this.layer;
    const place = phase[0] < period[0] && phase[1] < period[1] ? latticeIndex(phase, period, step) : undefined;
    if (place === undefined) return;
    this.tile[place] = value();
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
