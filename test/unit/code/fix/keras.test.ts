import { describe, expect, it } from 'vitest';
import { expectFix, offerFor, type FixCase } from './fixing';
import { blurFilter } from '../../../../src/core/rewrite/filters';

const head = 'import keras\nfrom keras import layers\n';
const imports = (names: string) => `import keras\nfrom blurpool_keras import ${names}\nfrom keras import layers\n`;
const tf = 'import tensorflow as tf\n';
const tfImports = (names: string) => `${tf}from blurpool_tensorflow import ${names}\n`;

const cases: readonly FixCase[] = [
  {
    name: 'a max-pool keeps its arguments',
    before: `${head}pool = layers.MaxPooling2D(3, strides=2, padding="same")\n`,
    after: `${imports('MaxBlurPool2D')}pool = MaxBlurPool2D(3, strides=2, padding="same")\n`,
    title: 'Replace by MaxBlurPool2D (Tri-3)',
  },
  {
    name: 'a pool without arguments strides by 2',
    before: `${head}pool = layers.AvgPool1D()\n`,
    after: `${imports('AvgBlurPool1D')}pool = AvgBlurPool1D(filter_size=4)\n`,
    title: 'Replace by AvgBlurPool1D (Bin-4)',
    context: { filter: blurFilter('bin-4') },
  },
  {
    name: 'an activation of its own is part of the layer',
    before: `${head}inputs = keras.Input((32, 32, 3))\nx = layers.Conv2D(8, 3, strides=2, activation="relu")(inputs)\n`,
    after: `${imports('BlurPool2D')}inputs = keras.Input((32, 32, 3))\nx = BlurPool2D(strides=2)(layers.Conv2D(8, 3, activation="relu")(inputs))\n`,
    title: 'Blur after layers.Conv2D and its activation: BlurPool2D (Tri-3), stride 2',
  },
  {
    name: 'the blur follows the activation in a block, with the stride of the block',
    before: `${head}\n\ndef block(x, width, strides=2):\n    x = layers.Conv2D(width, 3, strides, padding="same")(x)\n    x = layers.BatchNormalization()(x)\n    return layers.ReLU()(x)\n`,
    after: `${imports('BlurPool2D')}\n\ndef block(x, width, strides=2):\n    x = layers.Conv2D(width, 3, 1, padding="same")(x)\n    x = layers.BatchNormalization()(x)\n    return BlurPool2D(strides=strides, same_kernel=3)(layers.ReLU()(x))\n`,
    title: 'Blur after layers.ReLU: BlurPool2D (Tri-3), stride 2',
  },
  {
    name: 'a stride that is given a new value before the activation stays where it was',
    before: `${head}\n\ndef block(x, strides=2):\n    x = layers.Conv2D(8, 3, strides=strides)(x)\n    strides = 1\n    return layers.ReLU()(x)\n`,
    after: `${imports('BlurPool2D')}\n\ndef block(x, strides=2):\n    x = BlurPool2D(strides=strides)(layers.Conv2D(8, 3)(x))\n    strides = 1\n    return layers.ReLU()(x)\n`,
    title: 'Blur directly after layers.Conv2D: BlurPool2D (Tri-3), stride 2 (no activation found behind it)',
  },
  {
    name: 'a 1x1 shortcut blurs first',
    before: `${head}\n\ndef shortcut(x):\n    return layers.Conv2D(8, 1, strides=2)(x)\n`,
    after: `${imports('BlurPool2D')}\n\ndef shortcut(x):\n    return layers.Conv2D(8, 1)(BlurPool2D(strides=2)(x))\n`,
    title: 'Blur before layers.Conv2D: BlurPool2D (Tri-3), stride 2',
  },
  {
    name: 'in a list the blur is an element of its own, on a line of its own',
    before: `${head}model = keras.Sequential([\n    layers.Conv2D(8, 3, strides=2),  # halves\n    layers.ReLU(),  # here\n    layers.Flatten(),\n])\n`,
    after: `${imports('BlurPool2D')}model = keras.Sequential([\n    layers.Conv2D(8, 3),  # halves\n    layers.ReLU(),  # here\n    BlurPool2D(strides=2),\n    layers.Flatten(),\n])\n`,
    title: 'Blur after layers.ReLU: BlurPool2D (Tri-3), stride 2',
  },
  {
    name: 'in a list on one line, with channels first',
    before: `${head}model = keras.Sequential([layers.Conv2D(8, 1, strides=(2, 2), data_format="channels_first")])\n`,
    after: `${imports('BlurPool2D')}model = keras.Sequential([BlurPool2D(strides=(2, 2), data_format="channels_first"), layers.Conv2D(8, 1, data_format="channels_first")])\n`,
    title: 'Blur before layers.Conv2D: BlurPool2D (Tri-3), stride 2',
  },
  {
    name: 'a data format that a field gives moves along',
    before: `${head}\n\nclass Block(layers.Layer):\n    def __init__(self, form):\n        super().__init__()\n        self.conv = layers.Conv2D(8, 3, strides=2, data_format=form)\n\n    def call(self, x):\n        return self.conv(x)\n`,
    after: `${imports('BlurPool2D')}\n\nclass Block(layers.Layer):\n    def __init__(self, form):\n        super().__init__()\n        self.conv = layers.Conv2D(8, 3, data_format=form)\n        self.conv_blur = BlurPool2D(strides=2, data_format=form)\n\n    def call(self, x):\n        return self.conv_blur(self.conv(x))\n`,
    title: 'Blur directly after layers.Conv2D: BlurPool2D (Tri-3), stride 2 (no activation found behind it)',
  },
  {
    name: 'the last element of a list without a comma',
    before: `${head}model = keras.Sequential([\n    layers.Conv2D(8, 3, strides=2)\n])\n`,
    after: `${imports('BlurPool2D')}model = keras.Sequential([\n    layers.Conv2D(8, 3),\n    BlurPool2D(strides=2)\n])\n`,
    title: 'Blur directly after layers.Conv2D: BlurPool2D (Tri-3), stride 2 (no activation found behind it)',
  },
  {
    name: 'layers that are added one by one',
    before: `${head}model = keras.Sequential()\nmodel.add(layers.Conv2D(8, 3, strides=2))\nmodel.add(layers.Activation("relu"))  # here\n`,
    after: `${imports('BlurPool2D')}model = keras.Sequential()\nmodel.add(layers.Conv2D(8, 3))\nmodel.add(layers.Activation("relu"))  # here\nmodel.add(BlurPool2D(strides=2))\n`,
    title: 'Blur after layers.Activation: BlurPool2D (Tri-3), stride 2',
  },
  {
    name: 'layers that a class keeps',
    before: `${head}\n\nclass Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.conv = layers.Conv2D(8, 3, strides=2)\n        self.act = layers.ReLU()\n\n    def call(self, x):\n        return self.act(self.conv(x))\n`,
    after: `${imports('BlurPool2D')}\n\nclass Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.conv = layers.Conv2D(8, 3)\n        self.conv_blur = BlurPool2D(strides=2)\n        self.act = layers.ReLU()\n\n    def call(self, x):\n        return self.conv_blur(self.act(self.conv(x)))\n`,
    title: 'Blur after self.act: BlurPool2D (Tri-3), stride 2',
  },
  {
    name: 'a layer in a variable',
    before: `${head}\n\ndef build(x):\n    conv = layers.Conv2D(8, 3, strides=2)\n    return conv(x), layers.ReLU()(conv(x))\n`,
    after: `${imports('BlurPool2D')}\n\ndef build(x):\n    conv = layers.Conv2D(8, 3)\n    return BlurPool2D(strides=2)(conv(x)), layers.ReLU()(BlurPool2D(strides=2)(conv(x)))\n`,
    title: 'Blur directly after layers.Conv2D: BlurPool2D (Tri-3), stride 2 (no activation found behind it)',
  },
  {
    name: 'a pool of keras.ops stays at stride 1',
    before: `${head}\n\ndef run(x):\n    return keras.ops.max_pool(x, 2, padding="same")\n`,
    after: `${imports('blur_pool')}\n\ndef run(x):\n    return blur_pool(keras.ops.max_pool(x, 2, padding="same", strides=1), strides=2)\n`,
    title: 'Blur after keras.ops.max_pool: blur_pool (Tri-3), stride 2',
  },
  {
    name: 'tf.keras has a module of its own',
    before: `${tf}L = tf.keras.layers\npool = L.MaxPool2D(2)\n`,
    after: `${tfImports('MaxBlurPool2D')}L = tf.keras.layers\npool = MaxBlurPool2D(2)\n`,
    title: 'Replace by MaxBlurPool2D (Tri-3)',
  },
];

const operations: readonly FixCase[] = [
  {
    name: 'a convolution takes four strides',
    before: `${tf}\n\ndef run(x, w):\n    return tf.nn.relu(tf.nn.conv2d(x, w, strides=[1, 2, 2, 1], padding="SAME"))\n`,
    after: `${tfImports('blur_pool')}\n\ndef run(x, w):\n    return blur_pool(\n        tf.nn.relu(tf.nn.conv2d(x, w, strides=[1, 1, 1, 1], padding="SAME")), strides=2\n    )\n`,
    title: 'Blur after tf.nn.relu: blur_pool (Tri-3), stride 2',
  },
  {
    name: 'a depthwise convolution insists on four',
    before: `${tf}\n\ndef run(x, w):\n    return tf.nn.depthwise_conv2d(x, w, [1, 2, 2, 1], "SAME")\n`,
    after: `${tfImports('blur_pool')}\n\ndef run(x, w):\n    return blur_pool(tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], "SAME"), strides=2)\n`,
    title: 'Blur directly after tf.nn.depthwise_conv2d: blur_pool (Tri-3), stride 2 (no activation found behind it)',
  },
  {
    name: 'a convolution over three axes insists on five',
    before: `${tf}\n\ndef run(x, w):\n    return tf.nn.conv3d(x, w, strides=[1, 1, 2, 2, 1], padding="SAME")\n`,
    after: `${tfImports('blur_pool')}\n\ndef run(x, w):\n    return blur_pool(\n        tf.nn.conv3d(x, w, strides=[1, 1, 1, 1, 1], padding="SAME"), strides=(1, 2, 2)\n    )\n`,
    title: 'Blur directly after tf.nn.conv3d: blur_pool (Tri-3), stride 1x2x2 (no activation found behind it)',
  },
  {
    name: 'channels first',
    before: `${tf}\n\ndef run(x, w):\n    return tf.nn.conv2d(x, w, [1, 1, 2, 2], "SAME", data_format="NCHW")\n`,
    after: `${tfImports('blur_pool')}\n\ndef run(x, w):\n    return blur_pool(\n        tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME", data_format="NCHW"),\n        strides=2,\n        data_format="NCHW",\n    )\n`,
    title: 'Blur directly after tf.nn.conv2d: blur_pool (Tri-3), stride 2 (no activation found behind it)',
  },
  {
    name: 'pools keep their arguments',
    before: `${tf}\n\ndef run(x):\n    return tf.nn.max_pool2d(x, ksize=2, strides=2, padding="VALID")\n`,
    after: `${tfImports('max_blur_pool2d')}\n\ndef run(x):\n    return max_blur_pool2d(x, ksize=2, strides=2, padding="VALID")\n`,
    title: 'Replace by max_blur_pool2d (Tri-3)',
  },
];

describe('Keras', () => {
  it.each(cases)('$name', expectFix);

  it('refuses layers of tf_keras, which go with no module of ours', async () => {
    const { refusal } = await offerFor('from tf_keras import layers\npool = layers.MaxPooling2D(2)\n');
    expect(refusal).toBe('The tf_keras package has layers of its own kind, which no BlurPool module of Shiftlint goes with.');
  });

  it('refuses a layer that a helper gives away', async () => {
    const { refusal } = await offerFor(
      `${head}\n\ndef conv(strides):\n    return layers.Conv2D(8, 3, strides=strides)\n\n\ndef build(x):\n    return conv(2)(x)\n`,
    );
    expect(refusal).toBe(
      'What layers.Conv2D builds runs in a place that other layers share, or where its stride is not known, so there is no place for a blur.',
    );
  });

  it('refuses a class of the file that is a layer by inheritance', async () => {
    const { refusal } = await offerFor(`${head}\n\nclass Conv(layers.Conv2D):\n    pass\n\n\nx = Conv(8, 3, strides=2)\n`);
    expect(refusal).toBe("Conv is a class of this file that derives from a framework's layer: its own code decides what its stride does.");
  });

  it('refuses a stride that the call does not show', async () => {
    const { refusal } = await offerFor(`${head}options = {"strides": 2}\nlayer = layers.Conv2D(8, 3, **options)\n`);
    expect(refusal).toBe('The call does not show which argument of layers.Conv2D is the stride.');
  });
});

describe('operations of TensorFlow', () => {
  it.each(operations)('$name', expectFix);
});
