import type { AxisPair } from '../../graph/model-graph';
import type { OutputMap } from '../measure/measurement';
import { area } from '../../graph/period';
import { latticeIndex, type Phase } from './phases';
import { latticeSize } from '../plan/tail-step';

/** Collects the model's first output for the shifts that its level runs for. */
export class OutputBuilder {
  private readonly tile: Float32Array;

  constructor(
    private readonly name: string,
    private readonly period: AxisPair,
    private readonly step: AxisPair,
    private readonly values: number,
  ) {
    this.tile = new Float32Array(area(latticeSize(period, step)) * values);
  }

  add(phase: Phase, output: Float32Array): void {
    const place = latticeIndex(phase, this.period, this.step);
    if (place !== undefined) this.tile.set(output, place * this.values);
  }

  build(): OutputMap {
    return { name: this.name, period: this.period, step: this.step, values: this.values, tile: this.tile };
  }
}
