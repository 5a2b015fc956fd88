import * as vscode from 'vscode';
import { readAll } from '../../core/formats/byte-source';
import type { ModelFormat } from '../../core/formats/format';
import { ModelError, type ModelErrorCode } from '../../core/model-error';
import { detectFormat } from '../../core/formats/registry';
import type { ModelGraph } from '../../core/graph/model-graph';
import { lintGraph } from '../../core/lint/linter';
import type { Finding } from '../../core/rules/finding';
import { locateOrigins } from './finding-origin';
import type { ModelContent } from './contents';
import { displayPath, modelSource } from './source';
import type { Settings } from '../settings/settings';
import { TextPositions } from '../platform/text-positions';
import { indexGraph } from '../../core/graph/dataflow';

/** A finding with its place in the file; the file's start where the format is binary. */
export interface LocatedFinding extends Finding {
  readonly range: vscode.Range;
  /** The line of the workspace that the layer was exported from. */
  readonly exportedFrom: vscode.Location | undefined;
}

/** A model that was read and judged. */
export interface JudgedModel {
  readonly ok: true;
  readonly uri: vscode.Uri;
  readonly version: string;
  readonly format: ModelFormat;
  readonly graph: ModelGraph;
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

/** Reads and judges one model; undefined for a file that neither is nor claims to be one. */
export async function analyseModel(uri: vscode.Uri, content: ModelContent, settings: Settings): Promise<ModelAnalysis | undefined> {
  const format = await detectFormat(content.bytes);
  if (format === undefined || (claimsOnnx(uri) && format.id !== 'onnx')) {
    return claimsOnnx(uri) ? notOnnx(uri, content) : undefined;
  }
  try {
    const graph = await format.read(modelSource(uri, content.bytes));
    const findings = lintGraph(indexGraph(graph), settings);
    return { ok: true, uri, version: content.version, format, graph, findings: await locate(findings, format, content) };
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

async function locate(findings: readonly Finding[], format: ModelFormat, content: ModelContent): Promise<readonly LocatedFinding[]> {
  const fileStart = new vscode.Range(0, 0, 0, 0);
  const origins = await locateOrigins(findings.flatMap(({ origin }) => origin ?? []));
  const exportedFrom = ({ origin }: Finding): vscode.Location | undefined => origin && origins.get(origin);
  if (format.id === 'onnx') return findings.map((finding) => ({ ...finding, range: fileStart, exportedFrom: exportedFrom(finding) }));
  const text = new TextDecoder().decode(await readAll(content.bytes));
  const positions = new TextPositions(text);
  const places = format.locate(
    text,
    findings.map(({ layer }) => layer),
  );
  return findings.map((finding) => {
    const place = places.get(finding.layer);
    return { ...finding, range: place === undefined ? fileStart : positions.range(place), exportedFrom: exportedFrom(finding) };
  });
}
