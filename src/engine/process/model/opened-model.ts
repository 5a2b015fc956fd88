import { planWork } from '../../../core/equivariance/plan/plan-work';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import type { CancellationProbe, CircularModel } from '../../../core/equivariance/walk/circular-model';
import { choosePreprocessing } from '../../../core/input/preprocessing';
import type { MeasureOptions, ShareDone } from '../../protocol/measuring';
import type { InputSpec, SentModel } from '../../protocol/payload';
import type { Engine } from '../../runtimes/engine';
import { keptModels } from '../kept/kept-models';
import type { PlannedRuns } from '../kept/worked-model';
import { nextTurn } from '../next-turn';
import { budgetForMaps } from './memory-budget';
import { namingLayers } from './naming-layers';
import type { PixelModel } from './planned-input';

/** What every call that opens a model asks. */
export interface ModelRequest {
  readonly model: SentModel;
  readonly options: Pick<MeasureOptions, 'memoryBudgetBytes' | 'preprocessing' | 'size'>;
  /** What it is shown, where that is one input. */
  readonly input?: InputSpec;
}

/** A model that was read and is not yet open. */
export interface ModelToOpen extends PixelModel {
  /** What will run it; loaded when first asked for, so that what cannot be planned is refused at once. */
  readonly engine: (prepared: PreparedPlan) => Promise<Engine>;
}

/** An opened measurement. */
export interface OpenedMeasurement extends PixelModel {
  readonly plan: MeasurePlan;
  /** Open until the measurement is over. */
  readonly model: CircularModel;
  /** Which backend ran it and what is to be said of that is known once it has run. */
  readonly engine: Engine;
  /** What is left for maps once the model is open. */
  readonly memoryBudgetBytes: number;
}

/** What a call will run. */
export interface PreparedPlan {
  readonly plan: MeasurePlan;
  /** That it will take, about; those of the plan over all shifts without it. */
  readonly multiplyAdds?: number;
}

/**
 * Reads a model, lets `prepare` plan what is wanted of it, opens it under that plan and lets `use` run it. It is kept for the next call
 * about it, unless this one fails; a call that is cancelled ends between two runs and leaves nothing half.
 * @throws ModelError where the model or the input cannot be used
 */
export async function withOpenedModel<Prepared extends PreparedPlan, Result>(
  { model: sent, options, input }: ModelRequest,
  prepare: (model: ModelToOpen) => Prepared | Promise<Prepared>,
  use: (opened: OpenedMeasurement & Prepared) => Promise<Result>,
): Promise<Result> {
  const { memoryBudgetBytes: budgetBytes, size } = options;
  const taken = await keptModels.take({ sent, size, input });
  const { worked } = taken;
  try {
    const { payload, graph } = worked.read;
    const pixels = choosePreprocessing(graph, options.preprocessing);
    const prepared = await prepare({ graph, pixels, engine: (planned) => worked.engineFor(plannedRuns(planned)) });
    const { engine, model, bytesBeside } = await worked.open(plannedRuns(prepared), budgetBytes);
    const memoryBudgetBytes = budgetForMaps(budgetBytes, graph, payload.bytes.length, bytesBeside);
    const result = await namingLayers(engine, worked.read, size, () =>
      use({ ...prepared, graph, pixels, model, engine, memoryBudgetBytes }),
    );
    await keptModels.giveBack(taken, budgetBytes);
    return result;
  } catch (error) {
    await worked.dispose();
    throw error;
  }
}

function plannedRuns({ plan, multiplyAdds = planWork(plan) }: PreparedPlan): PlannedRuns {
  return { plan, multiplyAdds };
}

/** How the runs of a call let it be followed and cancelled. */
export function followedBy(call: CancellationProbe & { readonly report: (progress: ShareDone) => void }) {
  return {
    cancellation: call,
    onProgress: (done: number): void => {
      call.report({ kind: 'share', done });
    },
    pause: nextTurn,
  };
}
