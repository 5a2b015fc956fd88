import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { allSurfaces, runCase } from './cases';
import type { FuzzReport, FuzzWork } from './worker';

/**
 * Feeds every surface with mutated files until the time is over:
 * `npm run fuzz [-- --seconds N --seed N --only SURFACE --corpus DIR --case N …]`.
 * A case may end in a typed error, within 2 s of computing, 30 s in all and 500 MB; anything else is a find, told with the
 * seed that makes it again, and the exit code is 1. The cases run in a thread that is watched from here, so that hangs, waits
 * for what never comes and lack of memory are finds as well.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    corpus: { type: 'string', multiple: true, default: [] },
    case: { type: 'string', multiple: true },
  },
});

interface Figures {
  cases: number;
  typed: number;
  untyped: number;
  slow: number;
  big: number;
}

const hangsAfterMs = 2000;
/** Of a case that waits without computing; generous, as a machine that has other work to do makes everybody wait. */
const waitsAtMostMs = 30_000;
const bigBytes = 500 * 1024 * 1024;
const root = process.cwd();
const figures = new Map<string, Figures>();
const shown = new Map<string, number>();
/** Cases that are run again after their thread was ended are told once. */
const told = new Set<string>();
const endsAt = Date.now() + Number(values.seconds) * 1000;
const done: Record<string, number> = {};

function figuresOf(surface: string): Figures {
  const known = figures.get(surface) ?? { cases: 0, typed: 0, untyped: 0, slow: 0, big: 0 };
  figures.set(surface, known);
  return known;
}

/** One kind of find is told a few times, not a thousand times. */
function tell(find: 'untyped' | 'slow' | 'big', surface: string, seed: number, text: string): void {
  const which = `${find} ${surface} ${seed}`;
  if (told.has(which)) return;
  told.add(which);
  figuresOf(surface)[find]++;
  const place = `${find} ${surface} ${/\n\s+at .*/.exec(text)?.[0] ?? ''}`;
  const times = (shown.get(place) ?? 0) + 1;
  shown.set(place, times);
  if (times <= 2) console.log(`${find}: ${surface}, seed ${seed}\n${text.split('\n').slice(0, 9).join('\n')}`);
}

/** Runs a thread until it ends or has to be ended. */
async function round(): Promise<void> {
  forgetPeak();
  const current = new SharedArrayBuffer(16);
  const shared = new Int32Array(current);
  const work: FuzzWork = { root, more: values.corpus, seed: Number(values.seed), only: values.only ?? null, current, done };
  const worker = new Worker(path.join(root, 'out/fuzz/worker.cjs'), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: 400, maxYoungGenerationSizeMb: 64 },
  });
  let names: readonly string[] = [];
  const underWay = (): string => names[Atomics.load(shared, 0)] ?? 'unknown';
  worker.on('message', (report: FuzzReport) => {
    if (report.kind === 'surfaces') ({ names } = report);
    else if (report.kind === 'find') tell(report.find, report.surface, report.seed, report.text);
    else
      for (const { name, cases, typed } of report.counts) {
        figuresOf(name).typed += typed;
        done[name] = cases;
      }
  });
  let lastSeed = NaN;
  let usedAtStart = process.cpuUsage();
  let startedAt = performance.now();
  let hasEnded = false;
  const end = (find: 'untyped' | 'slow' | 'big', text: string): void => {
    if (hasEnded) return;
    hasEnded = true;
    tell(find, underWay(), Atomics.load(shared, 1), text);
    // The case is not tried again.
    done[underWay()] = Atomics.load(shared, 3) + 1;
    void worker.terminate();
  };
  const watch = setInterval(() => {
    if (hasEnded) return;
    if (Date.now() > endsAt) {
      hasEnded = true;
      void worker.terminate();
      return;
    }
    const seed = Atomics.load(shared, 1);
    if (seed !== lastSeed || Atomics.load(shared, 2) === 0) {
      lastSeed = seed;
      usedAtStart = process.cpuUsage();
      startedAt = performance.now();
    }
    const used = process.cpuUsage(usedAtStart);
    if ((used.user + used.system) / 1000 > hangsAfterMs) end('slow', 'ended after 2 s of computing');
    else if (performance.now() - startedAt > waitsAtMostMs) end('slow', `ended after ${waitsAtMostMs / 1000} s of waiting`);
    else if (peakBytes() > bigBytes) end('big', `${Math.round(peakBytes() / 1e6)} MB`);
  }, 50);
  await new Promise<void>((resolve) => {
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') end('big', error.message);
      else end('untyped', `thrown outside of what the case waits for\n${error.stack ?? error.message}`);
    });
    worker.on('exit', () => {
      // A thread ends by itself where all that is left of it waits for what never comes.
      end('slow', 'waits for ever');
      resolve();
    });
  });
  clearInterval(watch);
}

/** Of the whole process, since it was last forgotten. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss();
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1024;
}

function forgetPeak(): void {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
}

async function main(): Promise<void> {
  while (Date.now() < endsAt) await round();
  for (const [surface, cases] of Object.entries(done)) figuresOf(surface).cases = cases;
  const rows = [...figures].map(([surface, { cases, typed, untyped, slow, big }]) => ({ surface, cases, typed, untyped, slow, big }));
  console.table(rows);
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const finds = sum(({ untyped, slow, big }) => untyped + slow + big);
  console.log(
    `${sum(({ cases }) => cases)} cases, ${sum(({ typed }) => typed)} typed errors, ${sum((row) => row.untyped)} untyped, ${sum((row) => row.slow)} slow, ${sum((row) => row.big)} big`,
  );
  process.exitCode = finds === 0 ? 0 : 1;
}

/** Makes cases of finds again, unwatched. */
async function again(seeds: readonly number[]): Promise<void> {
  const surface = (await allSurfaces(root, values.corpus)).find(({ name }) => name === values.only);
  if (surface === undefined) throw new Error(`There is no surface "${values.only ?? ''}".`);
  for (const seed of seeds) {
    const before = process.cpuUsage();
    const end = await runCase(surface, seed);
    const { user, system } = process.cpuUsage(before);
    console.log(`seed ${seed}: ${Math.round((user + system) / 1000)} ms, ${end.kind === 'untyped' ? end.stack : end.kind}`);
  }
}

void (values.case === undefined ? main() : again(values.case.map(Number)));
