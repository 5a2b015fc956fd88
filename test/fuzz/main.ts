import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { allSurfaces, runCase } from './cases';
import type { FuzzReport, FuzzWork } from './worker';

/**
 * Feeds every surface with mutated files until the time is over:
 * `npm run fuzz [-- --seconds N --seed N --only SURFACE --corpus DIR --case N]`.
 * A case may end in a typed error, within 2 s of computing and 500 MB; anything else is a find, told with the seed that makes it again, and
 * the exit code is 1. The cases run in a thread that is watched from here, so that hangs and lack of memory are finds as well.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    corpus: { type: 'string', multiple: true, default: [] },
    case: { type: 'string' },
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
const bigBytes = 500 * 1024 * 1024;
const root = process.cwd();
const figures = new Map<string, Figures>();
const shown = new Map<string, number>();
const endsAt = Date.now() + Number(values.seconds) * 1000;
const done: Record<string, number> = {};

function figuresOf(surface: string): Figures {
  const known = figures.get(surface) ?? { cases: 0, typed: 0, untyped: 0, slow: 0, big: 0 };
  figures.set(surface, known);
  return known;
}

/** One kind of find is told a few times, not a thousand times. */
function tell(find: 'untyped' | 'slow' | 'big', surface: string, seed: number, text: string): void {
  figuresOf(surface)[find]++;
  const place = `${find} ${surface} ${/\n\s+at .*/.exec(text)?.[0] ?? ''}`;
  const times = (shown.get(place) ?? 0) + 1;
  shown.set(place, times);
  if (times <= 2) console.log(`${find}: ${surface}, seed ${seed}\n${text.split('\n').slice(0, 9).join('\n')}`);
}

/** Runs a thread until it ends or has to be ended. */
async function round(): Promise<void> {
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
  let hasEnded = false;
  const end = (find: 'slow' | 'big', text: string): void => {
    if (hasEnded) return;
    hasEnded = true;
    tell(find, underWay(), Atomics.load(shared, 1), text);
    // The case is not tried again.
    done[underWay()] = Atomics.load(shared, 3) + 1;
    void worker.terminate();
  };
  const watch = setInterval(() => {
    if (Date.now() > endsAt) {
      void worker.terminate();
      return;
    }
    const seed = Atomics.load(shared, 1);
    if (seed !== lastSeed || Atomics.load(shared, 2) === 0) {
      lastSeed = seed;
      usedAtStart = process.cpuUsage();
    }
    const used = process.cpuUsage(usedAtStart);
    if ((used.user + used.system) / 1000 > hangsAfterMs) end('slow', 'ended after 2 s of computing');
    else if (peakBytes() > bigBytes) {
      end('big', `${Math.round(peakBytes() / 1e6)} MB`);
      forgetPeak();
    }
  }, 50);
  await new Promise<void>((resolve) => {
    worker.on('error', (error) => {
      end('big', error.message);
    });
    worker.on('exit', () => {
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

/** Makes one case of a find again, unwatched. */
async function again(seed: number): Promise<void> {
  const surface = (await allSurfaces(root, values.corpus)).find(({ name }) => name === values.only);
  if (surface === undefined) throw new Error(`There is no surface "${values.only ?? ''}".`);
  const start = performance.now();
  const end = await runCase(surface, seed);
  console.log(end.kind === 'untyped' ? end.stack : end.kind, `${Math.round(performance.now() - start)} ms`);
}

void (values.case === undefined ? main() : again(Number(values.case)));
