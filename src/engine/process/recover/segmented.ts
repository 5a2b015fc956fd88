import { deployedPlan } from '../../../core/equivariance/plan/output-plan';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { openSize, planMeasurement } from '../../../core/equivariance/plan/plan';
import { feedsOf } from '../../../core/equivariance/plan/planned-input';
import type { CircularModel, TensorBatch } from '../../../core/equivariance/walk/circular-model';
import type { AxisPair, ModelGraph } from '../../../core/graph/model-graph';
import { runPart, type SegmentedModel } from '../../../core/recover/segmented-model';
import { segmentedPlan } from '../../../core/recover/segmented-plan';
import { bytesOf, type Tensors } from '../../../core/recover/tensor-store';

/** A model that is run in parts, and the plan that an engine opens it with. */
export interface CutModel extends SegmentedModel {
  readonly plan: MeasurePlan;
}

/** Which model is cut, and where. */
export interface Cuts {
  readonly graph: ModelGraph;
  readonly size: AxisPair | undefined;
  readonly answer: string;
  /** What the layers of each stage read. */
  readonly stages: readonly (readonly string[])[];
}

/** Cuts a model in front of the layers of every stage. @throws ModelError where it takes no image */
export function cutModel({ graph, size, answer, stages }: Cuts): CutModel {
  const cuts = [...stages, [answer]];
  const plan = segmentedPlan(deployedPlan(planMeasurement(graph, openSize(graph, size)), graph, [answer]), graph, cuts);
  return {
    graph,
    plan,
    cuts,
    answer,
    feeds: plan.levels.map(({ feeds }) => feeds),
    inputs: (images) => feedsOf(plan.input, images, graph.layout),
  };
}

/** What running some images through all parts came to. */
export interface WholeRun {
  readonly answer: TensorBatch | undefined;
  /** Bytes of the tensors that were known at once, at most. */
  readonly liveBytes: number;
}

/** Runs images through a model, part by part. */
export async function runWhole(model: CutModel, opened: CircularModel, images: TensorBatch): Promise<WholeRun> {
  let live: Tensors = model.inputs(images);
  let liveBytes = 0;
  for (const part of model.cuts.keys()) {
    live = await runPart(model, opened, live, part);
    liveBytes = Math.max(liveBytes, bytesOf(live));
  }
  return { answer: live.get(model.answer), liveBytes };
}
