import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, report, timed, type Figure } from './figures';
import { chainOfNodes, poolsOnOneTensor } from './large-graphs';

const cli = path.join(process.cwd(), 'dist/cli.js');
const rounds = 3;

/** A model of many nodes, the command that is timed on it, and what it may take. */
interface Row {
  readonly what: string;
  readonly words: (file: string, output: string) => readonly string[];
  readonly model: (count: number) => Uint8Array;
  /** Times for n and 2n show whether the work follows the graph. */
  readonly counts: readonly number[];
  /** Milliseconds for the whole process at the count that the promise is about. */
  readonly promise: { readonly count: number; readonly ms: number } | undefined;
}

const lint: Row['words'] = (file) => ['lint', file];
const fix: Row['words'] = (file, output) => ['fix', file, '-o', output];
const rows: readonly Row[] = [
  {
    what: 'max-pools on one tensor, lint',
    words: lint,
    model: poolsOnOneTensor,
    counts: [2_000, 4_000],
    promise: { count: 2_000, ms: 1_000 },
  },
  { what: 'max-pools on one tensor, fix', words: fix, model: poolsOnOneTensor, counts: [2_000, 4_000], promise: undefined },
  {
    what: 'activations in a row, lint',
    words: lint,
    model: (count) => chainOfNodes(count, 'activations'),
    counts: [50_000, 100_000, 200_000],
    promise: { count: 100_000, ms: 3_000 },
  },
  {
    what: 'max-pools in a row, lint',
    words: lint,
    model: (count) => chainOfNodes(count, 'pools'),
    counts: [50_000, 100_000],
    promise: undefined,
  },
];

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-bench-'));
  try {
    const figures: Figure[] = [];
    for (const { what, words, model, counts, promise } of rows) {
      for (const count of counts) {
        const [file, output] = [path.join(folder, 'model.onnx'), path.join(folder, 'fixed.onnx')];
        writeFileSync(file, model(count));
        const value = median(
          await timed(rounds, () => {
            shiftlint(...words(file, output));
          }),
        );
        const limit = promise?.count === count ? promise.ms : null;
        figures.push({ what: `${count} ${what}, whole process`, value, unit: 'ms', limit });
      }
    }
    if (!report(figures)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function shiftlint(...words: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...words], { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0 && status !== 1) throw new Error(`shiftlint ${words.join(' ')}: ${stderr}`);
}

void main();
