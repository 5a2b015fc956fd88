import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who made a temporary file, as its name tells. */
export interface TemporaryName {
  /** Host and, where processes are numbered apart from those outside, as in containers, that numbering. */
  readonly host: string;
  readonly process: number;
  /** Files that are written together share it. */
  readonly set: string;
  /** Place in the set: 0 is the file that is put in place last. */
  readonly index: number;
}

const pattern = /^\.shiftlint-([\da-f]{8})-(\d{1,10})-([\da-f]{12})-(\d{1,6})\.tmp$/;

/** Whether a process of another host runs cannot be asked; after so long without a byte it is not at its file any more. */
const longestPauseMs = 24 * 60 * 60 * 1000;

/** Clocks of file systems and of processes differ by less. */
const clockToleranceMs = 2000;

const ownHost = createHash('sha256').update(`${hostname()} ${processNumbering()}`).digest('hex').slice(0, 8);

/** Names for the temporary files of one set, made by this process and by nobody else. */
export function temporaryNames(): (index: number) => string {
  const set = `.shiftlint-${ownHost}-${process.pid}-${randomBytes(6).toString('hex')}`;
  return (index) => `${set}-${index}.tmp`;
}

/** What a file name tells; undefined where it is not that of a temporary file of ours. */
export function parseTemporaryName(name: string): TemporaryName | undefined {
  const [, host, id, set, index] = pattern.exec(name) ?? [];
  if (host === undefined || set === undefined) return undefined;
  return { host, process: Number(id), set: `${host}-${id}-${set}`, index: Number(index) };
}

/** True where whoever made a temporary file ended without removing it. @param writtenMs when it was written to last */
export function isAbandoned({ host, process: id }: TemporaryName, writtenMs: number): boolean {
  if (host !== ownHost) return Date.now() - writtenMs > longestPauseMs;
  if (id === process.pid) return writtenMs < Date.now() - process.uptime() * 1000 - clockToleranceMs;
  return !isRunning(id);
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Whoever may not be signalled is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Linux names the set of processes that have numbers of their own. */
function processNumbering(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    // Elsewhere there is one.
    return '';
  }
}
