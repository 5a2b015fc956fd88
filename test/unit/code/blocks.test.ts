import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { importsFramework } from '../../../src/code/imports';
import type { CodeSession } from '../../../src/code/session';
import { codeSession } from './code-session';

const cases = path.resolve(import.meta.dirname, '../../fixtures/code/cases');
const context = { library: 'shiftlint', specifiers: { blurpool_torch: 'blurpool_torch' }, filter: { label: 'Tri-3', taps: [1, 2, 1] } };

describe('blocks of libraries, and other rules', () => {
  let session: CodeSession;
  beforeAll(async () => {
    session = await codeSession();
  });

  async function findings(text: string): Promise<string[]> {
    expect(importsFramework(text, 'python')).toBe(true);
    await session.open('a', 'python', text);
    return session.lint('a').map(({ rule, range, kernel, stride }) => {
      const line = text.slice(0, range.start).split('\n').length;
      return `${line} ${rule} ${kernel.join('x')} by ${stride.join('x')}`;
    });
  }

  it('a recurrent convolution has no fix, and one in a container of mmengine that of any other', async () => {
    const refusalOf = async (text: string) => {
      await findings(text);
      const [{ rule, range } = { rule: 'strided-conv' as const, range: { start: 0, end: 0 } }] = session.lint('a');
      return session.offers('a', { rule, range }, { ...context, specifiers: { ...context.specifiers, blurpool_keras: 'blurpool_keras' } });
    };
    expect((await refusalOf('import keras\nkeras.layers.ConvLSTM2D(8, 3, strides=2)\n')).refusal).toMatch(/^A ConvLSTM drops samples/);
    const { fixes } = await refusalOf(
      'import torch.nn as nn\nfrom mmengine.model import Sequential\nSequential(nn.Conv2d(3, 8, 3, 2), nn.ReLU())\n',
    );
    expect(fixes[0]?.title).toMatch(/^Blur after nn.ReLU/);
  });

  it.each([
    ['tv_misc.py', ['9 strided-conv 3x3 by 2x2', '10 strided-conv 3x3 by 2x2']],
    [
      'timm_layers.py',
      ['8 strided-conv 3x3 by 2x2', '9 strided-conv 3x3 by 2x2', '10 strided-max-pool 3x3 by 2x2', '11 patchify-conv 16x16 by 16x16'],
    ],
    ['mm_config.py', ['8 strided-conv 3x3 by 2x2', '9 strided-conv 3x3 by 2x2']],
    [
      'keras_timedistributed.py',
      ['4 strided-conv 3x3 by 2x2', '5 strided-max-pool 2x2 by 2x2', '6 strided-conv 3x3 by 2x2', '7 strided-max-pool 2x2 by 2x2'],
    ],
    ['k1_pool.py', ['5 strided-subsample 1x1 by 2x2']],
    ['patchify.py', ['7 patchify-conv 16x16 by 16x16']],
  ])('%s', async (file, expected) => {
    expect(await findings(readFileSync(path.join(cases, file), 'utf8'))).toEqual(expected);
  });

  it.each([
    ['from torchvision.ops import Conv3dNormActivation as C\nC(3, 8, 3, 2)\n', ['2 strided-conv 3x3x3 by 2x2x2']],
    ['from torchvision.ops import misc\nmisc.Conv2dNormActivation(3, 8, stride=2)\n', ['2 strided-conv 3x3 by 2x2']],
    ['from timm.models.layers import ConvBnAct\nConvBnAct(3, 8, stride=2)\n', ['2 strided-pointwise-conv 1x1 by 2x2']],
    ['from timm.layers.std_conv import StdConv2d\nStdConv2d(3, 8, 7, 2)\n', ['2 strided-conv 7x7 by 2x2']],
    [
      'from ultralytics.nn.modules import Conv, RepConv\nConv(3, 8, 3, 2)\nConv(3, 8)\nRepConv(3, 8, s=2)\n',
      ['2 strided-conv 3x3 by 2x2', '4 strided-conv 3x3 by 2x2'],
    ],
    ['from detectron2.layers import Conv2d\nConv2d(3, 8, kernel_size=3, stride=2, norm="BN")\n', ['2 strided-conv 3x3 by 2x2']],
    ['from segmentation_models_pytorch.base import modules as md\nmd.Conv2dReLU(3, 8, 3, 1, 2)\n', ['2 strided-conv 3x3 by 2x2']],
    [
      'from fastai.vision.all import *\nConvLayer(3, 8, stride=2)\nConvLayer(8, 8, stride=2, transpose=True)\nMaxPool()\n',
      ['2 strided-conv 3x3 by 2x2', '4 strided-max-pool 2x2 by 2x2'],
    ],
    [
      'from monai.networks.blocks import Convolution, ResidualUnit\nConvolution(3, 1, 8, strides=2)\nConvolution(3, 1, 8, strides=2, is_transposed=True)\nResidualUnit(2, 1, 8, 2)\n',
      ['2 strided-conv 3x3x3 by 2x2x2', '4 strided-conv 3x3 by 2x2'],
    ],
    [
      'from mmcv.cnn import Conv2d, MaxPool2d\nConv2d(3, 8, 3, 2)\nMaxPool2d(2)\n',
      ['2 strided-conv 3x3 by 2x2', '3 strided-max-pool 2x2 by 2x2'],
    ],
    [
      'from ultralytics.nn.modules import Focus, SPPF, C2f, ADown\nFocus(3, 8)\nSPPF(8, 8, 5)\nC2f(8, 8, 1)\nADown(8, 8)\n',
      ['2 space-to-depth 1x1 by 2x2', '5 strided-conv 3x3 by 2x2'],
    ],
    [
      'from keras_cv.models.backbones.csp_darknet.csp_darknet_utils import DarknetConvBlock\nDarknetConvBlock(8, 3, 2)\n',
      ['2 strided-conv 3x3 by 2x2'],
    ],
    [
      'import haiku as hk\nhk.Conv2D(8, 3, stride=2)\ny = hk.max_pool(x, (1, 3, 3, 1), (1, 2, 2, 1), "SAME")\n',
      ['2 strided-conv 3x3 by 2x2', '3 strided-max-pool 3x3 by 2x2'],
    ],
    [
      'import tensorflow.compat.v1 as tf\ny = tf.layers.conv2d(x, 8, 3, 2, "same")\ny = tf.layers.max_pooling2d(y, 2, 2)\n',
      ['2 strided-conv 3x3 by 2x2', '3 strided-max-pool 2x2 by 2x2'],
    ],
    [
      'import tf_slim as slim\ny = slim.conv2d(x, 8, [7, 7], stride=2)\ny = slim.max_pool2d(y, [3, 3], stride=2)\ny = slim.max_pool2d(y, [3, 3])\n',
      ['2 strided-conv 7x7 by 2x2', '3 strided-max-pool 3x3 by 2x2'],
    ],
    [
      'from jax import lax\ny = lax.conv(x, w, (2, 2), "SAME")\ny = lax.conv_general_dilated(y, w, window_strides=(1, 1), padding="SAME")\n',
      ['2 strided-conv x by 2x2'],
    ],
    [
      'import torch.nn as nn\nfrom mmengine.model import Sequential\nSequential(nn.Conv2d(3, 8, 3, 2), nn.ReLU())\n',
      ['3 strided-conv 3x3 by 2x2'],
    ],
    [
      'from tensorflow import keras\nkeras.layers.ConvLSTM2D(8, 3, strides=2)\nkeras.layers.ConvLSTM1D(8, 3)\n',
      ['2 strided-conv 3x3 by 2x2'],
    ],
    ['from timm.layers import BlurPool2d, create_conv2d\nBlurPool2d(8)\ncreate_conv2d(3, 8, 3)\n', []],
  ])('%s', async (text, expected) => {
    expect(await findings(text)).toEqual(expected);
  });

  it.each([
    ['tv_misc.py', 'The layer of Conv2dNormActivation is built inside its library, where no fix reaches it.'],
    ['patchify.py', expect.stringMatching(/^The convolution cuts the image into patches/) as string],
  ])('%s has no fix, for a reason', async (file, reason) => {
    await findings(readFileSync(path.join(cases, file), 'utf8'));
    const [finding] = session.lint('a');
    if (finding === undefined) throw new Error('There is nothing to fix.');
    expect(session.offers('a', { rule: finding.rule, range: finding.range }, context).refusal).toEqual(reason);
    expect(session.fixAll('a', {}, context)).toBeNull();
  });
});
