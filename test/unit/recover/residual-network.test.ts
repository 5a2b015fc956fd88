import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { io } from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportOnnx } from '../../../samples/train/export-onnx';
import { drawShapes, side } from '../../../samples/train/shapes';
import { topClass } from '../../../src/core/consistency/class-map';
import type { TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import { lintGraph } from '../../../src/core/lint/linter';
import { selectPlans } from '../../../src/core/lint/select-plans';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { readModel, type ReadModel } from '../../../src/engine/input/read-model';
import { engineFor } from '../../../src/engine/process/model/engine-for';
import { variantModel } from '../../../src/engine/process/variants/variant-model';
import type { ImageFile } from '../../../src/engine/protocol/classifying';
import type { VariantSpec } from '../../../src/engine/protocol/variants';
import { loadTensorFlow } from '../../../src/engine/runtimes/tfjs/runtime';
import { root } from '../cli/command-line';
import { writeDrawnShapes } from '../drawn-shapes';
import { answer } from '../engine-onnx/serving';
import { modelOnDisk } from '../real-models';

/** What `npm run sample -- --network residual` wrote; its ONNX file is made anew from the same weights. */
const trained = path.join(root, 'test/fixtures/recover/residual-tfjs');

/** Drawings that neither the training nor its test saw, and that no recovery learns from. */
const unseenCount = 800;
const unseen = drawShapes(unseenCount, 11);

let folder = '';
let calibration: readonly ImageFile[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shiftlint-'));
  calibration = writeDrawnShapes(path.join(folder, 'calibration'), 60, 12);
  await writeFile(path.join(folder, 'residual.onnx'), await onnxOfTrained());
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface ModelFile {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly weights: io.WeightsManifestEntry[] }[];
}

async function onnxOfTrained(): Promise<Uint8Array> {
  const { tf } = await loadTensorFlow();
  const text = await readFile(path.join(trained, 'model.json'), 'utf8');
  const { modelTopology, weightsManifest } = JSON.parse(text) as ModelFile;
  const weights = await readFile(path.join(trained, 'weights.bin'));
  const weightData = new Uint8Array(weights).buffer;
  return exportOnnx(await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData })));
}

function batchOf({ images }: typeof unseen, layout: 'channels-first' | 'channels-last'): TensorBatch {
  if (layout === 'channels-last') return { data: images, dims: [unseenCount, side, side, 3] };
  const area = side ** 2;
  const data = Float32Array.from(images, (_value, place) => {
    const [image, rest] = [Math.floor(place / (3 * area)), place % (3 * area)];
    return images[3 * (image * area + (rest % area)) + Math.floor(rest / area)]!;
  });
  return { data, dims: [unseenCount, 3, side, side] };
}

/** Share of unseen drawings that get their class, with the model's own padding. */
async function accuracyOf(model: ReadModel): Promise<number> {
  const engine = await engineFor(model.opened.format.id, 0);
  const [scores] = await engine.run(model, new Map([[model.graph.inputs[0]!, batchOf(unseen, model.graph.layout)]]));
  const classes = scores!.data.length / unseenCount;
  const right = [...unseen.classes].filter(
    (kind, image) => topClass(scores!.data.subarray(image * classes, (image + 1) * classes)) === kind,
  );
  return right.length / unseenCount;
}

describe.each(['onnx', 'tfjs'] as const)('a residual network with squeeze-excite and depthwise layers, %s', (format) => {
  it('is within a point of its accuracy when everything is fixed with Tri-3 and recovered, without which it is far off', async () => {
    const { payload } = await modelOnDisk(format === 'onnx' ? path.join(folder, 'residual.onnx') : path.join(trained, 'model.json'));
    const original = await readModel(payload);
    const { plans, refused } = selectPlans(lintGraph(original.opened, { filter: blurFilter('tri-3'), plan: {} }), 'all');
    expect({ plans: plans.length, refused }).toEqual({ plans: 5, refused: [] });
    const options = { reach: 'all', seed: 0, images: 60, pairs: 2, memoryBudgetBytes: 2 ** 30, preprocessing: 'unit' } as const;
    const { weights, report } = await answer('recover', { model: payload, plans, images: calibration, options });
    expect(report).toMatchObject({ images: 60, heldOut: 12, left: [] });
    expect(report.layers).toHaveLength(26);
    expect(report.consistency!.after.value).toBeGreaterThan(report.consistency!.before.value);

    const fixedWith = async (more: Partial<VariantSpec>): Promise<number> =>
      accuracyOf(await (await variantModel(original, { label: 'fixed', plans, ...more })).read());
    const accuracy = { original: await accuracyOf(original), inserted: await fixedWith({}), recovered: await fixedWith({ weights }) };
    expect(accuracy.original).toBeGreaterThan(0.98);
    expect(accuracy.inserted).toBeLessThan(0.8);
    expect(accuracy.recovered).toBeGreaterThanOrEqual(accuracy.original - 0.01);
  }, 120_000);
});
