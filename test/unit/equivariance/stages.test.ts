import { describe, expect, it } from 'vitest';
import type { MeasureLevel } from '../../../src/core/equivariance/contracts';
import { joinLevels } from '../../../src/core/equivariance/walk/stages';
import type { AxisPair } from '../../../src/core/graph/model-graph';

const level = (period: AxisPair, step: AxisPair = [1, 1], layers: readonly string[] = ['layer']): MeasureLevel => ({
  period,
  step,
  layers,
  feeds: [],
  fetches: [],
  batchable: true,
  multiplyAdds: 1,
});
const squares = (...sides: readonly number[]): { readonly levels: readonly MeasureLevel[] } => ({
  levels: sides.map((side) => level([side, side])),
});
const joined = (...models: readonly { readonly levels: readonly MeasureLevel[] }[]) =>
  joinLevels(models)?.map(({ period, levels }) => [period[0], Object.fromEntries(levels)]);

describe('joining the levels of models', () => {
  it('meets where the periods are equal, and goes on where one model has more', () => {
    expect(joined(squares(1, 4, 8), squares(1, 2, 4))).toEqual([
      [1, { 0: 0, 1: 0 }],
      [2, { 1: 1 }],
      [4, { 0: 1, 1: 2 }],
      [8, { 0: 2 }],
    ]);
    expect(joined(squares(1, 2), squares(4), squares(8))).toEqual([
      [1, { 0: 0 }],
      [2, { 0: 1 }],
      [4, { 1: 0 }],
      [8, { 2: 0 }],
    ]);
  });

  it('leaves out levels that have no layers', () => {
    expect(joined(squares(1, 2, 4), { levels: [level([1, 1], [1, 1], []), level([2, 2])] })).toEqual([
      [1, { 0: 0 }],
      [2, { 0: 1, 1: 1 }],
      [4, { 0: 2 }],
    ]);
  });

  it('keeps a tail behind the level whose period is the image too', () => {
    expect(joined(squares(1, 8, 8), squares(1, 8, 8))).toEqual([
      [1, { 0: 0, 1: 0 }],
      [8, { 0: 1, 1: 1 }],
      [8, { 0: 2, 1: 2 }],
    ]);
  });

  it('gives up where the periods are no chain', () => {
    expect(joined(squares(1, 2), squares(1, 3))).toBeUndefined();
    expect(joinLevels([{ levels: [level([2, 1])] }, { levels: [level([1, 2])] }])).toBeUndefined();
  });

  it('gives up where one model runs for shifts that another leaves out', () => {
    const tail = (step: number): { readonly levels: readonly MeasureLevel[] } => ({
      levels: [level([1, 1]), level([80, 80], [step, step])],
    });
    expect(joinLevels([tail(3), tail(3)])).toHaveLength(2);
    expect(joinLevels([tail(3), tail(5)])).toBeUndefined();
    expect(joinLevels([tail(3), { levels: [level([160, 160])] }])).toBeUndefined();
  });
});
