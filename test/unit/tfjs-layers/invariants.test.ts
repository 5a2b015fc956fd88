import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilter } from '../../../src/core/rewrite/filters';
import type { BlurPlan } from '../../../src/core/rewrite/plan';
import { apis, build, calls, imageShape, inputSizes, kinds, type Case, type Kind } from './case-models';
import { patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { loadModel, saveModel } from './memory-model';

/** Every combination of kind, padding, kernel and stride; each with `turns` ways to stand in a model, which take turns as sizes do. */
function table(turns: number): readonly Case[] {
  const cases: Case[] = [];
  for (const axes of [1, 2, 3]) {
    for (const kind of kinds)
      for (const padding of paddingsOf(kind, axes))
        for (const kernel of kernelsOf(kind, axes))
          for (const strides of stridesOf(kind, axes))
            for (let turn = 0; turn < turns; turn++) {
              const index = cases.length;
              cases.push({
                kind,
                padding,
                kernel,
                strides,
                api: apis[index % apis.length]!,
                layout: 'channelsLast',
                size: sizes[axes]![Math.floor(index / 3) % sizes[axes]!.length]!,
              });
            }
  }
  return [...cases, ...channelsFirst()];
}

const sizes: Readonly<Record<number, readonly (readonly number[])[]>> = {
  1: [[16], [13], [15]],
  2: [
    [12, 9],
    [11, 14],
    [10, 13],
    [11, 10],
  ],
  3: [
    [6, 7, 5],
    [8, 5, 6],
    [5, 6, 7],
  ],
};

function paddingsOf(kind: Kind, axes: number): readonly Case['padding'][] {
  return axes === 2 && kind !== 'shortcut' ? ['same', 'valid', 'pair'] : ['same', 'valid'];
}

function kernelsOf(kind: Kind, axes: number): readonly number[] {
  if (kind === 'shortcut') return [1];
  if (kind === 'depthwise' || kind === 'separable') return axes === 2 ? [2, 3, 4, 5, 7] : [];
  return axes === 3 ? [1, 2, 3, 4] : [1, 2, 3, 4, 5, 6, 7];
}

/** A separable or depthwise layer has one stride for both axes in TensorFlow. */
function stridesOf(kind: Kind, axes: number): readonly (readonly number[])[] {
  if (axes === 1) return [[2], [3], [4]];
  if (axes === 3)
    return [
      [2, 2, 2],
      [1, 2, 3],
      [2, 1, 1],
    ];
  return kind === 'depthwise' || kind === 'separable'
    ? [
        [2, 2],
        [3, 3],
        [4, 4],
      ]
    : [
        [2, 2],
        [3, 3],
        [4, 4],
        [2, 1],
        [1, 3],
        [4, 2],
      ];
}

/**
 * With the channels first, tfjs has no separable convolution, and its cpu and wasm backends apply a batch normalisation's constants
 * by position instead of by channel (the native backend is right), so that there is no right output to keep.
 */
function channelsFirst(): readonly Case[] {
  const some = ['max-pool', 'average-pool', 'conv + relu', 'depthwise'] as const;
  return some.flatMap((kind, offset) =>
    (['same', 'valid'] as const).flatMap((padding) =>
      [2, 3].flatMap((kernel) =>
        stridesOf(kind, 2)
          .slice(0, 4)
          .map((strides, index): Case => ({
            kind,
            padding,
            kernel,
            strides,
            api: apis[(index + offset + kernel) % apis.length]!,
            layout: 'channelsFirst',
            size: [9, 12],
          })),
      ),
    ),
  );
}

const cases = table(2);
let refusals = 0;

async function plansOf(model: MemoryModel, testCase: Case, filter: BlurFilter): Promise<readonly BlurPlan[]> {
  const findings = lintGraph(await tfjsLayersFormat.open(sourceOf(model)), { filter });
  expect(findings.map(({ layer }) => layer)).toEqual(calls(testCase));
  const plans = findings.flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
  expect(plans).toHaveLength(findings.length);
  return plans;
}

/** The model with its one layer fixed; undefined where the fix is refused, which only volumes have reason for. */
async function fix(
  model: MemoryModel,
  testCase: Case,
  filter: BlurFilter,
  change = (plan: BlurPlan): BlurPlan => plan,
): Promise<MemoryModel | undefined> {
  const plans = (await plansOf(model, testCase, filter)).map(change);
  const patch = await (await tfjsLayersFormat.open(sourceOf(model))).patch(plans);
  expect(patch.outcomes).toHaveLength(1);
  const reason = expectedRefusal(testCase, plans);
  if (reason !== undefined) {
    expect(patch).toMatchObject({ edits: [], newFiles: [], outcomes: [{ ok: false, reason: expect.stringMatching(reason) }] });
    return undefined;
  }
  expect(patch.outcomes).toMatchObject([{ ok: true, layer: calls(testCase)[0] }]);
  return patched(model, patch);
}

/** What volumes cannot have: TensorFlow.js cannot cut them, and its backends disagree on windows that end before the map does. */
function expectedRefusal(testCase: Case, plans: readonly BlurPlan[]): RegExp | undefined {
  const { kind, padding, kernel, strides, size } = testCase;
  if (size.length < 3) return undefined;
  const every = inputSizes(testCase).flatMap((lengths) => lengths.map((length, axis) => ({ length, step: strides[axis]! })));
  if (padding === 'same' && every.some(({ length, step }) => (Math.ceil(length / step) - 1) * step + kernel < length))
    return /place differently/;
  const wider = plans.some(({ filter }) => filter.taps.length > kernel);
  const isCut = every.some(({ length, step }) => Math.floor((length - kernel) / step) + 1 < Math.ceil(length / step));
  return kind === 'average-pool' && padding === 'valid' && wider && isCut ? /cuts or pads volumes/ : undefined;
}

interface Result {
  readonly shape: number[];
  readonly values: Float32Array;
}

function run(model: tf.LayersModel, images: readonly tf.Tensor[]): Result[] {
  return tf.tidy(() => {
    const outputs = [model.predict(images.length === 1 ? images[0]! : [...images])].flat();
    return outputs.map((output) => ({ shape: output.shape, values: output.dataSync() as Float32Array }));
  });
}

function expectSame(actual: readonly Result[], expected: readonly Result[]): void {
  actual.forEach(({ shape, values }, index) => {
    expect(shape).toEqual(expected[index]!.shape);
    expect(values.reduce((worst, value, at) => Math.max(worst, Math.abs(value - expected[index]!.values[at]!)), 0)).toBeLessThan(2e-6);
  });
}

/** The filter that does what the pool did; it cannot where the pool leaves padding out of its count. */
function box({ kernel }: Case): BlurFilter {
  return { name: 'identity', label: 'Rect', taps: Array.from({ length: kernel }, () => 1 / kernel) };
}

function countsPadding(testCase: Case): boolean {
  return (
    testCase.padding === 'same' &&
    inputSizes(testCase).some((size) =>
      size.some((length, axis) => (Math.ceil(length / testCase.strides[axis]!) - 1) * testCase.strides[axis]! + testCase.kernel > length),
    )
  );
}

describe(`invariants of fixes in layers-models (${cases.length} cases, each with identity and Tri-3)`, () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  afterAll(() => {
    console.log(`Invariants of fixes in layers-models: ${cases.length} cases, ${refusals} of them refused with a reason.`);
  });

  it.each(cases)('$size.length-D $kind, $api, $layout, $padding, kernel $kernel, stride $strides, size $size', async (testCase) => {
    const model = build(testCase);
    const original = await saveModel(model);
    const images = inputSizes(testCase).map((size, index) =>
      tf.randomNormal([2, ...imageShape(testCase, size)], 0, 1, 'float32', 7 + index),
    );
    const expected = run(model, images);
    const isAverage = testCase.kind === 'average-pool';
    const identity = await fix(
      original,
      testCase,
      blurFilter('identity'),
      isAverage ? (plan) => ({ ...plan, filter: box(testCase) }) : undefined,
    );
    if (identity !== undefined) {
      const same = await loadModel(identity);
      if (!isAverage || !countsPadding(testCase)) expectSame(run(same, images), expected);
      same.dispose();
    }
    const blurred = await fix(original, testCase, blurFilter('tri-3'));
    if (blurred === undefined) refusals++;
    else {
      const blurredModel = await loadModel(blurred);
      expect(run(blurredModel, images).map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
      expect(lintGraph(await tfjsLayersFormat.open(sourceOf(blurred)))).toEqual([]);
      blurredModel.dispose();
    }
    for (const disposable of [model, ...images]) disposable.dispose();
  });
});
