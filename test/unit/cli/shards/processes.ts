import { readdirSync, readFileSync } from 'node:fs';

/** A process of a run, on Linux. */
export interface RunningProcess {
  readonly id: number;
  readonly parent: number;
  readonly words: readonly string[];
  /** Megabytes that it holds now. */
  readonly resident: number;
}

/** Those whose words, or whose parent's, hold a text. */
export function processesOf(text: string): readonly RunningProcess[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processNumbered(Number(name)) ?? []);
  const own = all.filter(({ words }) => words.some((word) => word.includes(text)));
  const ids = new Set(own.map(({ id }) => id));
  return [...own, ...all.filter(({ id, parent }) => ids.has(parent) && !ids.has(id))];
}

function processNumbered(id: number): RunningProcess | undefined {
  try {
    const words = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
    const status = readFileSync(`/proc/${id}/status`, 'utf8');
    const figure = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return { id, parent: figure('PPid'), words, resident: figure('VmRSS') / 1024 };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
