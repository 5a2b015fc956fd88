import * as vscode from 'vscode';
import type { PatchOutcome } from '../../core/formats/format';
import type { FixRequest } from '../../core/lint/select-plans';
import { fineTuningAdvice } from '../../core/rewrite/plan';
import { claimsOnnx } from './analysis';
import type { ModelContents } from './contents';
import { onnxEditorType } from './onnx-editor';
import type { OnnxDocument } from './onnx-document';
import { patchModel, type VersionedPatch } from './patch';
import { changedMeanwhile } from './source';
import { displayPath } from '../platform/display-path';
import type { ModelStore } from './store';
import { workspaceEditOf } from './text-fix';
import type { UriRegistry } from '../platform/uri-registry';

/** Applies fixes as edits that the user can undo: in the text document, or in the model editor for ONNX. */
export class ModelFixer {
  constructor(
    private readonly contents: ModelContents,
    private readonly store: ModelStore,
    private readonly onnxDocuments: UriRegistry<OnnxDocument>,
  ) {}

  /** Fixes one layer or all, without saving, and says what was done and what was not. @throws ModelError */
  async fix(uri: vscode.Uri, request: FixRequest): Promise<readonly PatchOutcome[]> {
    const outcomes = claimsOnnx(uri) ? await this.fixOnnx(uri, request) : await this.fixText(uri, request);
    announce(uri, outcomes);
    return outcomes;
  }

  private async fixOnnx(uri: vscode.Uri, request: FixRequest): Promise<readonly PatchOutcome[]> {
    if (this.onnxDocuments.get(uri) === undefined) {
      await vscode.commands.executeCommand('vscode.openWith', uri, onnxEditorType);
    }
    const document = await this.onnxDocuments.whenAdded(uri);
    const { patch, version } = await this.patch(uri, request);
    if (patch.kind === 'binary' && patch.outcomes.some(({ ok }) => ok)) {
      await document.replace(editLabel(patch.outcomes), version, patch.pieces);
    }
    return patch.outcomes;
  }

  private async fixText(uri: vscode.Uri, request: FixRequest): Promise<readonly PatchOutcome[]> {
    const document = await vscode.workspace.openTextDocument(uri);
    const { patch, version } = await this.patch(uri, request);
    if (patch.kind !== 'text' || !patch.outcomes.some(({ ok }) => ok)) return patch.outcomes;
    const unchanged = (await this.contents.stamp(uri)).version === version;
    if (!unchanged || !(await vscode.workspace.applyEdit(workspaceEditOf(document, patch)))) throw changedMeanwhile(uri);
    return patch.outcomes;
  }

  private async patch(uri: vscode.Uri, request: FixRequest): Promise<VersionedPatch> {
    return patchModel((await this.store.current(uri)).model, request);
  }
}

function editLabel(outcomes: readonly PatchOutcome[]): string {
  const done = outcomes.filter(({ ok }) => ok);
  return done.length === 1 ? `Insert BlurPool at ${done[0]?.layer ?? ''}` : `Insert BlurPool at ${done.length} layers`;
}

/** Successes quietly in the status bar; what was left out needs its reason said. */
function announce(uri: vscode.Uri, outcomes: readonly PatchOutcome[]): void {
  const done = outcomes.filter(({ ok }) => ok);
  const refused = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.reason]));
  const summary = `Shiftlint changed ${done.length} of ${outcomes.length} layers in ${displayPath(uri)}.`;
  if (done.length > 0) {
    vscode.window.setStatusBarMessage(`${summary} ${fineTuningAdvice}`, 10_000);
  }
  if (refused.length === 0) return;
  const message = `${summary} Left as they are: ${refused.join(' ')}`;
  void (done.length > 0 ? vscode.window.showInformationMessage(message) : vscode.window.showWarningMessage(message));
}
