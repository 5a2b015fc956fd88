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
/** Runtimes weave the images of small maps together in grids of up to this many; other batches are padded. */
const evenBatch = 16;

/**
 * Shares the budget: at most a quarter for the run at hand, the rest for held phases. Early levels are widened first, as
 * breadth there lets early heatmaps complete before later levels start; every level gets at least one phase.
 *
 * @param device where runs take a memory of their own; what is fed and given still takes the budget's
 */
export function chunkSizes(costs: readonly PhaseCost[], budgetBytes: number, device?: RunLimits): readonly ChunkSize[] {
  let spare = budgetBytes * 0.75 - costs.reduce((sum, cost) => sum + cost.heldBytes, 0);
  return costs.map((cost) => {
    const phases = area(cost.period);
    const affordable = cost.heldBytes === 0 ? phases : 1 + Math.floor(Math.max(0, spare) / cost.heldBytes);
    const held = Math.min(phases, affordable);
    spare -= (held - 1) * cost.heldBytes;
    const forRun = budgetBytes * 0.25;
    const byMemory =
      device === undefined
        ? phasesWithin(forRun, cost.workingBytes)
        : Math.min(phasesWithin(forRun, cost.exchangedBytes), phasesWithin(device.bytes, cost.workingBytes));
    const byWork = phasesWithin(
      device?.multiplyAdds ?? (cost.givesSums ? multiplyAddsPerSummedRun : multiplyAddsPerRun),
      cost.multiplyAdds,
    );
    return { held, run: cost.batchable ? even(Math.max(1, Math.min(held, byMemory, byWork))) : 1 };
  });
}

function phasesWithin(limit: number, ofOne: number): number {
  return Math.floor(limit / Math.max(1, ofOne));
}

function even(batch: number): number {
  return batch < evenBatch ? batch : batch - (batch % evenBatch);
}
