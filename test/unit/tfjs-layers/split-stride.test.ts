import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { planFix } from '../../../src/core/rewrite/planner';
import { apis, build, calls, imageShape, inputSizes, type Case } from './case-models';
import { patched, sourceOf } from '../tfjs-files';
import { loadModel, saveModel } from './memory-model';

const strides: Readonly<Record<number, readonly (readonly number[])[]>> = {
  1: [[4], [6]],
  2: [
    [4, 4],
    [4, 2],
    [6, 3],
  ],
  3: [[4, 2, 4]],
};
const sizes: Readonly<Record<number, readonly (readonly number[])[]>> = {
  1: [[23], [16]],
  2: [
    [17, 14],
    [12, 19],
  ],
  3: [[9, 6, 8]],
};

function* table(): Generator<Case> {
  let index = 0;
  for (const axes of [1, 2, 3])
    for (const kind of ['max-pool', 'conv + relu', 'conv, norm, relu', 'shortcut'] as const)
      for (const padding of ['same', 'valid'] as const)
        for (const kernel of kind === 'shortcut' ? [1] : [2, 3, 4, 5])
          for (const step of strides[axes]!)
            for (const size of sizes[axes]!)
              yield { kind, padding, kernel, strides: step, size, api: apis[index++ % apis.length]!, layout: 'channelsLast' };
}

const cases = [...table()];

describe(`a part of a large stride may stay with the layer (${cases.length} cases)`, () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(cases)('$kind, $api, $padding, kernel $kernel, stride $strides, size $size', async (testCase) => {
    const model = build(testCase);
    const original = await saveModel(model);
    const opened = await tfjsLayersFormat.open(sourceOf(original));
    const images = inputSizes(testCase).map((size, index) =>
      tf.randomNormal([2, ...imageShape(testCase, size)], 0, 1, 'float32', 3 + index),
    );
    const planned = planFix(opened, calls(testCase)[0]!, blurFilter('identity'), { splitStride: true });
    if (!planned.ok) {
      // SAME windows move by whole samples of the image, which a kept stride of 2 or 3 may not divide; the other reason is that of volumes.
      expect(testCase.padding).toBe('same');
      expect(planned.reason).toMatch(/SAME padding would move its samples|place differently/);
    } else {
      expect(planned.plan.layerStride).toEqual(testCase.strides.map((step) => (step >= 4 ? step / 2 : 1)));
      const patch = await opened.patch([planned.plan]);
      const [outcome] = patch.outcomes;
      if (outcome?.ok !== true) throw new Error(outcome?.reason);
      expect(outcome.description).toContain(`now has stride ${planned.plan.layerStride.join('x')};`);
      const split = await loadModel(patched(original, patch));
      const [expected, actual] = [model, split].map((each) => [each.predict(images.length === 1 ? images[0]! : images)].flat());
      actual!.forEach((tensor, index) => {
        expect(tensor.shape).toEqual(expected![index]!.shape);
        expect(tensor.sub(expected![index]!).abs().max().dataSync()[0]).toBeLessThan(2e-6);
      });
      split.dispose();
    }
    for (const disposable of [model, ...images]) disposable.dispose();
  });
});
