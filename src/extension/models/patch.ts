import type * as vscode from 'vscode';
import type { Patch } from '../../core/formats/format';
import { ModelError } from '../../core/model-error';
import { selectPlans, type FixRequest } from '../../core/lint/select-plans';
import { analyseModel } from './analysis';
import type { ModelContent } from './contents';
import { displayPath, modelSource } from './source';
import { settingsFor } from '../settings/settings';

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
  const { plans, refused } = selectPlans(analysis.findings, request);
  const patch = await analysis.format.patch(modelSource(uri, content.bytes), plans);
  return { version: content.version, patch: { ...patch, outcomes: [...patch.outcomes, ...refused] } };
}
