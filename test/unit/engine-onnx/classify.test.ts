import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { topClass } from '../../../src/core/consistency/class-map';
import type { ImageRow } from '../../../src/core/consistency/image-row';
import { drawShiftPairs } from '../../../src/core/consistency/shift-pairs';
import type { MeasurePlan } from '../../../src/core/equivariance/plan/measure-plan';
import { outputOnly } from '../../../src/core/equivariance/plan/output-plan';
import { phaseIndex, shiftedPhase } from '../../../src/core/equivariance/walk/phases';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { openModel } from '../../../src/core/formats/registry';
import type { AxisPair } from '../../../src/core/graph/model-graph';
import { imagePlanes } from '../../../src/engine/input/image-file';
import { toBatch } from '../../../src/engine/input/planes';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import type { Classification, ClassifyOptions, ImageFile } from '../../../src/engine/protocol/classifying';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { payloadSource } from '../../../src/engine/input/source';
import { readModel } from '../../../src/engine/input/read-model';
import { measureOnnx } from './measuring';
import { largestDifference, oracleArray, oracleModel } from './oracle';
import { serve } from './serving';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const shapes: ModelPayload = { path: 'shapes.onnx', bytes: readFileSync(path.join(samples, 'shapes.onnx')), folder: samples, overlay: {} };
const images = ['circle', 'cross', 'star'].map((name, index): ImageFile => ({
  name: `${name}.png`,
  path: path.join(import.meta.dirname, '../../fixtures/shapes', `${name}.png`),
  label: index,
}));
const options: ClassifyOptions = { pairs: 6, seed: 5, memoryBudgetBytes: 2 ** 30, preprocessing: 'unit' };

async function classify(wanted: ClassifyOptions, files: readonly ImageFile[] = images): Promise<Classification> {
  const { progress, result } = await serve('classify', { model: shapes, images: files, options: wanted });
  if (result === undefined) throw new Error('nothing was classified');
  expect(progress.filter(({ kind }) => kind === 'row')).toHaveLength(files.length);
  return result;
}

/** The model itself, unchanged, on one image at a time. */
async function scores(planes: Awaited<ReturnType<typeof imagePlanes>>): Promise<Float32Array> {
  const { graph } = await openModel(payloadSource(shapes));
  const [output] = await (
    await createOnnxEngine()
  ).run(await readModel(shapes), new Map([[graph.inputs[0] ?? '', toBatch(planes, graph.layout)]]));
  if (output === undefined) throw new Error('the model gave nothing');
  return output.data;
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe.each(['vgg_like', 'resnet_like'])('the wanted shifts of %s', (name) => {
  it('have the outputs that a run over all shifts gives them', async () => {
    const payload = oracleModel(`${name}.onnx`);
    const { data, shape } = oracleArray(`${name}.input.npy`);
    const input = { data, dims: shape };
    const all = await measureOnnx(payload, input);
    const { graph } = await openModel(payloadSource(payload));
    const plan: MeasurePlan = outputOnly(planMeasurement(graph), graph);
    const model = await (await createOnnxEngine()).openCircular(await readModel(payload), plan);
    const shifts: AxisPair[] = [
      [0, 0],
      [-3, 5],
      [7, -8],
      [31, 1],
      [2, 2],
    ];
    const some = new Map<string, Float32Array>();
    const take = (phase: AxisPair, _: AxisPair, output: Float32Array): void => {
      some.set(phase.join(), output.slice());
    };
    const measured = await measureEquivariance({ plan, graph, model }, input, {
      metric: 'flat',
      memoryBudgetBytes: 2 ** 28,
      cancellation: { cancelled: false },
      shifts,
      onOutput: take,
    });
    await model.dispose();
    if (all === undefined || 'reason' in all.output) throw new Error('there is no output');
    expect(measured?.heatmaps).toEqual([]);
    const { period, values, tile } = all.output;
    const largest = tile.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const shift of shifts) {
      const phase = shiftedPhase(shift, period);
      const start = phaseIndex(phase, period) * values;
      expect(largestDifference(some.get(phase.join())!, tile.subarray(start, start + values))).toBeLessThan(1e-5 * largest);
    }
    // What nobody asked for was not run.
    expect(some.size).toBeLessThanOrEqual(shifts.length);
  });
});

describe('classifying a folder', () => {
  const broken = mkdtempSync(path.join(tmpdir(), 'shiftlint-'));
  afterAll(() => {
    rmSync(broken, { recursive: true, force: true });
  });

  it('under the deployed protocol equals the model run on every crop', async () => {
    const { rows, settings } = await classify({ ...options, protocol: 'deployed' });
    expect(settings).toMatchObject({ protocol: 'deployed', protocolReason: '', preprocessing: 'unit' });
    const [height, width] = settings.size;
    const mirror = (index: number, length: number): number => (index < 0 ? -index : index >= length ? 2 * length - 2 - index : index);
    for (const [index, image] of images.entries()) {
      const planes = await imagePlanes(readFileSync(image.path), image.path, 3, settings.size);
      const shifted = ([down, right]: AxisPair) =>
        planes.map(({ data }) => ({
          height,
          width,
          data: Float32Array.from(
            { length: height * width },
            (_, place) => data[mirror(Math.floor(place / width) - down, height) * width + mirror((place % width) - right, width)] ?? 0,
          ),
        }));
      const pairs = drawShiftPairs(settings.size, options.pairs, options.seed, image.name);
      const original = await scores(planes);
      const answers = [];
      for (const pair of pairs) answers.push([await scores(shifted(pair[0])), await scores(shifted(pair[1]))] as const);
      const flat = answers.flat();
      const row = rows[index];
      expect(row).toMatchObject({
        image: image.name,
        top: topClass(original),
        pairs: options.pairs,
        agreeing: answers.filter(([a, b]) => topClass(a) === topClass(b)).length,
        label: index,
        correctShifts: flat.filter((answer) => topClass(answer) === index).length / flat.length,
      } satisfies Partial<ImageRow>);
      expect(row?.invariance).toBeCloseTo(flat.reduce((sum, answer) => sum + cosine(original, answer), 0) / flat.length, 5);
    }
  });

  it('takes the circular protocol where the output can be had so', async () => {
    const { settings, rows } = await classify(options);
    expect(settings).toMatchObject({ protocol: 'circular', protocolReason: '' });
    expect(rows.map(({ image }) => image)).toEqual(images.map(({ name }) => name));
    const again = await classify({ ...options, memoryBudgetBytes: 2 ** 20 });
    expect(again.rows.map(({ agreeing }) => agreeing)).toEqual(rows.map(({ agreeing }) => agreeing));
  });

  it('leaves out what is no image, says why, and goes on', async () => {
    const text = path.join(broken, 'text.png');
    writeFileSync(text, 'no image');
    const missing = path.join(broken, 'missing.png');
    const files = [
      { name: 'text.png', path: text, label: null },
      { name: 'missing.png', path: missing, label: null },
      { ...images[0], label: 99 } as ImageFile,
      ...images,
    ];
    const { rows, failed } = await classify(options, files);
    expect(rows).toHaveLength(images.length);
    expect(failed.map(({ image }) => image)).toEqual(['text.png', 'missing.png', 'circle.png']);
    expect(failed[0]?.reason).toContain('cannot be read as an image');
    expect(failed[2]?.reason).toContain('labelled 99');
  });

  it('stops when it is cancelled', async () => {
    const { progress, result } = await serve('classify', { model: shapes, images, options }, 1);
    expect(progress.filter(({ kind }) => kind === 'row')).toHaveLength(1);
    expect(result).toBeUndefined();
  });

  it('scales pixels as it is told', async () => {
    const bytes = await classify({ ...options, preprocessing: 'bytes' });
    const unit = await classify(options);
    expect(bytes.settings.preprocessing).toBe('bytes');
    expect(bytes.rows.map(({ invariance }) => invariance)).not.toEqual(unit.rows.map(({ invariance }) => invariance));
  });
});
