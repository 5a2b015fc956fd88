import * as tf from '@tensorflow/tfjs';
import { seededRandom, type Random } from '../../samples/train/random';
import type { AxisPair } from '../../src/core/graph/model-graph';
import { largestShift } from '../../src/core/consistency/shift-pairs';
import { classCount, inputBatch, side, type LabelledImages, type Shown } from '../data/data-set';
import type { Condition, Settings } from '../settings';

const momentum = 0.9;

/** Trains a network in place, by Nesterov's gradient descent; answers the mean loss of the last epoch. */
export async function train(model: tf.LayersModel, images: LabelledImages, condition: Condition, settings: Settings): Promise<number> {
  const { epochs, batchSize, learningRate } = settings;
  const random = seededRandom(condition.seed);
  const optimizer = tf.train.momentum(learningRate, momentum, true);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const steps = Math.floor(images.count / batchSize);
  let loss = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    loss = 0;
    const order = shuffled(images.count, random);
    for (let step = 0; step < steps; step++) {
      optimizer.setLearningRate(learningRate * falling((epoch * steps + step) / (epochs * steps)));
      // Shifts are drawn either way, so that the images come in the same order with and without augmentation.
      const shown = order.slice(step * batchSize, (step + 1) * batchSize).map((image): Shown => {
        const shift = randomShift(random);
        return { image, shift: condition.augmented ? shift : [0, 0] };
      });
      loss += (await stepOn(model, images, shown)) / steps;
    }
  }
  optimizer.dispose();
  return loss;
}

async function stepOn(model: tf.LayersModel, images: LabelledImages, shown: readonly Shown[]): Promise<number> {
  const [x, y] = tf.tidy(() => [
    tf.tensor4d(inputBatch(images, shown), [shown.length, side, side, 3]),
    tf
      .oneHot(
        tf.tensor1d(
          shown.map(({ image }) => images.labels[image] ?? 0),
          'int32',
        ),
        classCount,
      )
      .toFloat(),
  ]);
  const loss = await model.trainOnBatch(x, y);
  tf.dispose([x, y]);
  return Number(loss);
}

/** Half a cosine from 1 to 0. */
function falling(share: number): number {
  return (1 + Math.cos(Math.PI * share)) / 2;
}

/** As consistency draws them (docs/equivariance.md, section 1). */
function randomShift(random: Random): AxisPair {
  const [down, right] = largestShift([side, side]);
  const within = (largest: number): number => Math.floor(random() * (2 * largest + 1)) - largest;
  return [within(down), within(right)];
}

/** 0 to count - 1 in random order (Fisher and Yates). */
function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
