import * as tf from '@tensorflow/tfjs';
import { classCount, side } from '../data/data-set';
import { averagePool, classifier, conv1x1, conv3x3, maxPool, normRelu, type Blur, type NextSeed, type Step } from './circular-layers';

/** The networks of the study. */
export const networkNames = ['vgg', 'densenet'] as const;
export type NetworkName = (typeof networkNames)[number];

/** How large the networks are. */
export interface NetworkSizes {
  readonly vgg: {
    /** Channels of the 3x3 convolutions, stage by stage; a max-pool between stages. */
    readonly stages: readonly (readonly number[])[];
  };
  readonly densenet: {
    /** Channels of the stem, a 3x3 convolution in front of a max-pool. */
    readonly stem: number;
    /** Channels that each dense layer adds. */
    readonly growth: number;
    /** Dense layers of each block; between blocks a 1x1 convolution to half of the channels and an average-pool. */
    readonly layers: readonly number[];
  };
}

/** A network of `[N, side, side, 3]` to the probabilities `[N, classes]`, weights drawn from the seed. */
export function buildNetwork(name: NetworkName, sizes: NetworkSizes, blur: Blur, seed: number): tf.LayersModel {
  let drawn = 0;
  // Far enough apart that no two networks share a seed.
  const nextSeed: NextSeed = () => seed * 1000 + ++drawn;
  const steps = name === 'vgg' ? vgg(sizes.vgg, blur, nextSeed) : denseNet(sizes.densenet, blur, nextSeed);
  const image = tf.input({ shape: [side, side, 3] });
  return tf.model({ inputs: image, outputs: inOrder([...steps, classifier(classCount, nextSeed)])(image) });
}

const inOrder =
  (steps: readonly Step[]): Step =>
  (x) =>
    steps.reduce((value, step) => step(value), x);

function vgg({ stages }: NetworkSizes['vgg'], blur: Blur, nextSeed: NextSeed): readonly Step[] {
  return stages.flatMap((channels, stage) => [
    ...(stage === 0 ? [] : [maxPool(blur)]),
    ...channels.flatMap((filters) => [conv3x3(filters, nextSeed), normRelu]),
  ]);
}

/** A max-pool follows the stem, as DenseNet has it for ImageNet: average-pools alone hardly alias, being filters themselves. */
function denseNet({ stem, growth, layers }: NetworkSizes['densenet'], blur: Blur, nextSeed: NextSeed): readonly Step[] {
  const layer: Step = (x) => tf.layers.concatenate().apply([x, conv3x3(growth, nextSeed)(normRelu(x))]) as tf.SymbolicTensor;
  let channels = stem;
  const transition = (): readonly Step[] => {
    channels = Math.floor(channels / 2);
    return [normRelu, conv1x1(channels, nextSeed), averagePool(blur)];
  };
  const blocks = layers.flatMap((count, block) => {
    const before = block === 0 ? [] : transition();
    channels += count * growth;
    return [...before, ...Array.from({ length: count }, () => layer)];
  });
  return [conv3x3(stem, nextSeed), normRelu, maxPool(blur), ...blocks, normRelu];
}
