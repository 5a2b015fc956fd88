import * as tf from '@tensorflow/tfjs';
import { classCount, side } from '../data/data-set';
import { averagePool, classifier, conv1x1, conv3x3, maxPool, normRelu, stridedConv3x3, type Blur, type NextSeed, type Step } from './circular-layers';

/** The networks of the study. */
export const networkNames = ['vgg', 'densenet'] as const;
export type NetworkName = (typeof networkNames)[number];

/** How large the networks are. */
export interface NetworkSizes {
  /** Channels of the VGG's 3x3 convolutions, stage by stage; a max-pool between stages. */
  readonly vggStages: readonly (readonly number[])[];
  /** Channels behind the DenseNet's strided stem. */
  readonly denseStem: number;
  /** Channels that each dense layer adds. */
  readonly denseGrowth: number;
  /** Dense layers of each block; between blocks a 1x1 convolution to half of the channels and an average-pool. */
  readonly denseLayers: readonly number[];
}

/** A network of `[N, side, side, 3]` to the probabilities `[N, classes]`, weights drawn from the seed. */
export function buildNetwork(name: NetworkName, sizes: NetworkSizes, blur: Blur, seed: number): tf.LayersModel {
  let drawn = 0;
  // Far enough apart that no two networks share a seed.
  const nextSeed: NextSeed = () => seed * 1000 + ++drawn;
  const steps = name === 'vgg' ? vgg(sizes, blur, nextSeed) : denseNet(sizes, blur, nextSeed);
  const image = tf.input({ shape: [side, side, 3] });
  return tf.model({ inputs: image, outputs: inOrder([...steps, classifier(classCount, nextSeed)])(image) });
}

const inOrder =
  (steps: readonly Step[]): Step =>
  (x) =>
    steps.reduce((value, step) => step(value), x);

function vgg({ vggStages }: NetworkSizes, blur: Blur, nextSeed: NextSeed): readonly Step[] {
  return vggStages.flatMap((channels, stage) => [
    ...(stage === 0 ? [] : [maxPool(blur)]),
    ...channels.flatMap((filters) => [conv3x3(filters, nextSeed), normRelu]),
  ]);
}

/** The stem is strided, as DenseNet has it for ImageNet: average-pools alone hardly alias, being filters themselves. */
function denseNet({ denseStem, denseGrowth, denseLayers }: NetworkSizes, blur: Blur, nextSeed: NextSeed): readonly Step[] {
  const layer: Step = (x) =>
    tf.layers.concatenate().apply([x, conv3x3(denseGrowth, nextSeed)(normRelu(x))]) as tf.SymbolicTensor;
  let channels = denseStem;
  const transition = (): readonly Step[] => {
    channels = Math.floor(channels / 2);
    return [normRelu, conv1x1(channels, nextSeed), averagePool(blur)];
  };
  const blocks = denseLayers.flatMap((layers, block) => {
    const before = block === 0 ? [] : transition();
    channels += layers * denseGrowth;
    return [...before, ...Array.from({ length: layers }, () => layer)];
  });
  return [stridedConv3x3(denseStem, nextSeed, blur), ...blocks, normRelu];
}
