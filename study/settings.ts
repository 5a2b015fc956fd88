import { createHash } from 'node:crypto';
import type { BlurFilterName } from '../src/core/rewrite/filters';
import type { DataSet } from './data/data-set';
import { networkNames, type NetworkName, type NetworkSizes } from './network/networks';

/** What decides the numbers of a study. */
export interface Settings {
  /** `cifar` where a folder of it is given, else our own drawings. */
  readonly data: 'cifar' | 'drawn';
  /** Images of the set that are used, its first ones. */
  readonly trainingImages: number;
  readonly testImages: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Of stochastic gradient descent at the start; it falls to zero along half a cosine. */
  readonly learningRate: number;
  /** Pairs of random shifts of each test image. */
  readonly pairs: number;
  /** Each decides the first weights, the order of the images and their augmentation. */
  readonly seeds: readonly number[];
  readonly sizes: NetworkSizes;
}

/** The whole study on the drawn set. */
export const drawnSettings: Settings = {
  data: 'drawn',
  trainingImages: 1600,
  testImages: 1000,
  epochs: 16,
  batchSize: 50,
  learningRate: 0.08,
  pairs: 2,
  seeds: [1, 2, 3],
  sizes: { vgg: { stages: [[8], [16], [32], [48]] }, densenet: { stem: 12, growth: 16, layers: [1, 2, 2] } },
};

/** The whole study on CIFAR-10, with larger networks. */
export const cifarSettings: Settings = {
  ...drawnSettings,
  data: 'cifar',
  trainingImages: 50_000,
  testImages: 10_000,
  epochs: 40,
  batchSize: 128,
  sizes: {
    vgg: {
      stages: [
        [32, 32],
        [64, 64],
        [128, 128],
        [128, 128],
      ],
    },
    densenet: { stem: 24, growth: 12, layers: [6, 6, 6] },
  },
};

/** The same in seconds: every part runs, and no figure means anything. */
export function quickSettings(data: Settings['data']): Settings {
  return {
    ...drawnSettings,
    data,
    trainingImages: 24,
    testImages: 12,
    epochs: 1,
    batchSize: 8,
    pairs: 1,
    seeds: [1],
    sizes: { vgg: { stages: [[2], [3]] }, densenet: { stem: 4, growth: 2, layers: [1, 1] } },
  };
}

/** The blurs that are compared, in the order of the table. */
export const blurNames = ['none', 'rect-2', 'tri-3', 'bin-5'] as const satisfies readonly ('none' | BlurFilterName)[];
export type BlurName = (typeof blurNames)[number];

/** One network that is trained. */
export interface Condition {
  readonly network: NetworkName;
  /** Trained on images at random shifts. */
  readonly augmented: boolean;
  readonly blur: BlurName;
  readonly seed: number;
}

/** All of a study: of each network a seed whole before the next, so that an unfinished study can be read. */
export function conditionsOf({ seeds }: Settings): readonly Condition[] {
  return networkNames.flatMap((network) =>
    seeds.flatMap((seed) => [false, true].flatMap((augmented) => blurNames.map((blur) => ({ network, augmented, blur, seed })))),
  );
}

/** Names a condition: `vgg, shifted, tri-3, seed 1`. */
export function conditionName({ network, augmented, blur, seed }: Condition): string {
  return [network, ...(augmented ? ['shifted'] : []), blur, `seed ${seed}`].join(', ');
}

/** Stands for all that a network's runs depend on, every pixel included. */
export type Digests = Readonly<Record<NetworkName, string>>;

/** The digest of each network: runs of another one are runs of another study. */
export function digestsOf(settings: Settings, { training, test }: DataSet): Digests {
  // A run depends on its own seed and its own network's size only.
  const common = { ...settings, seeds: undefined, sizes: undefined };
  const digest = (network: NetworkName): string => {
    const hash = createHash('sha256').update(JSON.stringify([common, settings.sizes[network]]));
    for (const { pixels, labels } of [training, test]) hash.update(pixels).update(labels);
    return hash.digest('hex');
  };
  return { vgg: digest('vgg'), densenet: digest('densenet') };
}
