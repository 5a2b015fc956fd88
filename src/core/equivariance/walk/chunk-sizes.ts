import { area } from '../../graph/period';
import type { AxisPair } from '../../graph/model-graph';
import type { RunLimits } from './circular-model';

/** What one phase of a level costs. */
export interface PhaseCost {
  readonly period: AxisPair;
  /** Feeds, fetches and the runtime's copies of them, only during a run. */
  readonly workingBytes: number;
  /** Of these, what is fed and given. */
  readonly exchangedBytes: number;
  /** Feeds of later levels, kept while those run. */
  readonly heldBytes: number;
  readonly multiplyAdds: number;
  readonly batchable: boolean;
  /** Whether a run compares its maps with F_0 itself, which it lays out once for all of its phases. */
  readonly givesSums: boolean;
}

/** How many phases of a level are run as one batch, and how many are held while their descendants run. */
export interface ChunkSize {
  readonly run: number;
  readonly held: number;
}

/** A run should end within a fraction of a second, so that cancelling and progress stay prompt. */
const multiplyAddsPerRun = 4e9;
const multiplyAddsPerSummedRun = 12e9;
/** The run at hand may take at most so much of the budget; runs that give sums gain most by being wide. */
const runShare = 1 / 4;
const summedRunShare = 1 / 2;
/**
 * Maps that stay in the caches of a processor between two operators are read several times as fast. Wider runs than of an even batch
 * are cut to what does, since from there on the weights and F_0 are no longer what most is read of.
 */
const cachedBytes = 24 * 2 ** 20;
/** Runtimes weave the images of small maps together in grids of up to this many; other batches are padded. */
const evenBatch = 16;

/**
 * Shares the budget: a part for the run at hand, the rest for held phases. Every level gets at least one phase. Late levels,
 * where most of the work is, get enough for full runs first; then early ones are widened, as breadth there lets early heatmaps complete
 * before later levels start.
 *
 * @param device where runs take a memory of their own; what is fed and given still takes the budget's
 */
export function chunkSizes(costs: readonly PhaseCost[], budgetBytes: number, device?: RunLimits): readonly ChunkSize[] {
  const forRun = budgetBytes * (costs.some(({ givesSums }) => givesSums) ? summedRunShare : runShare);
  const heldPhases = shareHeld(costs, budgetBytes - forRun);
  return costs.map((cost, index) => {
    const held = heldPhases[index] ?? 1;
    const byMemory =
      device === undefined
        ? Math.min(phasesWithin(forRun, cost.workingBytes), Math.max(evenBatch, phasesWithin(cachedBytes, cost.workingBytes)))
        : Math.min(phasesWithin(forRun, cost.exchangedBytes), phasesWithin(device.bytes, cost.workingBytes));
    const byWork = phasesWithin(
      device?.multiplyAdds ?? (cost.givesSums ? multiplyAddsPerSummedRun : multiplyAddsPerRun),
      cost.multiplyAdds,
    );
    return { held, run: cost.batchable ? even(Math.max(1, Math.min(held, byMemory, byWork))) : 1 };
  });
}

/** How many phases of each level are held. */
function shareHeld(costs: readonly PhaseCost[], budgetBytes: number): readonly number[] {
  const held = costs.map(() => 1);
  let spare = budgetBytes - costs.reduce((sum, cost) => sum + cost.heldBytes, 0);
  const widen = ({ period, heldBytes }: PhaseCost, index: number, most: number): void => {
    const before = held[index] ?? 1;
    const affordable = heldBytes === 0 ? most : before + Math.floor(Math.max(0, spare) / heldBytes);
    const after = Math.max(before, Math.min(area(period), most, affordable));
    held[index] = after;
    spare -= (after - before) * heldBytes;
  };
  for (const [index, cost] of [...costs.entries()].reverse()) widen(cost, index, evenBatch);
  for (const [index, cost] of costs.entries()) widen(cost, index, Infinity);
  return held;
}

function phasesWithin(limit: number, ofOne: number): number {
  return Math.floor(limit / Math.max(1, ofOne));
}

function even(batch: number): number {
  return batch < evenBatch ? batch : batch - (batch % evenBatch);
}
