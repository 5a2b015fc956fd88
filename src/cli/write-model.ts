import path from 'node:path';
import { pieceBytes } from '../core/formats/byte-source';
import type { FileChange, ModelSource, OpenedModel } from '../core/formats/format';
import { ModelError } from '../core/model-error';
import { atomicWrite } from '../engine/output/atomic-write';
import type { ModelFile } from './model-file';
import { applyEdits } from '../core/formats/text-edits';

/** Bytes of a file copied at a time. */
const copyLength = 1 << 20;

/** Writes a changed copy of a model with all files that hold its weights. */
export async function writeChanged(model: ModelFile, change: FileChange, output: string): Promise<void> {
  const folder = folderOf(change.kind, output);
  if (path.resolve(folder) !== model.folder) await copyWeights(model.source, model.graph.weightFiles ?? [], folder);
  for (const { relativePath, bytes } of change.newFiles) await atomicWrite(path.join(folder, relativePath), bytes);
  if (change.kind === 'binary') await atomicWrite(output, pieceBytes(model.source, change.pieces));
  else await atomicWrite(path.join(folder, model.fileName), applyEdits(model.text ?? '', change.edits));
}

/**
 * Writes a model that was changed in memory, with the files that hold its weights: those that are new, and in another folder all of them.
 *
 * @param changed the model after all changes, opened @param isNew tells the files that the changes made
 */
export async function writeOpened(model: ModelFile, changed: OpenedModel, isNew: (file: string) => boolean, output: string): Promise<void> {
  const kind = changed.text === undefined ? 'binary' : 'text';
  const folder = folderOf(kind, output);
  const isSameFolder = path.resolve(folder) === model.folder;
  const files = (changed.graph.weightFiles ?? []).filter((file) => !isSameFolder || isNew(file));
  await copyWeights(changed.source, files, folder);
  const { source } = changed;
  await atomicWrite(kind === 'binary' ? output : path.join(folder, model.fileName), pieceBytes(source, [{ start: 0, end: source.size }]));
}

/** An ONNX model is written to a file, a TensorFlow.js model into a folder. */
function folderOf(kind: FileChange['kind'], output: string): string {
  return kind === 'text' ? output : path.dirname(output);
}

async function copyWeights(source: ModelSource, weightFiles: readonly string[], folder: string): Promise<void> {
  for (const relativePath of weightFiles) {
    const size = await source.siblingSize(relativePath);
    if (size === undefined) {
      throw new ModelError('missing-weights', `"${source.path}" needs the weight file "${relativePath}", which does not exist.`);
    }
    await atomicWrite(path.join(folder, relativePath), siblingBytes(source, relativePath, size));
  }
}

/** A weight file piece by piece: it may be larger than memory. */
async function* siblingBytes(source: ModelSource, relativePath: string, size: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < size; offset += copyLength) {
    yield (await source.readSiblingRange(relativePath, offset, Math.min(copyLength, size - offset))) ?? new Uint8Array();
  }
}
