import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import type { CircularModel, RunLimits, SummedRun } from '../../../core/equivariance/walk/circular-model';
import { modelCost } from '../../../core/graph/cost';
import type { RunTold } from '../../protocol/messages';
import type { Engine } from '../../runtimes/engine';
import { batchSize, type Batches } from '../../runtimes/one-by-one';

/** What every run may take: the first of a level makes its session, and the machine may be busy. */
const leastLimitMs = 120_000;
/** Far fewer than the slowest backend does on the slowest machine. */
const multiplyAddsPerMs = 10_000;

let tell: ((told: RunTold) => void) | undefined;
let runs = 0;

/** Names who hears of every run of a model before it begins and after it has ended: whoever ends this process where one hangs. */
export function tellRuns(listener: typeof tell): void {
  tell = listener;
}

/** An engine whose runs are told of, with the time that their work may take at most. */
export function watchedEngine(engine: Engine): Engine {
  return {
    get backend() {
      return engine.backend;
    },
    get threads() {
      return engine.threads;
    },
    get hasFallenBack() {
      return engine.hasFallenBack === true;
    },
    notesOfRun: () => engine.notesOfRun(),
    async openCircular(model, plan, beside) {
      return new WatchedModel(await engine.openCircular(model, plan, beside instanceof WatchedModel ? beside.own : beside), plan);
    },
    run: (model, feeds) => watched(modelCost(model.graph)?.multiplyAdds ?? 0, () => engine.run(model, feeds)),
  };
}

class WatchedModel implements CircularModel {
  constructor(
    readonly own: CircularModel,
    private readonly plan: MeasurePlan,
  ) {}

  runLevel(level: number, feeds: Batches): Promise<Batches> {
    return this.watchedLevel(level, feeds, () => this.own.runLevel(level, feeds));
  }

  get runSums(): SummedRun | undefined {
    const { runSums } = this.own;
    if (runSums === undefined) return undefined;
    return (level, feeds, wanted) => this.watchedLevel(level, feeds, () => runSums(level, feeds, wanted));
  }

  get runLimits(): RunLimits | undefined {
    return this.own.runLimits;
  }

  endCall(): void {
    this.own.endCall?.();
  }

  dispose(): Promise<void> {
    return this.own.dispose();
  }

  private watchedLevel<T>(level: number, feeds: Batches, run: () => Promise<T>): Promise<T> {
    return watched((this.plan.levels[level]?.multiplyAdds ?? 0) * batchSize(feeds), run);
  }
}

async function watched<T>(multiplyAdds: number, work: () => Promise<T>): Promise<T> {
  const run = runs++;
  tell?.({ kind: 'run-began', run, limitMs: leastLimitMs + multiplyAdds / multiplyAddsPerMs });
  try {
    return await work();
  } finally {
    tell?.({ kind: 'run-ended', run });
  }
}
