import * as tf from '@tensorflow/tfjs';

/** How the strided layer stands in its model. */
export const apis = ['sequential', 'functional', 'nested', 'nested twice', 'shared'] as const;
export type Api = (typeof apis)[number];

export const kinds = ['max-pool', 'average-pool', 'conv', 'conv + relu', 'conv, norm, relu', 'shortcut', 'depthwise', 'separable'] as const;
export type Kind = (typeof kinds)[number];

/** One strided layer, called "down", in a small model. Image axes only. */
export interface Case {
  readonly kind: Kind;
  readonly api: Api;
  readonly layout: 'channelsLast' | 'channelsFirst';
  /** `pair`: ZeroPadding2D of ((0, 1), (0, 1)) in front of a VALID window, as Keras' MobileNet has it. */
  readonly padding: 'same' | 'valid' | 'pair';
  readonly kernel: number;
  readonly strides: readonly number[];
  readonly size: readonly number[];
}

type Layer = tf.layers.Layer;
type Maker = (config: object) => Layer;

const convolutions = [tf.layers.conv1d, tf.layers.conv2d, tf.layers.conv3d] as unknown as readonly Maker[];
const maxima = [tf.layers.maxPooling1d, tf.layers.maxPooling2d, tf.layers.maxPooling3d] as unknown as readonly Maker[];
const averages = [tf.layers.averagePooling1d, tf.layers.averagePooling2d, tf.layers.averagePooling3d] as unknown as readonly Maker[];

export function imageShape({ layout }: Pick<Case, 'layout'>, size: readonly number[], channels = 2): number[] {
  return layout === 'channelsFirst' ? [channels, ...size] : [...size, channels];
}

/** The layers of the case in order; applying them twice shares them. */
export function layersOf({ kind, layout: dataFormat, padding: declared, kernel, strides: step }: Case): Layer[] {
  const axes = step.length;
  const padding = declared === 'pair' ? 'valid' : declared;
  const strides = axes === 1 ? step[0] : [...step];
  const all = Array.from({ length: axes }, () => kernel);
  const format = axes === 1 ? {} : { dataFormat };
  const window = { name: 'down', kernelSize: axes === 1 ? kernel : all, strides, padding, ...format, biasInitializer: 'randomNormal' };
  const pool = { name: 'down', poolSize: axes === 1 ? kernel : all, strides, padding, ...format };
  // tfjs normalises no volumes.
  const norm = (): Layer =>
    axes === 3
      ? tf.layers.leakyReLU({ name: 'norm', alpha: 1 })
      : tf.layers.batchNormalization({ name: 'norm', betaInitializer: 'randomNormal', movingMeanInitializer: 'randomNormal' });
  const convolution = (config: object = {}): Layer => convolutions[axes - 1]!({ filters: 3, ...window, ...config });
  const pair =
    declared === 'pair'
      ? [
          tf.layers.zeroPadding2d({
            name: 'pair',
            padding: [
              [0, 1],
              [0, 1],
            ],
            dataFormat,
          }),
        ]
      : [];
  switch (kind) {
    case 'max-pool':
      return [...pair, maxima[axes - 1]!(pool)];
    case 'average-pool':
      return [...pair, averages[axes - 1]!(pool)];
    case 'conv':
      return [...pair, convolution()];
    case 'conv + relu':
      return [...pair, convolution({ activation: 'relu' })];
    case 'conv, norm, relu':
      return [...pair, convolution(), norm(), tf.layers.reLU({ name: 'relu' })];
    case 'shortcut':
      return [...pair, convolution(), ...(axes === 3 ? [] : [norm()])];
    case 'depthwise':
      return [...pair, (tf.layers.depthwiseConv2d as unknown as Maker)({ ...window, activation: 'relu6' })];
    case 'separable':
      return [...pair, (tf.layers.separableConv2d as unknown as Maker)({ filters: 3, ...window, activation: 'relu' })];
  }
}

/** Names of the strided layer's calls in the graph. */
export function calls({ api }: Case): readonly string[] {
  const first = api === 'nested' || api === 'nested twice' ? 'inner/down' : 'down';
  return api === 'shared' || api === 'nested twice' ? [first, `${first} (call 2)`] : [first];
}

/** Sizes of the model's inputs: a shared layer sees maps of two sizes. */
export function inputSizes({ api, size }: Case): readonly (readonly number[])[] {
  if (api === 'nested twice') return [size, size];
  return api === 'shared' ? [size, size.map((length) => length + 1)] : [size];
}

/** A pointwise layer in front and one behind, so that readers have to be rewired and nothing is the model's stem. */
export function build(testCase: Case): tf.LayersModel {
  const { api, layout } = testCase;
  const axes = testCase.size.length;
  const pointwise = (name: string, config: object = {}): Layer =>
    convolutions[axes - 1]!({ name, filters: 2, kernelSize: 1, ...(axes === 1 ? {} : { dataFormat: layout }), ...config });
  const chain = (layers: readonly Layer[], input: tf.SymbolicTensor): tf.SymbolicTensor =>
    layers.reduce((tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor, input);
  const inputShape = imageShape(testCase, testCase.size);
  if (api === 'sequential')
    return tf.sequential({ layers: [pointwise('before', { inputShape }), ...layersOf(testCase), pointwise('after')] });
  const inputs = inputSizes(testCase).map((size, index) => tf.input({ shape: imageShape(testCase, size), name: `image${index}` }));
  if (api === 'functional')
    return tf.model({ inputs, outputs: chain([pointwise('before'), ...layersOf(testCase), pointwise('after')], inputs[0]!) });
  if (api === 'shared') {
    const layers = [pointwise('before'), ...layersOf(testCase)];
    return tf.model({
      inputs,
      outputs: inputs.map((input, index) => pointwise(`after${index}`).apply(chain(layers, input)) as tf.SymbolicTensor),
    });
  }
  const image = tf.input({ shape: inputShape, name: 'inner_image' });
  const inner =
    api === 'nested'
      ? tf.sequential({ name: 'inner', layers: [pointwise('before', { inputShape }), ...layersOf(testCase)] })
      : tf.model({ name: 'inner', inputs: image, outputs: chain([pointwise('before'), ...layersOf(testCase)], image) });
  return tf.model({
    inputs,
    outputs: inputs.map((input, index) => pointwise(`after${index}`).apply(inner.apply(input) as tf.SymbolicTensor) as tf.SymbolicTensor),
  });
}
