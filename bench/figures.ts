import { readFileSync } from 'node:fs';

/** The middle of some measurements in milliseconds, after the first ones have warmed up the compiler. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** How long a piece of work takes, once a run. */
export async function timed(runs: number, work: (run: number) => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work(run);
    times.push(performance.now() - start);
  }
  return times;
}

/** One line of the report. A figure beyond its limit makes the benchmark fail. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Largest value that meets the project's promise; null for figures that only inform. */
  readonly limit: number | null;
  /** Smallest value that meets it, where more is better. */
  readonly least?: number;
}

/** Prints figures as a table and answers whether all keep their limits. */
export function report(figures: readonly Figure[]): boolean {
  for (const figure of figures) {
    const { what, value, unit, limit, least } = figure;
    const promise = limit !== null ? `at most ${limit}` : least === undefined ? '' : `at least ${least}`;
    const verdict = promise === '' ? '' : `  (${promise}: ${keeps(figure) ? 'kept' : 'MISSED'})`;
    process.stdout.write(`${what.padEnd(70)} ${value.toFixed(value < 100 ? 1 : 0).padStart(8)} ${unit}${verdict}\n`);
  }
  return figures.every(keeps);
}

function keeps({ value, limit, least }: Figure): boolean {
  return (limit === null || value <= limit) && (least === undefined || value >= least);
}

/** Peak resident memory of a process in megabytes; 0 where the system does not tell. */
export function peakMemory(processId: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${processId ?? 'none'}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
