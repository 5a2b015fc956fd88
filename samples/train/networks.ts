import type { LayersModel } from '@tensorflow/tfjs';
import { plainNetwork } from './plain-network';
import { residualNetwork } from './residual-network';

type TensorFlow = typeof import('@tensorflow/tfjs');

/** A network, and how it is trained. */
export interface Recipe {
  /** Builds it with seeded weights. */
  readonly build: (tf: TensorFlow) => LayersModel;
  /** Its files are `NAME-tfjs/model.json` and `NAME.onnx`. */
  readonly fileName: string;
  /** Where they go unless told otherwise, from the root of the repository. */
  readonly folder: string;
  readonly trainingImages: number;
  /** True where every epoch draws its images anew, so that learning them by heart does not help. */
  readonly drawsAnew: boolean;
  readonly batchSize: number;
  readonly epochs: number;
  /** The first rate of Adam, and what it is multiplied by after every epoch. */
  readonly learningRate: number;
  readonly decay: number;
  /** True where images of every class are written beside the models. */
  readonly writesImages: boolean;
}

/** Every network that `npm run sample` trains, by the name that `--network` takes. */
export const recipes = {
  plain: {
    build: plainNetwork,
    fileName: 'shapes',
    folder: 'samples',
    trainingImages: 9000,
    drawsAnew: false,
    batchSize: 60,
    epochs: 10,
    learningRate: 0.004,
    decay: 0.7,
    writesImages: true,
  },
  residual: {
    build: residualNetwork,
    fileName: 'residual',
    folder: 'out/residual',
    trainingImages: 6000,
    drawsAnew: true,
    batchSize: 30,
    epochs: 12,
    learningRate: 0.005,
    decay: 0.78,
    writesImages: false,
  },
} as const satisfies Readonly<Record<string, Recipe>>;
