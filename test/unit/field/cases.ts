import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OpenedModel } from '../../../src/core/formats/format';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import type { Finding } from '../../../src/core/rules/finding';
import { payloadSource } from '../../../src/engine/input/source';
import type { ModelPayload } from '../../../src/engine/protocol/payload';

/** Models as people have them, each remade from a fault that a user or a public bug report shows, with random weights. */
export const fieldCases = path.join(import.meta.dirname, '../../fixtures/field');

/** A model of these, by its path among them: a folder of TensorFlow.js, or a file. */
export async function fieldPayload(name: string): Promise<ModelPayload> {
  const file = path.join(fieldCases, name.endsWith('.onnx') ? name : `${name}/model.json`);
  return { path: path.basename(file), bytes: await readFile(file), folder: path.dirname(file), overlay: {} };
}

export async function openField(name: string): Promise<OpenedModel> {
  return openModel(payloadSource(await fieldPayload(name)));
}

/** What is found in a model, and what is said of it. */
export async function judgedField(name: string): Promise<{ readonly findings: readonly Finding[]; readonly note: string | undefined }> {
  const model = await openField(name);
  return { findings: lintGraph(model), note: model.judgedOnly?.message };
}
