import { mkdtemp, open, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { t } from '@vscode/l10n';
import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import { ModelError } from '../../../core/model-error';
import { bytesOf, type Tensors, type TensorStore } from '../../../core/recover/tensor-store';

/** Folders of temporary files are named after the process that they belong to. */
const folderPrefix = 'shiftlint-recovery-';

/** Where the tensors of a key lie. */
type Place =
  | { readonly kind: 'memory'; readonly tensors: Tensors; readonly bytes: number }
  | { readonly kind: 'file'; readonly file: string; readonly parts: readonly Part[]; readonly written: Promise<void> };

/** One tensor of a file; they lie in it one behind another. */
interface Part {
  readonly name: string;
  readonly dims: readonly number[];
  readonly length: number;
}

/** Keeps tensors in memory up to a limit, and the others in files of a temporary folder, which goes with `dispose`. */
export class SpillingStore implements TensorStore {
  private readonly places = new Map<string, Place>();
  private heldBytes = 0;
  private folder: Promise<string> | undefined;
  private files = 0;
  /** Only one file is written at a time, so that what waits for the disk takes little memory. */
  private writing: Promise<void> = Promise.resolve();

  /** @param memoryBytes what it may hold in memory @param parent folder that temporary files go to */
  constructor(
    private memoryBytes: number,
    private readonly parent = tmpdir(),
  ) {}

  async put(key: string, tensors: Tensors): Promise<void> {
    this.forgetHeld(key);
    const bytes = bytesOf(tensors);
    if (this.heldBytes + bytes > this.memoryBytes) return this.spill(key, tensors);
    this.heldBytes += bytes;
    this.places.set(key, { kind: 'memory', tensors, bytes });
  }

  async get(key: string): Promise<Tensors> {
    const place = this.places.get(key);
    if (place === undefined) throw new Error(`There are no tensors "${key}".`);
    if (place.kind === 'memory') return place.tensors;
    await place.written;
    return this.reading(() => readTensors(place.file, place.parts));
  }

  async remove(key: string): Promise<void> {
    this.forgetHeld(key);
    const place = this.places.get(key);
    this.places.delete(key);
    if (place?.kind !== 'file') return;
    await place.written;
    await rm(place.file, { force: true });
  }

  async limit(bytes: number): Promise<void> {
    this.memoryBytes = bytes;
    for (const [key, place] of this.places) {
      if (this.heldBytes <= bytes) break;
      if (place.kind !== 'memory') continue;
      this.forgetHeld(key);
      await this.spill(key, place.tensors);
    }
    await this.writing;
  }

  /** Deletes the temporary files. */
  async dispose(): Promise<void> {
    this.places.clear();
    await this.writing.catch(() => undefined);
    if (this.folder !== undefined) await rm(await this.folder, { recursive: true, force: true });
  }

  private forgetHeld(key: string): void {
    const place = this.places.get(key);
    if (place?.kind !== 'memory') return;
    this.heldBytes -= place.bytes;
    this.places.delete(key);
  }

  private async spill(key: string, tensors: Tensors): Promise<void> {
    await this.writing;
    const known = this.places.get(key);
    this.folder ??= temporaryFolder(this.parent);
    const folder = await this.folder;
    const file = known?.kind === 'file' ? known.file : path.join(folder, `${this.files++}`);
    const written = this.reading(() => writeTensors(file, [...tensors.values()]));
    // Whoever waits for it next hears of a failure.
    written.catch(() => undefined);
    this.writing = written;
    const parts = [...tensors].map(([name, { data, dims }]) => ({ name, dims, length: data.length }));
    this.places.set(key, { kind: 'file', file, parts, written });
  }

  /** @throws ModelError `too-large` where the disk does not take it */
  private async reading<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      throw new ModelError(
        'too-large',
        t`What exceeds the memory budget could not be kept in "${this.parent}" (${cause}): make room there, use fewer images, or raise the budget.`,
      );
    }
  }
}

/** Bytes that may be put into temporary files. */
export async function roomOnDisk(parent = tmpdir()): Promise<number> {
  const { bavail, bsize } = await statfs(parent);
  return bavail * bsize;
}

async function writeTensors(file: string, tensors: readonly TensorBatch[]): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const { data } of tensors) {
      for (let done = 0; done < data.byteLength;) {
        const rest = new Uint8Array(data.buffer, data.byteOffset + done, data.byteLength - done);
        done += (await handle.write(rest)).bytesWritten;
      }
    }
  } finally {
    await handle.close();
  }
}

async function readTensors(file: string, parts: readonly Part[]): Promise<Tensors> {
  const handle = await open(file, 'r');
  try {
    const tensors = new Map<string, TensorBatch>();
    for (const { name, dims, length } of parts) {
      const data = new Float32Array(length);
      for (let done = 0; done < data.byteLength;) {
        const { bytesRead } = await handle.read(new Uint8Array(data.buffer), done, data.byteLength - done);
        if (bytesRead === 0) throw new Error(t('a temporary file is shorter than it was'));
        done += bytesRead;
      }
      tensors.set(name, { data, dims });
    }
    return tensors;
  } finally {
    await handle.close();
  }
}

/** A folder of this process. Those that processes have left behind as they were ended are deleted. */
async function temporaryFolder(parent: string): Promise<string> {
  for (const name of await readdir(parent)) {
    const owner = new RegExp(`^${folderPrefix}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) await rm(path.join(parent, name), { recursive: true, force: true });
  }
  return mkdtemp(path.join(parent, `${folderPrefix}${process.pid}-`));
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Others' processes may not be signalled, but they run.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
