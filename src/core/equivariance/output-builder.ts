import type { AxisPair } from '../graph/model-graph';
import type { OutputMap } from './measurement';
import { area } from './period';
import { phaseIndex, type Phase } from './phases';

/** Collects the model's first output for every shift of its level's period. */
export class OutputBuilder {
  private readonly tile: Float32Array;

  constructor(
    private readonly name: string,
    private readonly period: AxisPair,
    private readonly values: number,
  ) {
    this.tile = new Float32Array(area(period) * values);
  }

  add(phase: Phase, output: Float32Array): void {
    this.tile.set(output, phaseIndex(phase, this.period) * this.values);
  }

  build(): OutputMap {
    return { name: this.name, period: this.period, values: this.values, tile: this.tile };
  }
}
