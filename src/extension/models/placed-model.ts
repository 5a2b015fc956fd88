import * as vscode from 'vscode';
import { readAll } from '../../core/formats/byte-source';
import type { PlacedModel } from '../../engine/host/placed-model';
import { displayPath } from '../platform/display-path';
import type { JudgedModel } from './analysis';
import type { ModelContent } from './contents';

/** A model with the whole of it for the engine to run. */
export async function placedModel({
  model,
  content,
}: {
  readonly model: JudgedModel;
  readonly content: ModelContent;
}): Promise<PlacedModel> {
  const { uri } = model;
  const bytes = await readAll(content.bytes);
  return { ...model.model, payload: { path: displayPath(uri), bytes, folder: vscode.Uri.joinPath(uri, '..').fsPath, overlay: {} } };
}

/** Measuring runs the model in a process of ours, from files on disk: not in an untrusted or virtual workspace. */
export function mayMeasure(uri: vscode.Uri): boolean {
  return vscode.workspace.isTrusted && uri.scheme === 'file';
}
