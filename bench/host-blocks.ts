import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BlockFigure } from '../test/host/bench/blocks.test';
import { poolsInARow } from '../test/unit/tfjs-layers/pools-in-a-row';
import { writeDenseLayers, writeDenseOnnx, writeNoise } from './dense-models';
import { report, type Figure } from './figures';
import { megabyte, writeLargeModel } from './large-file';
import { chainOfNodes, poolsOnOneTensor } from './large-graphs';

/**
 * The longest turns of a real VS Code's extension host while files are opened in it: the trust cases (of `SHIFTLINT_TRUST_CASES` where it
 * is set), what a folder named by `SHIFTLINT_BLOCKS_MORE` holds besides, and large models; and while the weights of large models are
 * recovered. `SHIFTLINT_BLOCKS_ONLY` names one folder of these (`trust`, `more`, `large`, `recovered`). The promise is about the
 * processor's time of our own work; what VS Code does in the same turn, and how long it took by the clock, is shown beside it.
 */
const root = process.cwd();
const longestBlockMs = 50;

function main(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-blocks-'));
  try {
    const cases = path.join(folder, 'cases');
    mkdirSync(cases);
    const only = process.env['SHIFTLINT_BLOCKS_ONLY'];
    for (const [name, write] of Object.entries(caseFolders)) if (only === undefined || only === name) write(path.join(cases, name));
    const figures = opened(cases, path.join(folder, 'results.json'));
    process.stdout.write(
      'longest own work, whole turn, turn by the clock (ms), peak of the reading process (MB), own work of a fix (ms)\n',
    );
    for (const { name, came, ownMs, turnMs, wallMs, readerPeak, fixMs } of figures) {
      const numbers = [ownMs, turnMs, wallMs, readerPeak, fixMs ?? NaN].map((value) => value.toFixed(1).padStart(9)).join(' ');
      process.stdout.write(`${name.padEnd(44)} ${numbers}  ${came}\n`);
    }
    const longest = figures.reduce((a, b) => (b.ownMs > a.ownMs ? b : a));
    const figure: Figure = { what: `longest block of the host: ${longest.name}`, value: longest.ownMs, unit: 'ms', limit: longestBlockMs };
    if (!report([figure])) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What writes the cases of a folder. */
const caseFolders: Readonly<Record<string, (folder: string) => void>> = {
  trust: (folder) => {
    cpSync(process.env['SHIFTLINT_TRUST_CASES'] ?? path.join(root, 'test/fixtures/trust'), folder, { recursive: true });
  },
  more: (folder) => {
    const more = process.env['SHIFTLINT_BLOCKS_MORE'];
    if (more !== undefined) cpSync(more, folder, { recursive: true });
  },
  large: writeLargeCases,
  recovered: writeModelsToRecover,
};

function writeModelsToRecover(folder: string): void {
  mkdirSync(folder);
  writeDenseOnnx(path.join(folder, 'dense-100-MB.onnx'), 100 * megabyte);
  writeDenseLayers(path.join(folder, 'dense-100-MB'), 100 * megabyte);
  writeNoise(path.join(folder, 'images'), 8, 14);
}

function writeLargeCases(folder: string): void {
  mkdirSync(folder);
  const file = (name: string): string => path.join(folder, name);
  writeFileSync(file('chain-100000.onnx'), chainOfNodes(100_000, 'activations'));
  writeFileSync(file('pools-in-a-row-2000.onnx'), chainOfNodes(2_000, 'pools'));
  writeFileSync(file('pools-on-one-tensor-4000.onnx'), poolsOnOneTensor(4_000));
  writeLargeModel(file('200-MB.onnx'), 200 * megabyte);
  writeFileSync(file('model-2000-layers.json'), poolsInARow(2_000, { side: null, indent: 1 }));
  // VS Code opens texts of at most 50 MB for extensions.
  writeFileSync(file('model-49-MB.json'), poolsInARow(2_000, { side: null, size: 49 * megabyte, indent: 1 }));
  writeFileSync(file('model-49-MB-in-one-line.json'), poolsInARow(2_000, { side: null, size: 49 * megabyte }));
  writeFileSync(file('model-100000-layers.json'), poolsInARow(100_000, { side: null, indent: 1 }));
}

function opened(folder: string, results: string): readonly BlockFigure[] {
  const env = {
    ...process.env,
    SHIFTLINT_HOST_SUITE: 'bench',
    SHIFTLINT_BLOCKS_FOLDER: folder,
    SHIFTLINT_BLOCKS_RESULTS: results,
    SHIFTLINT_PATIENCE: process.env['SHIFTLINT_PATIENCE'] ?? '3',
  };
  const { status } = spawnSync(process.execPath, ['test/host/run.mjs'], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('The files could not be opened.');
  return JSON.parse(readFileSync(results, 'utf8')) as readonly BlockFigure[];
}

main();
