import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { fixCommand } from '../../../../src/cli/fix';
import { inMemory, readAll } from '../../../../src/core/formats/byte-source';
import { openModel } from '../../../../src/core/formats/registry';
import { lintGraph } from '../../../../src/core/lint/linter';
import { selectPlans } from '../../../../src/core/lint/select-plans';
import type { LinearWeights } from '../../../../src/core/recover/linear-layer';
import { sentBytes } from '../../../../src/engine/input/sent-model';
import { placedSource } from '../../../../src/engine/input/source';
import type { ModelReader } from '../../../../src/engine/host/model-reader';
import { recoveredChange } from '../../../../src/engine/output/recovered-change';
import { ModelContents } from '../../../../src/extension/models/contents';
import { OnnxEditorProvider } from '../../../../src/extension/models/onnx-editor';
import type { ModelStore } from '../../../../src/extension/models/store';
import type { ModelPanels } from '../../../../src/extension/panel/panels';
import { UriRegistry } from '../../../../src/extension/platform/uri-registry';
import type { JobName } from './jobs';

/**
 * Writes models again and again until it is killed, each in a folder of its own: `node writer.cjs JOB TEMPLATE FOLDER [ONCE]`. First it
 * does once more what was under way in the latest folder, as a user would after a crash, and says `ready`.
 */
const [job, template, folder, once] = process.argv.slice(2) as [JobName, string, string, string | undefined];

/** How a folder is made ready, and what is then done in it, any number of times. */
interface Work {
  prepare?(at: string): Promise<void>;
  write(at: string): Promise<void>;
}

const fix = async (...words: readonly string[]): Promise<void> => {
  await fixCommand.run([...words, '--json']);
};

/** The model editor as VS Code calls it; what judges models and shows them is not asked for what is written. */
function modelEditor(): OnnxEditorProvider {
  const nobody: unknown = { refresh: () => Promise.resolve(undefined) };
  return new OnnxEditorProvider(
    new ModelContents(),
    nobody as ModelStore,
    nobody as ModelReader,
    new UriRegistry(),
    nobody as ModelPanels,
    nobody as ConstructorParameters<typeof OnnxEditorProvider>[5],
  );
}

const modelIn = (at: string): vscode.Uri => vscode.Uri.file(path.join(at, 'model.onnx'));
/** Backups lie in a folder of the editor's. */
const backupIn = (at: string): vscode.Uri => vscode.Uri.file(path.join(at, 'backups/1'));

/** A fix and new weights as an unsaved edit, backed up as the editor does: weights that lie beside the model get a new file. */
async function backUpEdited(at: string): Promise<void> {
  const editor = modelEditor();
  const document = await editor.openCustomDocument(modelIn(at), { backupId: undefined, untitledDocumentData: undefined });
  const { version, sent } = document.content();
  const bytes = inMemory(await readAll(sentBytes(await sent())));
  const model = await openModel(placedSource({ path: 'model.onnx', folder: at, overlay: {} }, bytes));
  const patch = await model.patch(selectPlans(lintGraph(model), 'all').plans);
  const weights = new Map<string, LinearWeights>();
  for (const layer of model.graph.layers) {
    const found = model.linear(layer);
    if (found !== undefined && !('reason' in found)) weights.set(layer.name, await found.read());
  }
  const change = await recoveredChange(model, patch, weights);
  if (change.kind === 'binary') await document.replace('Fix', version, change);
  await editor.backupCustomDocument(document, { destination: backupIn(at) });
  document.dispose();
}

/** What was backed up, opened after a crash and saved. */
const save: Work = {
  prepare: backUpEdited,
  write: async (at) => {
    const editor = modelEditor();
    const backupId = backupIn(at).toString();
    const document = await editor.openCustomDocument(modelIn(at), { backupId, untitledDocumentData: undefined });
    await editor.saveCustomDocument(document);
    document.dispose();
  },
};

const backup: Work = { write: backUpEdited };

const works: Readonly<Record<JobName, Work>> = {
  'fix of ONNX': { write: (at) => fix(path.join(at, 'model/model.onnx'), '-o', path.join(at, 'fixed.onnx')) },
  'fix of ONNX with weights beside it': { write: (at) => fix(path.join(at, 'model/model.onnx'), '-o', path.join(at, 'fixed.onnx')) },
  'fix of ONNX in place': { write: (at) => fix(path.join(at, 'model.onnx'), '--in-place') },
  'fix of a layers-model': { write: (at) => fix(path.join(at, 'model'), '-o', path.join(at, 'fixed'), '--force') },
  'fix of a layers-model in place': { write: (at) => fix(at, '--in-place') },
  'fix of a graph-model': { write: (at) => fix(path.join(at, 'model'), '-o', path.join(at, 'fixed'), '--force') },
  'save of ONNX': save,
  'save of ONNX with weights beside it': save,
  'backup of ONNX': backup,
  'backup of ONNX with weights beside it': backup,
};

async function main(): Promise<void> {
  process.stdout.write = () => true;
  const work = works[job];
  const numbers = (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
  let latest = Math.max(0, ...numbers);
  if (latest > 0) await work.write(path.join(folder, String(latest)));
  process.send?.('ready');
  do {
    const making = path.join(folder, 'making');
    await rm(making, { recursive: true, force: true });
    await mkdir(making);
    await cp(template, making, { recursive: true });
    await work.prepare?.(making);
    latest += 1;
    const at = path.join(folder, String(latest));
    await rename(making, at);
    await work.write(at);
  } while (once === undefined);
}

void main().then(() => {
  process.disconnect();
});
