import type { Patch } from '../../core/formats/format';
import { selectPlans, type FixRequest } from '../../core/lint/select-plans';
import type { JudgedModel } from './analysis';

/** A patch and the version of the content it was made from: it must be applied to nothing else. */
export interface VersionedPatch {
  readonly patch: Patch;
  readonly version: string;
}

/** Patches a model by the plans of its own findings. Nothing is written. */
export async function patchModel({ model, findings, version }: JudgedModel, request: FixRequest): Promise<VersionedPatch> {
  const { plans, refused } = selectPlans(findings, request);
  const patch = await model.patch(plans);
  return { version, patch: { ...patch, outcomes: [...patch.outcomes, ...refused] } };
}
