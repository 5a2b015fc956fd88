import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CodeLanguage } from '../../../src/code/protocol';
import { findingsOf, fixed, offerFor } from './fix/fixing';

const cases = path.resolve(import.meta.dirname, '../../fixtures/code/cases');

/** What is found, a line each: `7 strided-subsample 2x2`, the stride last. */
async function found(text: string, language: CodeLanguage = 'python'): Promise<string[]> {
  const findings = await findingsOf(text, language);
  return findings.map(({ rule, range, stride }) => `${text.slice(0, range.start).split('\n').length} ${rule} ${stride.join('x')}`);
}

/** A program of PyTorch that does something with a feature map `x` in its line 7. */
const torch = (line: string, imports = '') =>
  `import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n${imports}\nclass N(nn.Module):\n    def forward(self, x):\n        ${line}\n`;
const layer = (expression: string, imports = '') => `import torch.nn as nn\n${imports}\nlayer = ${expression}\n`;
const keras = (line: string) =>
  `import keras\nimport tensorflow as tf\n\nclass N(keras.layers.Layer):\n    def call(self, x):\n        ${line}\n`;
const flax = (line: string) =>
  `import flax.linen as nn\nimport jax.numpy as jnp\n\nclass N(nn.Module):\n    def __call__(self, x):\n        ${line}\n`;

describe('samples that are picked, resized or rearranged', () => {
  it('the case of slices, resizes, pixel_unshuffle and unfold', async () => {
    expect(await found(readFileSync(path.join(cases, 'slices.py'), 'utf8'))).toEqual([
      '8 space-to-depth 2x2',
      '19 strided-subsample 2x2',
      '20 strided-subsample 2x2',
      '21 strided-avg-pool 2x2',
      '23 strided-max-pool 2x2',
      '24 space-to-depth 2x2',
      '25 strided-subsample 2x2',
    ]);
  });

  it.each<readonly [program: string, rule: string, stride: string]>([
    [torch('return x[:, :, ::2, ::2]'), 'strided-subsample', '2x2'],
    [torch('return x[..., ::3, ::3]'), 'strided-subsample', '3x3'],
    [torch('return x[:, :, 1::2, ::2]'), 'strided-subsample', '2x2'],
    [torch('return x[:, :, ::4, :, :]'), 'strided-subsample', '4x1x1'],
    [torch('return x[:, ::2, ::2, :]'), 'strided-subsample', '2x2'],
    [
      torch('return torch.cat([x[:, 0::2, 0::2, :], x[:, 1::2, 0::2, :], x[:, 0::2, 1::2, :], x[:, 1::2, 1::2, :]], -1)'),
      'space-to-depth',
      '2x2',
    ],
    [torch('return F.interpolate(x, None, 0.25, "bilinear")'), 'strided-subsample', '4x4'],
    [torch('return F.interpolate(x, scale_factor=(0.5, 1), mode="nearest-exact")'), 'strided-subsample', '2x1'],
    [torch('return F.interpolate(x, scale_factor=0.5, mode="bilinear", align_corners=True)'), 'strided-subsample', '2x2'],
    [torch('return F.interpolate(x, scale_factor=0.5, mode="area")'), 'strided-avg-pool', '2x2'],
    [torch('return F.interpolate(x, size=(x.shape[2] // 2, x.shape[3] // 2))'), 'strided-subsample', '2x2'],
    [torch('b, c, h, w = x.shape; return F.interpolate(x, (int(h * 0.25), w), mode="bilinear")'), 'strided-subsample', '4x1'],
    [torch('return F.unfold(x, 3, stride=2)'), 'strided-subsample', '2x2'],
    [torch('return F.unfold(x, 4, stride=4)'), 'space-to-depth', '4x4'],
    [layer('nn.Upsample(scale_factor=0.5)'), 'strided-subsample', '2x2'],
    [layer('nn.PixelUnshuffle(2)'), 'space-to-depth', '2x2'],
    [layer('nn.Unfold(kernel_size=3, stride=2)'), 'strided-subsample', '2x2'],
    [layer('Focus(3, 32, 3)', 'from ultralytics.nn.modules import Focus'), 'space-to-depth', '2x2'],
    [layer("create_pool2d('avg', 3, 2)", 'from timm.layers import create_pool2d'), 'strided-avg-pool', '2x2'],
    [layer("create_pool2d('max', 3, 2)", 'from timm.layers import create_pool2d'), 'strided-max-pool', '2x2'],
    [torch("return rearrange(x, 'b c (h p) (w q) -> b (c p q) h w', p=2, q=4)", 'from einops import rearrange'), 'space-to-depth', '2x4'],
    [
      layer("Rearrange('b c (h p) (w q) -> b (h w) (p q c)', p=16, q=16)", 'from einops.layers.torch import Rearrange'),
      'space-to-depth',
      '16x16',
    ],
    [keras('return x[:, ::2, ::2, :]'), 'strided-subsample', '2x2'],
    [keras('return tf.nn.space_to_depth(x, 2)'), 'space-to-depth', '2x2'],
    [keras('return tf.strided_slice(x, [0, 0, 0, 0], [1, 8, 8, 3], [1, 2, 2, 1])'), 'strided-subsample', '2x2'],
    [keras('return tf.image.extract_patches(x, [1, 4, 4, 1], [1, 4, 4, 1], [1, 1, 1, 1], "VALID")'), 'space-to-depth', '4x4'],
    [flax('return x[:, ::2, ::2, :]'), 'strided-subsample', '2x2'],
  ])('%s', async (program, rule, stride) => {
    expect((await found(program)).map((one) => one.replace(/^\d+ /, ''))).toEqual([`${rule} ${stride}`]);
  });

  it('TensorFlow.js: a strided slice of a map', async () => {
    const program =
      "import * as tf from '@tensorflow/tfjs';\nconst pooled = tf.maxPool(tf.input, 1, 1, 'same');\nconst y = tf.stridedSlice(tf.relu(pooled), [0, 0, 0, 0], [1, 8, 8, 3], [1, 2, 2, 1]);\n";
    expect(await found(program, 'javascript')).toEqual(['3 strided-subsample 2x2']);
  });

  it.each([
    ['features in pairs', torch('return torch.cat([x[..., ::2], x[..., 1::2]])')],
    ['features in pairs behind two axes', torch('return torch.cat([x[:, :, 0::2], x[:, :, 1::2]])')],
    ['channels', torch('return x[:, ::2]')],
    ['a resize to the size of another map', torch('y = self.stem(x); return F.interpolate(y, size=(x.shape[2] // 2, x.shape[3] // 2))')],
    ['a resize to more', torch('return F.interpolate(x, size=(x.shape[2] * 2, x.shape[3]))')],
    ['every sample', torch('return x[:, :, ::1, ::1]')],
    ['backwards', torch('return x[:, :, ::-1, ::-1]')],
    [
      'a blur in front',
      torch('return self.blur(x)[:, :, ::2, ::2]')
        .replace(
          '    def forward',
          '    def __init__(self):\n        self.blur = kornia.filters.GaussianBlur2d((3, 3), (1, 1))\n\n    def forward',
        )
        .replace('import torch\n', 'import torch\nimport kornia\n'),
    ],
    ['a list', 'import torch.nn as nn\nwidths = [1, 2, 3, 4]\nfor w in widths[1::2]:\n    nn.Conv2d(w, w, 3)\n'],
    ['targets', torch('x[:, :, ::2, ::2] = 0\n        return x')],
    ['an enlargement', torch('return F.interpolate(x, scale_factor=2)')],
    ['a size', torch('return F.interpolate(x, size=(7, 7))')],
    ['antialiasing', torch('return F.interpolate(x, scale_factor=0.5, mode="bicubic", antialias=True)')],
    [
      'windows that stay apart',
      torch("return rearrange(x, 'b (h p) (w q) c -> (b h w) (p q) c', p=7, q=7)", 'from einops import rearrange'),
    ],
    ['attention heads', torch("return rearrange(x, 'b n (h d) -> b h n d', h=8)", 'from einops import rearrange')],
    ['windows side by side at stride 1', torch('return F.unfold(x, 3, padding=1)')],
  ])('says nothing of %s', async (_, program) => {
    expect(await found(program)).toEqual([]);
  });

  it.each([
    ['x[:, :, ::2, ::2]', 'blur_pool2d(x, stride=2)'],
    ['x[..., 0::3, 0::3]', 'blur_pool2d(x, stride=3)'],
    ['x[:, :, ::2, :]', 'blur_pool2d(x, stride=(2, 1))'],
    ['F.relu(x)[:, :, ::2]', 'blur_pool1d(F.relu(x), stride=2)'],
  ])('%s becomes %s', async (slice, blurred) => {
    const { text } = await fixed(torch(`return ${slice}`));
    expect(text).toContain(`return ${blurred}\n`);
    expect(await found(text)).toEqual([]);
  });

  it('a slice in Keras and Flax becomes a blur of the module that goes with the imports', async () => {
    expect((await fixed(keras('return x[:, ::2, ::2, :]'))).text).toContain('from blurpool_tensorflow import blur_pool');
    const { text } = await fixed(flax('return x[:, ::2, ::2, :]'));
    expect(text).toContain('from blurpool_flax import blur_pool');
    expect(text).toContain('return blur_pool(x, strides=2)');
  });

  it.each([
    [torch('return x[:, :, 1::2, 1::2]'), /^A blur keeps whole maps from their first sample on/],
    [torch('return F.interpolate(x, scale_factor=0.5)'), /^A blur keeps another number of samples/],
    [torch('return F.pixel_unshuffle(x, 2)'), /^Nothing is lost here/],
    [torch('return F.unfold(x, 3, stride=2)'), /^A window that is unfolded/],
    [layer('BlurPool2d(8, 3, 4)', 'from timm.layers import BlurPool2d'), /^The blur is there already/],
  ])('has no fix, for a reason: %s', async (program, reason) => {
    expect((await offerFor(program)).refusal).toMatch(reason);
  });
});

describe('blurs', () => {
  const weak = 'weak-blur';
  const net = (blur: string, imports: string, forward: string) =>
    `import torch.nn as nn\nimport torch.nn.functional as F\n${imports}\n\nclass N(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.conv = nn.Conv2d(3, 8, 3)\n        self.bn = nn.BatchNorm2d(8)\n        self.blur = ${blur}\n\n    def forward(self, x):\n        return ${forward}\n`;
  const timm = 'from timm.layers import BlurPool2d';
  const blurFirst = 'F.relu(self.bn(self.blur(self.conv(x))))';
  const blurLast = 'self.blur(F.relu(self.bn(self.conv(x))))';

  it.each([
    ['narrower than its stride', net('BlurPool2d(8, filt_size=3, stride=4)', timm, blurLast)],
    ['narrower than its stride, of kornia', net('kornia.filters.BlurPool2D(1)', 'import kornia', blurLast)],
    ['in front of the activation', net('BlurPool2d(8)', timm, blurFirst)],
    ['in front of the activation, of kornia', net('kornia.filters.BlurPool2D(3)', 'import kornia', blurFirst)],
  ])('one is weak that stands or is %s', async (_, program) => {
    const findings = await findingsOf(program);
    expect(findings.map(({ rule }) => rule)).toEqual([weak]);
    expect(findings[0]?.message).toMatch(/fewer than the stride|in front of the nonlinearity/);
  });

  it.each([
    ['behind the activation', net('BlurPool2d(8)', timm, blurLast)],
    ['as wide as its stride', net('kornia.filters.BlurPool2D(3, 2)', 'import kornia', blurLast)],
    ['of the widest', net('BlurPool2d(8, filt_size=5, stride=4)', timm, blurLast)],
  ])('one is well that is %s', async (_, program) => {
    expect(await found(program)).toEqual([]);
  });

  it('a buffer that blurs each channel is quiet', async () => {
    expect(await found(readFileSync(path.join(cases, 'own_blur.py'), 'utf8'))).toEqual([]);
  });

  const byHand = (make: string, call: string) =>
    `import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nimport numpy as np\n\ndef kernel(c):\n    a = np.array([1.0, 2.0, 1.0])\n    return torch.from_numpy(np.outer(a, a) / 16).repeat(c, 1, 1, 1)\n\nclass N(nn.Module):\n    def __init__(self, c):\n        super().__init__()\n        self.c = c\n        ${make}\n        self.short = nn.Conv2d(c, c, 1, stride=2)\n\n    def forward(self, x):\n        return ${call}\n`;

  it.each([
    ['a function', byHand('pass', 'F.conv2d(x, kernel(self.c), stride=2, groups=self.c)')],
    ['a buffer that a function fills', byHand('self.register_buffer("k", kernel(c))', 'F.conv2d(x, self.k, stride=2, groups=x.shape[1])')],
    [
      'a parameter that is not trained',
      byHand('self.k = nn.Parameter(kernel(c), requires_grad=False)', 'F.conv2d(x, self.k, None, 2, 1, 1, self.c)'),
    ],
    ['a constant', byHand('self.k = torch.ones(c, 1, 3, 3) / 9', 'F.conv2d(x, self.k.to(x), stride=(2, 2), groups=self.c)')],
  ])('by hand, from %s, is quiet', async (_, program) => {
    expect(await found(program)).toEqual(['15 strided-pointwise-conv 2x2']);
  });

  it('one by hand at stride 1 cures the linear layer behind it', async () => {
    const program = byHand('self.register_buffer("k", kernel(c))', 'self.short(F.conv2d(x, self.k, padding=1, groups=self.c))');
    expect(await found(program)).toEqual([]);
  });

  it.each([
    ['weights that are trained', byHand('self.k = nn.Parameter(kernel(c))', 'F.conv2d(x, self.k, stride=2, groups=self.c)')],
    ['a kernel that mixes channels', byHand('self.register_buffer("k", kernel(c))', 'F.conv2d(x, self.k, stride=2)')],
    ['a high-pass filter', byHand('self.k = torch.tensor([[-1.0, 0, 1]])', 'F.conv2d(x, self.k, stride=2, groups=self.c)')],
  ])('%s make no blur', async (_, program) => {
    expect(await found(program)).toContainEqual(expect.stringMatching(/^18 strided-/));
  });

  it('of Keras and TensorFlow.js, by hand, are quiet', async () => {
    expect(await found(keras('return tf.nn.depthwise_conv2d(x, tf.constant([[1.0, 2.0], [2.0, 1.0]]), [1, 2, 2, 1], "SAME")'))).toEqual([]);
    expect(await found('from keras import layers\nblur = layers.DepthwiseConv2D(3, strides=2, trainable=False)\n')).toEqual([]);
    expect(await found('from keras import layers\nconv = layers.DepthwiseConv2D(3, strides=2)\n')).toEqual(['2 strided-conv 2x2']);
    const own = (filter: string) =>
      `import * as tf from '@tensorflow/tfjs';\nconst f = ${filter};\nexport const down = (x) => tf.depthwiseConv2d(x, f, 2, 'same');\n`;
    expect(await found(own('tf.tensor4d([1, 2, 1], [3, 1, 1, 1]).div(4)'), 'javascript')).toEqual([]);
    expect(await found(own('tf.variable(tf.ones([3, 3, 1, 1]))'), 'javascript')).toHaveLength(1);
  });
});
