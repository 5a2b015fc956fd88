import { closeSync, fstatSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readAll, type ByteSource } from '../core/formats/byte-source';
import type { OpenedModel } from '../core/formats/format';
import type { AxisPair } from '../core/graph/model-graph';
import { ModelError } from '../core/model-error';
import { detectFormat, openModel } from '../core/formats/registry';
import type { ModelPayload } from '../engine/protocol/payload';
import { openRegularFileSync, unreadable } from '../engine/input/regular-file';
import { placedSource } from '../engine/input/source';

/** Enough of a JSON file to see whether it may be a model; one of the keys stands there, since what comes before is short. */
const headLength = 1 << 16;
const modelKeys = ['"modelTopology"', '"weightsManifest"'];

/** A model file opened from disk. */
export interface ModelFile extends OpenedModel {
  /** The folder that its weight files lie in. */
  readonly folder: string;
  /** The file's own name in its folder. */
  readonly fileName: string;
  /** @throws ModelError `unreadable` where the file is not what it was when it was opened */
  requireUnchanged(): void;
  /** True for a path that leads to this very file. */
  isSameFile(path: string): Promise<boolean>;
  /** The whole model for the engine, read now. */
  payload(): Promise<ModelPayload>;
}

/**
 * Opens and reads a model, lets `use` work with it and closes it again; a folder stands for the `model.json` inside it.
 * @param imageSize that the model is opened for, where it leaves its own open
 * @throws ModelError
 */
export async function withModel<T>(file: string, use: (model: ModelFile) => Promise<T>, imageSize?: AxisPair): Promise<T> {
  const modelPath = await resolveModelPath(file);
  const folder = path.dirname(path.resolve(modelPath));
  const opened = openFile(modelPath);
  try {
    const place = { path: file, folder, overlay: {}, file: path.resolve(modelPath) };
    const source = { ...placedSource(place, opened.bytes), ...(imageSize && { imageSize }) };
    const model = await openModel(source);
    const payload = async (): Promise<ModelPayload> => ({ ...place, bytes: await readAll(source) });
    const { requireUnchanged, isSameFile } = opened;
    return await use({ ...model, folder, fileName: path.basename(modelPath), requireUnchanged, isSameFile, payload });
  } finally {
    opened.close();
  }
}

/** True for a file whose content is that of a model, whatever its name; false for one that cannot be read. */
export async function isModelFile(file: string): Promise<boolean> {
  try {
    const opened = openFile(file);
    try {
      const head = new TextDecoder('latin1').decode(await opened.bytes.read(0, headLength));
      return modelKeys.some((key) => head.includes(key)) && (await detectFormat(opened.bytes)) !== undefined;
    } finally {
      opened.close();
    }
  } catch (error) {
    if (error instanceof ModelError) return false;
    throw error;
  }
}

async function resolveModelPath(file: string): Promise<string> {
  const entry = await stat(file).catch(() => undefined);
  return entry?.isDirectory() === true ? path.join(file, 'model.json') : file;
}

/** Positional reads on one descriptor; they are short, and a command line has nothing else to do meanwhile. */
function openFile(file: string): Pick<ModelFile, 'requireUnchanged' | 'isSameFile'> & { readonly bytes: ByteSource; close(): void } {
  const descriptor = openRegularFileSync(file);
  const { size, mtimeMs, ino, dev } = fstatSync(descriptor);
  const read = (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    for (let done = 0; done < bytes.length;) {
      const count = naming(file, () => readSync(descriptor, bytes, done, bytes.length - done, offset + done));
      if (count === 0) return Promise.resolve(bytes.subarray(0, done));
      done += count;
    }
    return Promise.resolve(bytes);
  };
  return {
    bytes: { size, read },
    requireUnchanged: () => {
      const now = fstatSync(descriptor);
      if (now.size !== size || now.mtimeMs !== mtimeMs)
        throw new ModelError('unreadable', `"${file}" was changed while it was read, so nothing was written: try again.`);
    },
    isSameFile: async (other) => {
      const found = await stat(other).catch(() => undefined);
      return found?.ino === ino && found.dev === dev;
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

function naming<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadable(file, error);
  }
}
