import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ModelError, type ModelFormat, type ModelSource } from '../core/formats/format';
import { requireFormat } from '../core/formats/registry';
import type { ModelGraph } from '../core/graph/model-graph';
import type { ModelPayload } from '../engine/protocol';
import { payloadSource } from '../engine/source';

/** A model file opened from disk. */
export interface OpenedModel {
  readonly payload: ModelPayload;
  readonly source: ModelSource;
  readonly format: ModelFormat;
  readonly graph: ModelGraph;
}

/** Opens and reads a model; a folder stands for the `model.json` inside it. @throws ModelError */
export async function openModel(file: string): Promise<OpenedModel> {
  const modelPath = await resolveModelPath(file);
  const bytes = await readBytes(modelPath);
  const payload: ModelPayload = { path: file, bytes, folder: path.dirname(path.resolve(modelPath)), overlay: {} };
  const source = payloadSource(payload);
  const format = requireFormat(source);
  return { payload, source, format, graph: await format.read(source) };
}

async function resolveModelPath(file: string): Promise<string> {
  const entry = await stat(file).catch(() => undefined);
  return entry?.isDirectory() === true ? path.join(file, 'model.json') : file;
}

/** Reads a file that the user named. @throws ModelError `unreadable` */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const cause = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new ModelError('unreadable', `"${file}" could not be read: ${cause}.`);
  }
}
