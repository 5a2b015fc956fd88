import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { atomicWrite } from '../../../engine/output/atomic-write';
import type { StudyOutcome } from '../studies/study';

/** An outcome and how long it took. */
export interface KeptOutcome {
  readonly outcome: StudyOutcome;
  readonly elapsedMs: number;
}

/** Outcomes beyond these are dropped, the oldest first. */
const keptOutcomes = 100;
const extension = '.result';

/** Outcomes on disk by what they depend on, so that a window that is opened again shows them without a run. */
export class OutcomeStore {
  /** @param folder on disk, made when first written to */
  constructor(private readonly folder: string) {}

  /** @param key hexadecimal; undefined where nothing is kept, or what is kept cannot be read */
  async load(key: string): Promise<KeptOutcome | undefined> {
    try {
      return deserialize(await readFile(this.file(key))) as KeptOutcome;
    } catch {
      return undefined;
    }
  }

  /** @throws NodeJS.ErrnoException where the folder cannot be written */
  async save(key: string, kept: KeptOutcome): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await atomicWrite(this.file(key), serialize(kept));
    await this.prune();
  }

  async isEmpty(): Promise<boolean> {
    return (await this.files()).length === 0;
  }

  private file(key: string): string {
    return path.join(this.folder, `${key}${extension}`);
  }

  private async files(): Promise<readonly string[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names.filter((name) => name.endsWith(extension)).map((name) => path.join(this.folder, name));
  }

  private async prune(): Promise<void> {
    const dated = await Promise.all((await this.files()).map(async (file) => ({ file, written: (await stat(file)).mtimeMs })));
    dated.sort((a, b) => b.written - a.written);
    await Promise.all(dated.slice(keptOutcomes).map(({ file }) => rm(file, { force: true })));
  }
}
