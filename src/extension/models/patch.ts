import type { Patch } from '../../core/formats/format';
import { selectPlans, type FixRequest } from '../../core/lint/select-plans';
import type { BlurPlan } from '../../core/rewrite/plan';
import type { JudgedModel } from './analysis';

/** A patch and the plans that it was made by. */
export interface PlannedPatch {
  readonly plans: readonly BlurPlan[];
  readonly patch: Patch;
}

/** Patches a model by the plans of its own findings. Nothing is written; the patch must be applied to nothing but this model. */
export async function patchModel({ model, findings }: JudgedModel, request: FixRequest): Promise<PlannedPatch> {
  const { plans, refused } = selectPlans(findings, request);
  const patch = await model.patch(plans);
  return { plans, patch: { ...patch, outcomes: [...patch.outcomes, ...refused] } };
}
