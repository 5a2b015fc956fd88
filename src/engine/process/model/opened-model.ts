import { planWork } from '../../../core/equivariance/plan/plan-work';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import type { CancellationProbe, CircularModel } from '../../../core/equivariance/walk/circular-model';
import { choosePreprocessing } from '../../../core/input/preprocessing';
import type { MeasureOptions, ShareDone } from '../../protocol/measuring';
import type { InputSpec, SentModel } from '../../protocol/payload';
import type { Engine } from '../../runtimes/engine';
import { nextTurn } from '../next-turn';
import { engineFor } from './engine-for';
import { budgetForMaps } from './memory-budget';
import { namingLayers } from './naming-layers';
import type { PixelModel } from './planned-input';
import { readForImage } from './read-for-image';

/** What every call that opens a model asks. */
export interface ModelRequest {
  readonly model: SentModel;
  readonly options: Pick<MeasureOptions, 'memoryBudgetBytes' | 'preprocessing' | 'size'>;
  /** What it is shown, where that is one input. */
  readonly input?: InputSpec;
}

/** A model that was read and is not yet open. */
export interface ModelToOpen extends PixelModel {
  /**
   * What will run it, by the multiply-adds that it will take; loaded when first asked for, so that what cannot be planned is
   * refused at once.
   */
  readonly engine: (multiplyAdds: number) => Promise<Engine>;
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
 * Reads a model, lets `prepare` plan what is wanted of it, opens it under that plan, lets `use` run it and closes it again.
 * @throws ModelError where the model or the input cannot be used
 */
export async function withOpenedModel<Prepared extends PreparedPlan, Result>(
  { model: sent, options, input }: ModelRequest,
  prepare: (model: ModelToOpen) => Prepared | Promise<Prepared>,
  use: (opened: OpenedMeasurement & Prepared) => Promise<Result>,
): Promise<Result> {
  const read = await readForImage(sent, options.size, input);
  const {
    payload,
    opened: { format },
    graph,
  } = read;
  const pixels = choosePreprocessing(graph, options.preprocessing);
  let chosen: Promise<Engine> | undefined;
  const engineOf = (multiplyAdds: number): Promise<Engine> => (chosen ??= engineFor(format.id, multiplyAdds));
  const prepared = await prepare({ graph, pixels, engine: engineOf });
  const engine = await engineOf(prepared.multiplyAdds ?? planWork(prepared.plan));
  const model = await engine.openCircular(read, prepared.plan);
  const memoryBudgetBytes = budgetForMaps(options.memoryBudgetBytes, graph, payload.bytes.length);
  try {
    return await namingLayers(engine, read, options.size, () => use({ ...prepared, graph, pixels, model, engine, memoryBudgetBytes }));
  } finally {
    await model.dispose();
  }
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
