import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withModel } from '../src/cli/model-file';
import { graphField, modelField, tensorField } from '../src/core/formats/onnx/wire/schema';
import { messageFields } from '../src/core/formats/onnx/wire/wire';
import { encodeIntegerTensor, encodeModel, encodeNode, encodeTensor, encodeValueInfo } from '../src/core/formats/onnx/wire/write';
import { concatenate } from '../src/core/formats/concatenate';
import { encodeFieldHeader } from '../src/core/formats/onnx/wire/write-fields';
import { lintGraph } from '../src/core/lint/linter';
import { median, report, timed, type Figure } from './figures';

const cli = path.join(process.cwd(), 'dist/cli.js');
const megabyte = 1024 * 1024;
const float = 1;
/** The first runs warm up the compiler, as they do in an editor. */
const warmUp = 12;

/** A VGG-like network: five stages of strided convolutions and max-pools, its weights mostly in two layers at the end. */
function writeLargeModel(file: string, weightBytes: number): void {
  const widths = [64, 128, 256, 512, 512];
  const nodes: Uint8Array[] = [];
  const weights: { readonly name: string; readonly dims: readonly number[] }[] = [];
  let map = 'image';
  for (const [stage, width] of widths.entries()) {
    for (const block of [0, 1, 2]) {
      const name = `stage${stage}.conv${block}`;
      const strides = [block === 2 && stage % 2 === 1 ? 2 : 1, block === 2 && stage % 2 === 1 ? 2 : 1];
      weights.push({ name: `${name}.weight`, dims: [width, block === 0 ? (widths[stage - 1] ?? 3) : width, 3, 3] });
      nodes.push(
        encodeNode({
          name,
          opType: 'Conv',
          inputs: [map, `${name}.weight`],
          outputs: [`${name}.out`],
          attributes: { kernel_shape: { ints: [3, 3] }, pads: { ints: [1, 1, 1, 1] }, strides: { ints: strides } },
        }),
      );
      nodes.push(encodeNode({ name: `${name}.relu`, opType: 'Relu', inputs: [`${name}.out`], outputs: [`${name}.map`] }));
      map = `${name}.map`;
    }
    if (stage % 2 === 0) {
      nodes.push(
        encodeNode({
          name: `stage${stage}.pool`,
          opType: 'MaxPool',
          inputs: [map],
          outputs: [`stage${stage}.map`],
          attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
        }),
      );
      map = `stage${stage}.map`;
    }
  }
  const features = 512 * 7 * 7;
  nodes.push(encodeNode({ name: 'flatten', opType: 'Flatten', inputs: [map], outputs: ['row'] }));
  nodes.push(encodeNode({ name: 'dense', opType: 'MatMul', inputs: ['row', 'dense.weight'], outputs: ['scores'] }));
  const convolutionBytes = weights.reduce((sum, { dims }) => sum + 4 * dims.reduce((product, length) => product * length, 1), 0);
  weights.push({ name: 'dense.weight', dims: [features, Math.round((weightBytes - convolutionBytes) / 4 / features)] });
  write(file, nodes, weights);
}

/** Writes weight by weight, so that the benchmark itself stays small; their values are what the buffer happens to repeat. */
function write(
  file: string,
  nodes: readonly Uint8Array[],
  weights: readonly { readonly name: string; readonly dims: readonly number[] }[],
): void {
  const skeleton = encodeModel({
    irVersion: 8,
    producerName: 'shiftlint-bench',
    opsets: { '': 17 },
    nodes: [...nodes],
    initializers: [encodeIntegerTensor('unused', [1], [0])],
    inputs: [encodeValueInfo('image', float, [1, 3, 224, 224])],
    outputs: [encodeValueInfo('scores', float)],
  });
  const noise = Float32Array.from({ length: megabyte / 4 }, (_, index) => Math.sin(index * 12.9898) * 0.1);
  const block = new Uint8Array(noise.buffer);
  const tensors = weights.map(({ name, dims }) => {
    const size = 4 * dims.reduce((product, length) => product * length, 1);
    const head = encodeTensor({ name, dims, dataType: float, rawData: new Uint8Array(0) }).subarray(0, -2);
    return { head: concatenate([head, encodeFieldHeader(tensorField.rawData, size)]), size };
  });
  const graph = [...messageFields(skeleton, { start: 0, end: skeleton.length })].find(({ number }) => number === modelField.graph);
  if (graph === undefined) throw new Error('The skeleton has no graph.');
  const { start, end } = graph.value;
  const extra = tensors.map(({ head, size }) => ({ header: encodeFieldHeader(graphField.initializer, head.length + size), head, size }));
  const length = end - start + extra.reduce((sum, { header, head, size }) => sum + header.length + head.length + size, 0);
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, skeleton.subarray(0, graph.start));
  writeSync(descriptor, encodeFieldHeader(modelField.graph, length));
  writeSync(descriptor, skeleton.subarray(start, end));
  for (const { header, head, size } of extra) {
    writeSync(descriptor, header);
    writeSync(descriptor, head);
    for (let left = size; left > 0; left -= block.length) writeSync(descriptor, block.subarray(0, Math.min(left, block.length)));
  }
  writeSync(descriptor, skeleton.subarray(end));
  closeSync(descriptor);
}

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
