import type * as vscode from 'vscode';
import { ModelError, type Patch, type PatchOutcome } from '../core/formats/format';
import type { BlurPlan } from '../core/rewrite/plan';
import { analyseModel, type JudgedModel } from './model-analysis';
import type { ModelContent } from './model-contents';
import { displayPath, modelSource } from './model-source';
import { settingsFor } from './settings';

/** Which layers of a model to fix; `all` leaves the stem out, as the paper does. */
export type FixRequest = { readonly layer: string } | 'all';

/** A patch and the version of the content it was made from: it must be applied to nothing else. */
export interface VersionedPatch {
  readonly patch: Patch;
  readonly version: string;
}

/**
 * Plans and patches from one and the same content, whatever the store last saw. Nothing is written.
 * @throws ModelError where the file is not a usable model.
 */
export async function patchModel(uri: vscode.Uri, content: ModelContent, request: FixRequest): Promise<VersionedPatch> {
  const analysis = await analyseModel(uri, content, settingsFor(uri));
  if (analysis === undefined) throw new ModelError('not-a-model', `${displayPath(uri)} is not a model Shiftlint knows.`);
  if (!analysis.ok) throw new ModelError(analysis.error.code, analysis.error.message);
  const { plans, refusals } = choose(analysis, request);
  const patch = await analysis.format.patch(modelSource(uri, content.bytes), plans);
  return { version: content.version, patch: { ...patch, outcomes: [...patch.outcomes, ...refusals] } };
}

function choose(
  analysis: JudgedModel,
  request: FixRequest,
): { readonly plans: readonly BlurPlan[]; readonly refusals: readonly PatchOutcome[] } {
  const wanted = request === 'all' ? analysis.findings : analysis.findings.filter(({ layer }) => layer === request.layer);
  if (request !== 'all' && wanted.length === 0) {
    const reason = `"${request.layer}" has no finding any more, so there is nothing to fix.`;
    return { plans: [], refusals: [{ ok: false, layer: request.layer, reason }] };
  }
  const plans: BlurPlan[] = [];
  const refusals: PatchOutcome[] = [];
  for (const { layer, fix } of wanted) {
    if (!fix.ok) refusals.push({ ok: false, layer, reason: fix.reason });
    else if (request === 'all' && !fix.inFixAll) refusals.push({ ok: false, layer, reason: stemReason(layer) });
    else plans.push(fix.plan);
  }
  return { plans, refusals };
}

function stemReason(layer: string): string {
  return `"${layer}" is the stem: a blur there works at full resolution and is costly, so it is left to a fix of its own.`;
}
