import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BlockFigure } from '../test/host/bench/blocks.test';
import { report, type Figure } from './figures';
import { megabyte, writeLargeModel } from './large-file';
import { chainOfNodes, poolsOnOneTensor } from './large-graphs';

/**
 * The longest turns of a real VS Code's extension host while files are opened in it: the trust cases (of `SHIFTLINT_TRUST_CASES` where it
 * is set), what a folder named by `SHIFTLINT_BLOCKS_MORE` holds besides, and large models. The promise is about the processor's time of
 * our own work; what VS Code does in the same turn, and how long it took by the clock, is shown beside it.
 */
const root = process.cwd();
const longestBlockMs = 50;

function main(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-blocks-'));
  try {
    const cases = path.join(folder, 'cases');
    cpSync(process.env['SHIFTLINT_TRUST_CASES'] ?? path.join(root, 'test/fixtures/trust'), path.join(cases, 'trust'), { recursive: true });
    const more = process.env['SHIFTLINT_BLOCKS_MORE'];
    if (more !== undefined) cpSync(more, path.join(cases, 'more'), { recursive: true });
    writeLargeCases(path.join(cases, 'large'));
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

function writeLargeCases(folder: string): void {
  mkdirSync(folder);
  const file = (name: string): string => path.join(folder, name);
  writeFileSync(file('chain-100000.onnx'), chainOfNodes(100_000, 'activations'));
  writeFileSync(file('pools-in-a-row-2000.onnx'), chainOfNodes(2_000, 'pools'));
  writeFileSync(file('pools-on-one-tensor-4000.onnx'), poolsOnOneTensor(4_000));
  writeLargeModel(file('200-MB.onnx'), 200 * megabyte);
  writeFileSync(file('model-2000-layers.json'), poolsAsJson(2_000, 0, 1));
  // VS Code opens texts of at most 50 MB for extensions.
  writeFileSync(file('model-49-MB.json'), poolsAsJson(2_000, 49 * megabyte, 1));
  writeFileSync(file('model-49-MB-in-one-line.json'), poolsAsJson(2_000, 49 * megabyte, undefined));
  writeFileSync(file('model-100000-layers.json'), poolsAsJson(100_000, 0, 1));
}

/** A layers-model of pools in a row, made as large as it is wanted by metadata. */
function poolsAsJson(count: number, size: number, indent: number | undefined): string {
  const layers = Array.from({ length: count }, (_, index) => ({
    class_name: 'MaxPooling2D',
    config: {
      name: `pool${index}`,
      pool_size: [2, 2],
      strides: [2, 2],
      padding: 'same',
      ...(index === 0 && { batch_input_shape: [null, null, null, 3] }),
    },
  }));
  const modelTopology = { model_config: { class_name: 'Sequential', config: { name: 'net', layers } } };
  const model = { format: 'layers-model', modelTopology, weightsManifest: [] };
  const short = JSON.stringify(model, null, indent);
  const note = 'x'.repeat(1000);
  const notes = Array.from({ length: Math.max(0, Math.floor((size - short.length) / 1010)) }, () => note);
  return notes.length === 0 ? short : JSON.stringify({ ...model, userDefinedMetadata: { notes } }, null, indent);
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
