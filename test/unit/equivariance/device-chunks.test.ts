import { describe, expect, it } from 'vitest';
import { chunkSizes, type PhaseCost } from '../../../src/core/equivariance/walk/chunk-sizes';

const level: PhaseCost = {
  period: [8, 8],
  workingBytes: 1_000,
  exchangedBytes: 100,
  heldBytes: 0,
  multiplyAdds: 1e9,
  batchable: true,
  givesSums: true,
};
const run = (cost: PhaseCost, budgetBytes: number, device?: Parameters<typeof chunkSizes>[2]) =>
  chunkSizes([cost], budgetBytes, device)[0]?.run;

describe('a run on a device with a memory of its own', () => {
  const device = { bytes: 32_000, multiplyAdds: 1e12 };

  it('takes as many phases as its memory holds, whatever the budget of the process', () => {
    expect(run(level, 20_000)).toBe(10);
    expect(run(level, 20_000, device)).toBe(32);
  });

  it('still takes no more of the process than half of its budget, for what is fed and given', () => {
    expect(run(level, 2_600, device)).toBe(13);
  });

  it('takes as much work as the device does in a moment', () => {
    expect(run(level, 4e6)).toBe(12);
    expect(run(level, 4e6, { bytes: 4e6, multiplyAdds: 3e10 })).toBe(16);
    expect(run(level, 4e6, { bytes: 4e6, multiplyAdds: 5e9 })).toBe(5);
  });
});
