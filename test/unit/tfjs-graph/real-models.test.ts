import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAll } from '../../../src/core/formats/byte-source';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import type { RuleId } from '../../../src/core/rules/registry';
import { modelOnDisk, realModels } from '../real-models';
import { editsTakenBack, patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { difference, run, runForShapes } from './graph-builder';

type Expected = readonly [layer: string, rule: RuleId, cumulativeStride: number, blurAfter: string];

const emotion = 'StatefulPartitionedCall/model_1';
const blazeface = 'StatefulPartitionedCall/functional_1';
const centernet = 'tower_0/MobilenetV3';

/** The layers of stride above 1, read off the files by hand; global pools, upsampling and slices of detections are none. */
const models: readonly { readonly name: string; readonly input: readonly number[]; readonly findings: readonly Expected[] }[] = [
  {
    name: 'emotion',
    input: [1, 64, 64, 1],
    findings: [
      [`${emotion}/block1_conv1_act/Relu`, 'strided-conv', 2, `${emotion}/block1_conv1_act/Relu`],
      [`${emotion}/max_pooling2d_1/MaxPool`, 'strided-max-pool', 4, `${emotion}/max_pooling2d_1/MaxPool`],
      [
        `${emotion}/batch_normalization_1/FusedBatchNormV3`,
        'strided-pointwise-conv',
        4,
        `${emotion}/batch_normalization_1/FusedBatchNormV3`,
      ],
      [`${emotion}/max_pooling2d_2/MaxPool`, 'strided-max-pool', 8, `${emotion}/max_pooling2d_2/MaxPool`],
      [
        `${emotion}/batch_normalization_2/FusedBatchNormV3`,
        'strided-pointwise-conv',
        8,
        `${emotion}/batch_normalization_2/FusedBatchNormV3`,
      ],
    ],
  },
  {
    name: 'blazeface',
    input: [1, 256, 256, 3],
    findings: [
      [`${blazeface}/conv2d/Relu`, 'strided-conv', 2, `${blazeface}/conv2d/Relu`],
      ...[
        ['depthwise_conv2d_7', 'max_pooling2d', 4],
        ['depthwise_conv2d_15', 'max_pooling2d_1', 8],
        ['depthwise_conv2d_23', 'max_pooling2d_2', 16],
      ].flatMap(([conv, pool, stride]): Expected[] => [
        [`${blazeface}/${conv}/depthwise`, 'strided-conv', Number(stride), `${blazeface}/${conv}/depthwise`],
        [`${blazeface}/${pool}/MaxPool`, 'strided-max-pool', Number(stride), `${blazeface}/${pool}/MaxPool`],
      ]),
      [`${blazeface}/depthwise_conv2d_31/depthwise`, 'strided-conv', 32, `${blazeface}/depthwise_conv2d_31/depthwise`],
    ],
  },
  {
    name: 'selfie',
    input: [1, 256, 256, 3],
    findings: [
      ['Conv2D', 'strided-conv', 2, 'mul_1'],
      ['depthwise', 'strided-conv', 4, 're_lu_1'],
      ['depthwise_1', 'strided-conv', 8, 're_lu_4'],
      ['depthwise_3', 'strided-conv', 16, 'mul_5'],
    ],
  },
  {
    name: 'centernet',
    input: [1, 512, 512, 3],
    findings: [
      [`${centernet}/Conv/BatchNorm/FusedBatchNorm`, 'strided-conv', 2, `${centernet}/Conv/hard_swish/mul_1`],
      [`${centernet}/expanded_conv_1/depthwise/depthwise`, 'strided-conv', 4, `${centernet}/expanded_conv_1/depthwise/depthwise`],
      [`${centernet}/expanded_conv_3/depthwise/depthwise`, 'strided-conv', 8, `${centernet}/expanded_conv_3/depthwise/depthwise`],
      [`${centernet}/expanded_conv_6/depthwise/depthwise`, 'strided-conv', 16, `${centernet}/expanded_conv_6/depthwise/hard_swish/mul_1`],
      [`${centernet}/expanded_conv_12/depthwise/depthwise`, 'strided-conv', 32, `${centernet}/expanded_conv_12/depthwise/hard_swish/mul_1`],
    ],
  },
];

async function inMemory(name: string): Promise<MemoryModel> {
  const { source } = await modelOnDisk(path.join(realModels ?? '', name, `${name}.json`));
  const { weightFiles = [] } = (await tfjsGraphFormat.open(source)).graph;
  const files = await Promise.all(weightFiles.map(async (file) => [file, (await source.readSibling(file))!] as const));
  return { text: new TextDecoder().decode(await readAll(source)), files: new Map(files) };
}

async function fixAll(model: MemoryModel, name: BlurFilterName) {
  const source = sourceOf(model);
  const plans = lintGraph(await tfjsGraphFormat.open(source), { filter: blurFilter(name) }).flatMap(({ fix }) =>
    fix.ok ? [fix.plan] : [],
  );
  const patch = await (await tfjsGraphFormat.open(source)).patch(plans);
  if (patch.kind !== 'text') throw new Error('A graph-model is patched as text.');
  return { patch, fixed: patched(model, patch) };
}

describe.runIf(realModels !== undefined).each(models)('$name', ({ name, input, findings }) => {
  let model: MemoryModel;

  beforeAll(async () => {
    setWasmPaths(`${path.resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist')}/`);
    await tf.setBackend('wasm');
    model = await inMemory(name);
  });

  it('has the findings of the table, each at its node, with evidence from its kernels', async () => {
    const opened = await tfjsGraphFormat.open(sourceOf(model));
    const { graph } = opened;
    const found = lintGraph(opened);
    const brief = found.map(({ layer, rule, cumulativeStride, fix }) => [
      layer,
      rule,
      Math.max(...(cumulativeStride ?? [])),
      fix.ok ? fix.plan.blurAfter : fix.reason,
    ]);
    const sorted = (list: readonly (readonly unknown[])[]): unknown => [...list].sort((a, b) => String(a[0]).localeCompare(String(b[0])));
    expect(sorted(brief)).toEqual(sorted(findings));
    const places = await opened.locate(findings.map(([layer]) => layer));
    for (const [layer] of findings) {
      const { offset, length } = places.get(layer)!;
      expect(JSON.parse(`{${model.text.slice(offset, offset + length)}}`)).toEqual({ name: layer });
    }
    const learned = graph.layers.filter(
      ({ operation }) =>
        operation.kind === 'convolution' &&
        operation.window.stride.some((step) => step > 1) &&
        operation.window.kernel.some((side) => side > 1),
    );
    expect(learned.every(({ operation }) => operation.kind === 'convolution' && operation.kernels !== undefined)).toBe(true);
  });

  it('has every shape that TensorFlow.js computes', async () => {
    const { graph } = await tfjsGraphFormat.open(sourceOf(model));
    const known = graph.layers.filter(({ outputs: [tensor = ''] }) => graph.tensors.get(tensor)?.shape !== undefined);
    expect(known.length).toBeGreaterThan(graph.layers.length * 0.9);
    const names = known.map(({ name: layer }) => layer);
    const shapes = await runForShapes(model, input, names);
    shapes.forEach((shape, index) => {
      const inferred = graph.tensors.get(names[index]!)!.shape!;
      expect(
        inferred.map((length, axis) => length ?? shape[axis]),
        names[index],
      ).toEqual(shape);
    });
  }, 60_000);

  it('computes the same with every layer fixed by the filter that changes nothing', async () => {
    const before = await run(model, input);
    const after = await run((await fixAll(model, 'identity')).fixed, input);
    expect(after.map(({ shape }) => shape)).toEqual(before.map(({ shape }) => shape));
    after.forEach((result, index) => {
      const largest = before[index]!.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      expect(difference(result, before[index]!)).toBeLessThan(1e-5 * largest);
    });
  }, 60_000);

  it('is fixed as a whole: it loads, keeps its output shapes, and its findings are gone', async () => {
    const { patch, fixed } = await fixAll(model, 'tri-3');
    expect(patch.outcomes.map(({ ok }) => ok)).toEqual(findings.map(() => true));
    expect(editsTakenBack(fixed.text, patch.edits, model.text)).toBe(model.text);
    const before = await run(model, input);
    const after = await run(fixed, input);
    expect(after.map(({ shape }) => shape)).toEqual(before.map(({ shape }) => shape));
    expect(after.some((result, index) => difference(result, before[index]!) > 1e-3)).toBe(true);
    expect(lintGraph(await tfjsGraphFormat.open(sourceOf(fixed)))).toEqual([]);
  }, 60_000);
});
