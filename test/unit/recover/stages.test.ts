import { describe, expect, it } from 'vitest';
import { bytesOfStage, fittingStages } from '../../../src/core/recover/layer-sums';
import type { RecoveryStep } from '../../../src/core/recover/steps';

function step(layer: string, unknowns: number): RecoveryStep {
  const linear = {
    layer,
    window: undefined,
    groups: 1,
    outputs: 4,
    unknowns,
    biasPlace: 'own',
    read: () => Promise.reject(new Error()),
  } as const;
  return { linear } as unknown as RecoveryStep;
}

function names(stages: readonly (readonly RecoveryStep[])[]): readonly (readonly string[])[] {
  return stages.map((steps) => steps.map(({ linear }) => linear.layer));
}

describe('stages', () => {
  const branches = [step('a', 99), step('b', 99), step('c', 99), step('d', 999)];
  // Two Gram matrices and a factor of 100 rows, and twice the products with 4 outputs.
  const one = 8 * (3 * 100 * 100 + 2 * 4 * 100);

  it('take what all their layers need, those that do not fit at all aside', () => {
    expect(bytesOfStage([step('a', 99)], 1e9)).toBe(one);
    expect(bytesOfStage(branches, 2 * one)).toBe(3 * one);
  });

  it('are taken apart where their sums do not fit the memory together', () => {
    expect(names(fittingStages([branches], 1e9))).toEqual([['a', 'b', 'c', 'd']]);
    expect(names(fittingStages([branches], 2 * one))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(names(fittingStages([branches.slice(0, 2), branches.slice(2)], one))).toEqual([['a'], ['b'], ['c', 'd']]);
  });
});
