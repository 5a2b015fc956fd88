import type { LayersModel, SymbolicTensor, layers as tfLayers } from '@tensorflow/tfjs';
import { classNames, side } from './shapes';

type TensorFlow = typeof import('@tensorflow/tfjs');

/** A block that adds its input, through a 1x1 convolution where stride or width differ, to what its branch gives. */
interface Block {
  readonly name: string;
  /** `basic`: two 3x3 convolutions; `inverted`: 1x1 to more channels, 3x3 depthwise, 1x1 back. Both weigh channels at the end. */
  readonly kind: 'basic' | 'inverted';
  readonly filters: number;
  readonly stride: 1 | 2;
}

const stemFilters = 12;
/** How many times wider the middle of an inverted block is. */
const expansion = 4;
/** How many times narrower the middle of a squeeze-excite branch is. */
const squeeze = 4;
/** Of the moving averages of normalisation: training takes few steps. */
const momentum = 0.9;

const blocks: readonly Block[] = [
  { name: 'block1', kind: 'basic', filters: 12, stride: 1 },
  { name: 'block2', kind: 'basic', filters: 24, stride: 2 },
  { name: 'block3', kind: 'inverted', filters: 24, stride: 1 },
  { name: 'block4', kind: 'inverted', filters: 40, stride: 2 },
  { name: 'block5', kind: 'inverted', filters: 40, stride: 1 },
];

/** A small residual network: max-pool stem, shortcuts, squeeze-excite, strided and depthwise convolutions. Seeded weights. */
export function residualNetwork(tf: TensorFlow): LayersModel {
  const image = tf.input({ shape: [side, side, 3], name: 'image' });
  const parts = new Parts(tf);
  const stem = parts.convolution(image, { name: 'stem', filters: stemFilters, kernel: 3, stride: 1 });
  const pooled = parts.apply(tf.layers.maxPooling2d({ name: 'stem_pool', poolSize: 2, strides: 2 }), parts.active(stem, 'stem'));
  const features = blocks.reduce<SymbolicTensor>((input, block) => parts.residual(input, block), pooled);
  const average = parts.apply(tf.layers.globalAveragePooling2d({ name: 'average' }), features);
  const scores = tf.layers.dense({
    name: 'probabilities',
    units: classNames.length,
    activation: 'softmax',
    kernelInitializer: tf.initializers.glorotNormal({ seed: parts.seed() }),
  });
  return tf.model({ name: 'residual', inputs: image, outputs: parts.apply(scores, average) });
}

/** A convolution followed by normalisation. */
interface Convolution {
  readonly name: string;
  readonly filters: number;
  readonly kernel: 1 | 3;
  readonly stride: 1 | 2;
}

/** Builds the parts of the network; every weight has a seed of its own. */
class Parts {
  private seeds = 0;

  constructor(private readonly tf: TensorFlow) {}

  seed(): number {
    this.seeds += 1;
    return this.seeds;
  }

  apply(layer: tfLayers.Layer, inputs: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
    return layer.apply(inputs) as SymbolicTensor;
  }

  convolution(input: SymbolicTensor, { name, filters, kernel, stride }: Convolution): SymbolicTensor {
    const convolution = this.tf.layers.conv2d({
      name: `${name}_conv`,
      filters,
      kernelSize: kernel,
      strides: stride,
      padding: 'same',
      useBias: false,
      kernelInitializer: this.tf.initializers.heNormal({ seed: this.seed() }),
    });
    return this.normalised(this.apply(convolution, input), name);
  }

  residual(input: SymbolicTensor, block: Block): SymbolicTensor {
    const branch = this.weighed(block.kind === 'basic' ? this.basic(input, block) : this.inverted(input, block), block.name);
    const sum = this.tf.layers.add({ name: `${block.name}_add` });
    const added = this.apply(sum, [this.shortcut(input, block), branch]);
    return block.kind === 'basic' ? this.active(added, block.name) : added;
  }

  active(input: SymbolicTensor, name: string): SymbolicTensor {
    return this.apply(this.tf.layers.reLU({ name: `${name}_relu` }), input);
  }

  private normalised(input: SymbolicTensor, name: string): SymbolicTensor {
    return this.apply(this.tf.layers.batchNormalization({ name: `${name}_norm`, momentum }), input);
  }

  private shortcut(input: SymbolicTensor, { name, filters, stride }: Block): SymbolicTensor {
    if (stride === 1 && input.shape.at(-1) === filters) return input;
    return this.convolution(input, { name: `${name}_shortcut`, filters, kernel: 1, stride });
  }

  private basic(input: SymbolicTensor, { name, filters, stride }: Block): SymbolicTensor {
    const first = this.convolution(input, { name: `${name}_first`, filters, kernel: 3, stride });
    return this.convolution(this.active(first, `${name}_first`), { name: `${name}_second`, filters, kernel: 3, stride: 1 });
  }

  private inverted(input: SymbolicTensor, { name, filters, stride }: Block): SymbolicTensor {
    const width = expansion * (input.shape.at(-1) ?? 0);
    const wide = this.convolution(input, { name: `${name}_expand`, filters: width, kernel: 1, stride: 1 });
    const depthwise = this.tf.layers.depthwiseConv2d({
      name: `${name}_depthwise_conv`,
      kernelSize: 3,
      strides: stride,
      padding: 'same',
      useBias: false,
      depthwiseInitializer: this.tf.initializers.heNormal({ seed: this.seed() }),
    });
    const filtered = this.normalised(this.apply(depthwise, this.active(wide, `${name}_expand`)), `${name}_depthwise`);
    return this.convolution(this.active(filtered, `${name}_depthwise`), { name: `${name}_project`, filters, kernel: 1, stride: 1 });
  }

  /** Squeeze-excite: every channel times a weight that the means of all channels decide. */
  private weighed(input: SymbolicTensor, name: string): SymbolicTensor {
    const channels = input.shape.at(-1) ?? 0;
    const { layers } = this.tf;
    const means = this.apply(layers.globalAveragePooling2d({ name: `${name}_squeeze` }), input);
    const map = this.apply(layers.reshape({ name: `${name}_squeeze_map`, targetShape: [1, 1, channels] }), means);
    const pointwise = (part: string, filters: number, activation: 'relu' | 'sigmoid') =>
      layers.conv2d({
        name: `${name}_${part}`,
        filters,
        kernelSize: 1,
        activation,
        kernelInitializer: this.tf.initializers.glorotNormal({ seed: this.seed() }),
      });
    const reduced = this.apply(pointwise('reduce', Math.max(4, channels / squeeze), 'relu'), map);
    const weights = this.apply(pointwise('excite', channels, 'sigmoid'), reduced);
    return this.apply(layers.multiply({ name: `${name}_weigh` }), [input, weights]);
  }
}
