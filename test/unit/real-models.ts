import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { payloadSource } from '../../src/engine/input/source';
import type { ModelPayload } from '../../src/engine/protocol/payload';
import type { ModelSource } from '../../src/core/formats/format';

/** Folder of real trained models, undefined where this machine has none; tests then skip and say so. */
export const realModels = process.env['SHIFTLINT_REAL_MODELS'];

if (realModels === undefined) console.log('SHIFTLINT_REAL_MODELS is not set: tests on real models are skipped.');

/** A model on disk, ready for a reader or an engine. */
export async function modelOnDisk(file: string): Promise<{ readonly payload: ModelPayload; readonly source: ModelSource }> {
  const payload: ModelPayload = { path: path.basename(file), bytes: await readFile(file), folder: path.dirname(file), overlay: {} };
  return { payload, source: payloadSource(payload) };
}
