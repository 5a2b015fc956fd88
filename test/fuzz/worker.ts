import { parentPort, workerData } from 'node:worker_threads';
import { allSurfaces, runCase } from './cases';

/** What the thread that runs the cases is told. */
export interface FuzzWork {
  readonly root: string;
  readonly more: readonly string[];
  readonly seed: number;
  /** Part of the names of the surfaces that are fuzzed; null for all. */
  readonly only: string | null;
  /** The case under way, for whoever watches: surface, number, and 1 while one runs. */
  readonly current: SharedArrayBuffer;
  /** How many cases of each surface have been run, by name. */
  readonly done: Readonly<Record<string, number>>;
}

/** What it tells of a case. */
export type FuzzReport =
  | { readonly kind: 'surfaces'; readonly names: readonly string[] }
  | { readonly kind: 'counts'; readonly counts: readonly { readonly name: string; readonly cases: number; readonly typed: number }[] }
  | { readonly kind: 'find'; readonly find: 'untyped' | 'slow'; readonly surface: string; readonly seed: number; readonly text: string };

/** Cases of a surface before the next one's turn. */
const turn = 20;
const mostMs = 2000;

async function work({ root, more, seed, only, current, done }: FuzzWork): Promise<void> {
  const port = parentPort;
  if (port === null) return;
  const tell = (report: FuzzReport): void => {
    port.postMessage(report);
  };
  const all = await allSurfaces(root, more);
  tell({ kind: 'surfaces', names: all.map(({ name }) => name) });
  const surfaces = all.filter(({ name }) => only === null || name.includes(only));
  const shared = new Int32Array(current);
  const numbers = new Map(Object.entries(done));
  for (;;) {
    const counts = [];
    for (const surface of surfaces) {
      let typed = 0;
      for (let place = 0; place < turn; place++) {
        const number = numbers.get(surface.name) ?? 0;
        numbers.set(surface.name, number + 1);
        const caseSeed = seed * 100_003 + number;
        Atomics.store(shared, 0, all.indexOf(surface));
        Atomics.store(shared, 1, caseSeed);
        Atomics.store(shared, 3, number);
        Atomics.store(shared, 2, 1);
        const before = process.cpuUsage();
        const end = await runCase(surface, caseSeed);
        const used = process.cpuUsage(before);
        Atomics.store(shared, 2, 0);
        if (end.kind === 'typed') typed++;
        if (end.kind === 'untyped') tell({ kind: 'find', find: 'untyped', surface: surface.name, seed: caseSeed, text: end.stack });
        const ms = (used.user + used.system) / 1000;
        if (ms > mostMs) tell({ kind: 'find', find: 'slow', surface: surface.name, seed: caseSeed, text: `${Math.round(ms)} ms` });
      }
      counts.push({ name: surface.name, cases: numbers.get(surface.name) ?? 0, typed });
    }
    tell({ kind: 'counts', counts });
  }
}

void work(workerData as FuzzWork);
