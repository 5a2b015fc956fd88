import * as tf from '@tensorflow/tfjs';
import { drawShiftPairs } from '../../src/core/consistency/shift-pairs';
import { inputBatch, side, type LabelledImages, type Shown } from '../data/data-set';

/** What a trained network comes to. */
export interface TestResult {
  /** Share of the test images, unshifted, that get their class. */
  readonly accuracy: number;
  /** Share of pairs of random shifts of a test image that get the same class. */
  readonly consistency: number;
}

/** Images that are classified at once. */
const batchSize = 100;

/** Accuracy and consistency over all images, each at so many pairs of shifts; every network meets the same pairs. */
export function testNetwork(model: tf.LayersModel, images: LabelledImages, pairs: number): TestResult {
  const each = Array.from({ length: images.count }, (_, image) => image);
  const unshifted = classify(
    model,
    images,
    each.map((image) => ({ image, shift: [0, 0] })),
  );
  const drawn = each.flatMap((image) => drawShiftPairs([side, side], pairs, 0, String(image)).map((pair) => ({ image, pair })));
  const [first, second] = ([0, 1] as const).map((place) =>
    classify(
      model,
      images,
      drawn.map(({ image, pair }) => ({ image, shift: pair[place] })),
    ),
  );
  return {
    accuracy: share(each.map((image) => unshifted[image] === images.labels[image])),
    consistency: share(drawn.map((_, index) => first?.[index] === second?.[index])),
  };
}

/** The class of every image as it is shown. */
function classify(model: tf.LayersModel, images: LabelledImages, shown: readonly Shown[]): readonly number[] {
  const classes: number[] = [];
  for (let begin = 0; begin < shown.length; begin += batchSize) {
    const batch = shown.slice(begin, begin + batchSize);
    classes.push(
      ...tf.tidy(() => {
        const scores = model.predict(tf.tensor4d(inputBatch(images, batch), [batch.length, side, side, 3]), { batchSize });
        return (scores as tf.Tensor2D).argMax(1).dataSync();
      }),
    );
  }
  return classes;
}

function share(hits: readonly boolean[]): number {
  return hits.filter(Boolean).length / hits.length;
}
