import * as vscode from 'vscode';
import type { OpenedModel } from '../../core/formats/format';
import { ModelError, type ModelErrorCode } from '../../core/model-error';
import { modelFormats, openIfModel } from '../../core/formats/registry';
import { lintGraph } from '../../core/lint/linter';
import type { Finding } from '../../core/rules/finding';
import { locateOrigins } from './finding-origin';
import type { ModelContent } from './contents';
import { modelSource } from './source';
import { displayPath } from '../platform/display-path';
import type { Settings } from '../settings/settings';
import { TextPositions } from '../platform/text-positions';

/** A finding with its place in the file; the file's start where the format is binary. */
export interface LocatedFinding extends Finding {
  readonly range: vscode.Range;
  /** The line of the workspace that the layer was exported from. */
  readonly exportedFrom: vscode.Location | undefined;
}

/** A model that was opened and judged. Fixing and measuring take it as it is here, for the same version. */
export interface JudgedModel {
  readonly ok: true;
  readonly uri: vscode.Uri;
  readonly version: string;
  readonly model: OpenedModel;
  readonly findings: readonly LocatedFinding[];
}

/** A file that claims to be a model and cannot be used. `message` is a full sentence for the user. */
export interface UnreadableModel {
  readonly ok: false;
  readonly uri: vscode.Uri;
  readonly version: string;
  readonly error: { readonly code: ModelErrorCode; readonly message: string };
}

export type ModelAnalysis = JudgedModel | UnreadableModel;

/** Opens and judges one model; undefined for a file that neither is nor claims to be one. */
export async function analyseModel(uri: vscode.Uri, content: ModelContent, settings: Settings): Promise<ModelAnalysis | undefined> {
  const formats = claimsOnnx(uri) ? modelFormats.filter(({ id }) => id === 'onnx') : modelFormats;
  try {
    const model = await openIfModel(modelSource(uri, content.bytes), formats);
    if (model === undefined) return claimsOnnx(uri) ? notOnnx(uri, content) : undefined;
    const findings = lintGraph(model, settings);
    return { ok: true, uri, version: content.version, model, findings: await located(findings, model) };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { ok: false, uri, version: content.version, error: { code: error.code, message: error.message } };
  }
}

/** Only the file name `*.onnx` claims a format; a `.json` may be anything and stays silent. */
export function claimsOnnx(uri: vscode.Uri): boolean {
  return uri.path.toLowerCase().endsWith('.onnx');
}

function notOnnx(uri: vscode.Uri, content: ModelContent): UnreadableModel {
  const [code, message] =
    content.bytes.size === 0
      ? (['empty-file', `${displayPath(uri)} is empty: export the model again.`] as const)
      : (['not-a-model', `${displayPath(uri)} is named .onnx but holds no ONNX model: rename it or export it again.`] as const);
  return { ok: false, uri, version: content.version, error: { code, message } };
}

async function located(findings: readonly Finding[], model: OpenedModel): Promise<readonly LocatedFinding[]> {
  const fileStart = new vscode.Range(0, 0, 0, 0);
  const origins = await locateOrigins(findings.flatMap(({ origin }) => origin ?? []));
  const positions = new TextPositions(model.text ?? '');
  const places = await model.locate(findings.map(({ layer }) => layer));
  return findings.map((finding) => {
    const place = places.get(finding.layer);
    return {
      ...finding,
      range: place === undefined ? fileStart : positions.range(place),
      exportedFrom: finding.origin && origins.get(finding.origin),
    };
  });
}
