import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { ModelError, type ModelErrorCode } from '../../core/model-error';
import type { LintOptions } from '../../core/lint/lint-options';
import type { ModelReader } from '../../engine/host/model-reader';
import type { ModelSummary, ShownFinding } from '../../engine/protocol/reading';
import { displayPath } from '../platform/display-path';
import type { Settings } from '../settings/settings';
import { claimsOnnx } from './claims-onnx';
import { locateOrigins } from './finding-origin';
import { readableModel, type SizedModel } from './readable';

/** A finding with its place in the file; the file's start where the format is binary. */
export interface LocatedFinding extends ShownFinding {
  readonly range: vscode.Range;
  /** The line of the workspace that the layer was exported from. */
  readonly exportedFrom: vscode.Location | undefined;
}

/** A model that was judged; the model itself stays with the process that reads it, which is asked for more of it. */
export interface JudgedModel extends Omit<ModelSummary, 'findings'>, SizedModel {
  readonly ok: true;
  /** What it was judged by: its rows, fixes and copies are asked for alike. */
  readonly lint: LintOptions;
  readonly version: string;
  /** The first of all its findings, as many as people look at. */
  readonly findings: readonly LocatedFinding[];
}

/** A file that claims to be a model and cannot be used. `message` is a full sentence for the user. */
export interface UnreadableModel {
  readonly ok: false;
  readonly uri: vscode.Uri;
  readonly version: string;
  /** That it would have been judged for. */
  readonly imageSize: SizedModel['imageSize'];
  readonly error: { readonly code: ModelErrorCode; readonly message: string };
}

export type ModelAnalysis = JudgedModel | UnreadableModel;

/** Has one model judged; undefined for a file that neither is nor claims to be one. @throws EngineError where the editor is closing */
export async function analyseModel(reader: ModelReader, model: SizedModel, settings: Settings): Promise<ModelAnalysis | undefined> {
  const { uri, content, imageSize } = model;
  if (!content.mayBeModel) return undefined;
  const { version } = content;
  try {
    const lint = lintOptions(settings);
    const summary = await reader.ask('judge', readableModel(model), { lint });
    if (summary === null) return claimsOnnx(uri) ? notOnnx(model) : undefined;
    return { ...summary, ...model, ok: true, lint, version, findings: await located(summary.findings) };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { ok: false, uri, version, imageSize, error: { code: error.code, message: error.message } };
  }
}

/** What of the settings judging heeds. */
export function lintOptions({ severities, ignoreLayers, filter, plan }: Settings): LintOptions {
  return { severities, ignoreLayers, filter, plan };
}

function notOnnx({ uri, content: { version, size }, imageSize }: SizedModel): UnreadableModel {
  const [code, message] =
    size() === 0
      ? (['empty-file', t`${displayPath(uri)} is empty: export the model again.`] as const)
      : (['not-a-model', t`${displayPath(uri)} is named .onnx but holds no ONNX model: rename it or export it again.`] as const);
  return { ok: false, uri, version, imageSize, error: { code, message } };
}

async function located(findings: readonly ShownFinding[]): Promise<readonly LocatedFinding[]> {
  const fileStart = new vscode.Range(0, 0, 0, 0);
  const origins = await locateOrigins(findings.flatMap(({ origin }) => origin ?? []));
  return findings.map((finding) => ({
    ...finding,
    range: finding.place === null ? fileStart : rangeOf(finding.place),
    exportedFrom: finding.origin === null ? undefined : origins.get(finding.origin),
  }));
}

function rangeOf({ start, end }: NonNullable<ShownFinding['place']>): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
