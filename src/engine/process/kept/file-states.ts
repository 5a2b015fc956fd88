import { stat } from 'node:fs/promises';
import { resolveInside } from '../../input/source';
import type { SentModel } from '../../protocol/payload';

/** A file as the system tells of it. */
export interface FileState {
  readonly path: string;
  /** Its size, its number on the disk, and when it and what is known of it changed: setting a time back changes that too. */
  readonly state: string;
  /** Milliseconds since 1970. */
  readonly changedMs: number;
}

/** FAT counts in steps of two seconds. */
const coarsestClockMs = 2000;

/**
 * The files on disk that a model is read from, its own first.
 * @param weightFiles by path relative to the model's folder; those that are not there are left out
 * @throws Error where a file cannot be looked at
 */
export async function fileStates(sent: SentModel, weightFiles: readonly string[]): Promise<readonly FileState[]> {
  const paths = 'content' in sent ? [sent.content.file] : [];
  for (const name of weightFiles) {
    const beside = name in sent.overlay ? undefined : await resolveInside(sent, name);
    if (beside !== undefined) paths.push(beside);
  }
  return Promise.all(paths.map(fileState));
}

/** Whether files are what they were. */
export function areUnchanged(states: readonly FileState[], before: readonly FileState[]): boolean {
  return states.length === before.length && states.every(({ path, state }, index) => sameFile({ path, state }, before[index]));
}

/**
 * Whether the times of files would tell any change from a moment on: the clock of a disk may be too coarse for those of a file that had
 * just changed.
 */
export function wereSettled(states: readonly FileState[], momentMs: number): boolean {
  return states.every(({ changedMs }) => changedMs + coarsestClockMs < momentMs);
}

function sameFile({ path, state }: Pick<FileState, 'path' | 'state'>, other: FileState | undefined): boolean {
  return other?.path === path && other.state === state;
}

async function fileState(path: string): Promise<FileState> {
  const { dev, ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = await stat(path, { bigint: true });
  return { path, state: [dev, ino, size, mtimeNs, ctimeNs].join(' '), changedMs: Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs) };
}
