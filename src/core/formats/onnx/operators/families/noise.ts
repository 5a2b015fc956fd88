import type { OnnxOperator } from '../operator';
import { unknownOperator } from '../unknown';

/** Generators of random values; they differ from run to run, so no rule could say what they do. */
export const noiseOperators: readonly OnnxOperator[] = [
  {
    names: ['RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike', 'Multinomial', 'Bernoulli'],
    infer: unknownOperator,
    givesNoise: true,
  },
];
