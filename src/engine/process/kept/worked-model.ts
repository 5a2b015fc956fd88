import { isDeepStrictEqual } from 'node:util';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { weightBytes } from '../../../core/equivariance/plan/weight-bytes';
import type { CircularModel } from '../../../core/equivariance/walk/circular-model';
import type { ReadModel } from '../../input/read-model';
import { engineSettings } from '../../protocol/engine-settings';
import { isWorthGpu } from '../../runtimes/devices/gpu-worth';
import type { Engine } from '../../runtimes/engine';
import { engineFor } from '../model/engine-for';
import { retellingEngine } from './retelling-engine';

/** A plan, and the multiply-adds that its runs will take, about. */
export interface PlannedRuns {
  readonly plan: MeasurePlan;
  readonly multiplyAdds: number;
}

/** A model that was opened under a plan, and what opened it. */
export interface OpenedRuns {
  readonly engine: Engine;
  readonly model: CircularModel;
}

interface OpenedPlan extends OpenedRuns {
  readonly plan: MeasurePlan;
  /** Whether its work was worth a graphics card. */
  readonly isWorthGpu: boolean;
  /** Of its weights, in all threads of the runtime. */
  readonly bytes: number;
}

/** Of the memory budget, what other plans may take that stay open beside the one at hand. */
const shareBeside = 1 / 8;

/**
 * A model as it was read, and as it is open under the plans of one call or, where it is kept, of several. It belongs to one call, or to
 * `KeptModels` between two: whoever has it disposes of it or hands it on.
 */
export class WorkedModel {
  /** The one that was asked for last stands last. */
  private opened: readonly OpenedPlan[] = [];
  private chosen: Promise<Engine> | undefined;

  constructor(readonly read: ReadModel) {}

  /** Bytes of its file and of the weights that its runtimes hold for any of the plans. */
  get bytes(): number {
    return this.read.payload.bytes.length + this.opened.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Whether a plan is open already. */
  isOpenFor(planned: PlannedRuns): boolean {
    return this.find(planned) !== undefined;
  }

  /** What will run a plan. One call runs all of its plans on one engine. */
  engineFor(planned: PlannedRuns): Promise<Engine> {
    const known = this.find(planned);
    if (known !== undefined) return Promise.resolve(known.engine);
    return (this.chosen ??= engineFor(this.read.opened.format.id, planned.multiplyAdds).then(retellingEngine));
  }

  /**
   * Opens a plan, unless it is open. Plans that nobody has asked for lately are closed where they take much.
   * @param budgetBytes of the whole process
   * @returns what runs it, and what the other plans take that stay open
   * @throws ModelError
   */
  async open(planned: PlannedRuns, budgetBytes: number): Promise<OpenedRuns & { readonly bytesBeside: number }> {
    const known = this.find(planned);
    const bytesBeside = await this.closeBeside(known, budgetBytes * shareBeside);
    const opened = known ?? (await this.openAnew(planned));
    this.opened = [...this.opened.filter((plan) => plan !== opened), opened];
    return { ...opened, bytesBeside };
  }

  /**
   * A call is over.
   * @returns whether what is open may serve the next one: a card that was given up is to be tried again by it
   */
  endCall(): boolean {
    this.chosen = undefined;
    for (const { model } of this.opened) model.endCall?.();
    return this.opened.every(({ engine }) => engine.hasFallenBack !== true);
  }

  async dispose(): Promise<void> {
    const { opened } = this;
    this.opened = [];
    for (const { model } of opened) await model.dispose();
  }

  private find({ plan, multiplyAdds }: PlannedRuns): OpenedPlan | undefined {
    const isWorth = isWorthGpu(engineSettings().device, multiplyAdds);
    return this.opened.find((known) => known.isWorthGpu === isWorth && runsAlike(known.plan, plan));
  }

  private async openAnew({ plan, multiplyAdds }: PlannedRuns): Promise<OpenedPlan> {
    const { read } = this;
    const engine = await this.engineFor({ plan, multiplyAdds });
    const layers = new Set(plan.levels.flatMap((level) => level.layers));
    return {
      plan,
      engine,
      model: await engine.openCircular(read, plan),
      isWorthGpu: isWorthGpu(engineSettings().device, multiplyAdds),
      bytes: engine.threads * weightBytes(read.graph, read.graph.format === 'tfjs-layers' ? undefined : layers),
    };
  }

  /** @returns the bytes of the plans that stay open beside one */
  private async closeBeside(one: OpenedPlan | undefined, mostBytes: number): Promise<number> {
    let bytesBeside = 0;
    for (const plan of [...this.opened].reverse()) {
      if (plan === one) continue;
      if (bytesBeside + plan.bytes <= mostBytes) {
        bytesBeside += plan.bytes;
        continue;
      }
      this.opened = this.opened.filter((open) => open !== plan);
      await plan.model.dispose();
    }
    return bytesBeside;
  }
}

/** Whether two plans run alike; what they say to people is of no matter. */
function runsAlike(plan: MeasurePlan, other: MeasurePlan): boolean {
  return isDeepStrictEqual({ ...plan, notes: [] }, { ...other, notes: [] });
}
