import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withModel } from '../src/cli/model-file';
import { lintGraph } from '../src/core/lint/linter';
import { median, report, timed, type Figure } from './figures';
import { megabyte, writeLargeModel } from './large-file';

const cli = path.join(process.cwd(), 'dist/cli.js');
/** The first runs warm up the compiler, as they do in an editor. */
const warmUp = 12;

/**
 * What a process prints of its largest resident memory, in kilobytes, when it ends. The kernel's own count starts anew with the
 * program; `resourceUsage`, for other systems, includes what the parent had when it was forked.
 */
const printPeak = `
import { existsSync, readFileSync, writeSync } from 'node:fs';
process.on('exit', () => {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  writeSync(2, 'peak ' + (/VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS));
});`;

/** Largest resident memory of a command line's process, in megabytes. */
function peakMemory(...words: readonly string[]): number {
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(printPeak)}`, cli, ...words],
    { encoding: 'utf8' },
  );
  const peak = /peak (\d+)$/.exec(stderr)?.[1];
  if (peak === undefined || status === 2) throw new Error(`shiftlint ${words.join(' ')}: ${stderr}`);
  return Number(peak) / 1024;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-bench-'));
  try {
    const [file, fixed] = [path.join(folder, 'large.onnx'), path.join(folder, 'fixed.onnx')];
    writeLargeModel(file, 500 * megabyte);
    const judge = () => withModel(file, (model) => Promise.resolve(lintGraph(model)));
    const [first = NaN] = await timed(1, judge);
    await timed(warmUp, judge);
    const judged = median(await timed(25, judge));
    const whole = median(await timed(5, () => readFile(file)));
    const findings = (await judge()).length;
    const figures: Figure[] = [
      {
        what: `judging an ONNX file of ${Math.round(statSync(file).size / megabyte)} MB (${findings} findings), first time`,
        value: first,
        unit: 'ms',
        limit: null,
      },
      { what: 'judging it, median', value: judged, unit: 'ms', limit: null },
      { what: 'reading it once, median', value: whole, unit: 'ms', limit: null },
      { what: 'judging it, in per cent of reading it once', value: (100 * judged) / whole, unit: '% ', limit: 2 },
      { what: 'resident memory of "lint", at most', value: peakMemory('lint', file), unit: 'MB', limit: 80 },
      { what: 'resident memory of "fix", at most', value: peakMemory('fix', file, '-o', fixed), unit: 'MB', limit: 150 },
    ];
    if (!report(figures)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
