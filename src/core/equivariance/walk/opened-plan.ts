import type { ModelGraph } from '../../graph/model-graph';
import type { MeasurePlan } from '../plan/measure-plan';
import type { CircularModel } from './circular-model';

/** A plan with the model that was opened for it: all that running it needs, beside the image. */
export interface OpenedPlan {
  readonly plan: MeasurePlan;
  readonly graph: ModelGraph;
  /** Opened with the plan. */
  readonly model: CircularModel;
}
