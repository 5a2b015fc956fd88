import { describe, expect, it } from 'vitest';
import { chunkSizes, type PhaseCost } from '../../../src/core/equivariance/walk/chunk-sizes';

/** Levels of periods 1, 2, 4 and so on, of which a phase holds so many bytes each. */
function costs(...heldBytes: readonly number[]): readonly PhaseCost[] {
  return heldBytes.map((bytes, level) => ({
    period: [2 ** level, 2 ** level],
    workingBytes: 1,
    exchangedBytes: 1,
    heldBytes: bytes,
    multiplyAdds: 1,
    batchable: true,
    givesSums: true,
  }));
}

const heldOf = (levels: readonly PhaseCost[], budget: number): readonly number[] => chunkSizes(levels, budget).map(({ held }) => held);

describe('phases that are held of each level', () => {
  it('are all of them where the budget allows', () => {
    expect(heldOf(costs(8, 4, 2, 1, 0), 1e6)).toEqual([1, 4, 16, 64, 256]);
  });

  it('are one each where it allows no more', () => {
    expect(heldOf(costs(800, 400, 200, 100), 10)).toEqual([1, 1, 1, 1]);
  });

  it('suffice for full runs of late levels before early ones are widened', () => {
    // Half of 600 bytes: one phase each takes 150, fifteen more of the last level 150.
    expect(heldOf(costs(80, 40, 20, 10), 600)).toEqual([1, 1, 1, 16]);
  });

  it('are more of early levels than full runs ask for before they are more of late ones', () => {
    // One each 15, fifteen more of the last two 45, three of the second 12; of 128 what is left goes to the third, then to the last.
    expect(heldOf(costs(8, 4, 2, 1), 2 * (15 + 15 + 30 + 12 + 20))).toEqual([1, 4, 16, 36]);
  });

  it('take no more than their share', () => {
    for (const budget of [1000, 2345, 10_000]) {
      const levels = costs(100, 70, 30, 9, 4);
      const bytes = heldOf(levels, budget).reduce((sum, held, index) => sum + held * levels[index]!.heldBytes, 0);
      expect(bytes).toBeLessThanOrEqual(budget / 2);
    }
  });
});

describe('phases that run together', () => {
  const runOf = (workingBytes: number): number =>
    chunkSizes(
      costs(1, 1, 1, 1, 1, 1, 1).map((cost) => ({ ...cost, workingBytes })),
      2 ** 30,
    ).at(-1)!.run;

  it('take no more than the caches of a processor hold, but an even batch in any case', () => {
    expect(runOf(2 ** 18)).toBe(96);
    expect(runOf(2 ** 20)).toBe(16);
    expect(runOf(2 ** 22)).toBe(16);
    expect(runOf(2 ** 26)).toBe(8);
  });
});
