import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { layersModelCapabilities } from '../../../src/core/formats/tfjs-layers/capabilities';
import type { FormatCapabilities } from '../../../src/core/rewrite/capabilities';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { filterForAverage } from '../../../src/core/rewrite/fitting-filter';
import { box, withFilter } from '../filter-plan';
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

/** The model with its one layer fixed; undefined where the fix is refused, which only volumes have reason for. */
async function fix(model: MemoryModel, testCase: Case, filter: BlurFilterName, isBox = false): Promise<MemoryModel | undefined> {
  const opened = await tfjsLayersFormat.open(sourceOf(model));
  const findings = lintGraph(isBox ? { ...opened, capabilities: anyVolume } : opened, { filter: blurFilter(filter) });
  expect(findings.map(({ layer }) => layer)).toEqual(calls(testCase));
  const noBox = isBox && countsPadding(testCase) ? /counts fewer samples/ : undefined;
  const reason = expectedRefusal(testCase, isBox ? testCase.kernel : filterLength(testCase, filter)) ?? noBox;
  if (reason !== undefined) {
    const refused = { ok: false, reason: expect.stringMatching(reason), nodes: expect.arrayContaining([expect.any(String)]) };
    expect(findings.map((finding) => finding.fix)).toEqual(findings.map(() => refused));
    return undefined;
  }
  const plans = findings.flatMap((finding) => (finding.fix.ok ? [finding.fix.plan] : []));
  expect(plans).toHaveLength(findings.length);
  const patch = await opened.patch(isBox ? plans.map((plan) => withFilter(opened, plan, box(testCase.kernel))) : plans);
  expect(patch.outcomes).toHaveLength(1);
  expect(patch.outcomes).toMatchObject([{ ok: true, layer: calls(testCase)[0] }]);
  return patched(model, patch);
}

/** What the box of a pool's windows is planned with: the filter that it takes the place of may be too wide for volumes. */
const anyVolume: FormatCapabilities = { ...layersModelCapabilities, obstacle: () => undefined };

/** Samples of the filter that a pool gets. */
function filterLength({ kernel, strides }: Case, wanted: BlurFilterName): number {
  const fitting = filterForAverage(
    blurFilter(wanted),
    strides.map(() => kernel),
    strides,
  );
  return fitting?.filter.taps.length ?? 0;
}

/** What volumes cannot have: TensorFlow.js cannot cut them, and its backends disagree on windows that end before the map does. */
function expectedRefusal(testCase: Case, taps: number): RegExp | undefined {
  const { kind, padding, kernel, strides, size } = testCase;
  if (size.length < 3) return undefined;
  const every = inputSizes(testCase).flatMap((lengths) => lengths.map((length, axis) => ({ length, step: strides[axis]! })));
  if (padding === 'same' && every.some(({ length, step }) => (Math.ceil(length / step) - 1) * step + kernel < length))
    return /place differently/;
  const wider = taps > kernel;
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

/** Where the pool leaves padding out of its count, no filter does what it did. */
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
    const identity = await fix(original, testCase, 'identity', isAverage);
    if (identity !== undefined) {
      const same = await loadModel(identity);
      expectSame(run(same, images), expected);
      same.dispose();
    }
    const blurred = await fix(original, testCase, 'tri-3');
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
