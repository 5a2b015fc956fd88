import { describe, expect, it } from 'vitest';
import { tfjsSpecifier } from '../../../src/code/frameworks/tfjs/specifier';
import { importsFramework, recoverableFramework, usesRequire } from '../../../src/code/imports';

describe('importsFramework', () => {
  it.each([
    'import torch',
    'import torch.nn as nn',
    'import numpy as np, torch',
    'from torch import nn',
    'from torch.nn import (\n  Conv2d,\n)',
    'try:\n    import tensorflow as tf\nexcept ImportError: pass',
    'try: import keras\nexcept ImportError: pass',
    'x = 1; from tf_keras import layers',
    'from tensorflow.keras import layers',
    'from flax import linen as nn',
    // Its convolutions are judged: jax.lax.
    'import jax.nn',
    'import os\r\nimport keras\r\n',
  ])('sees %j', (text) => {
    expect(importsFramework(text, 'python')).toBe(true);
  });

  it.each([
    'import os',
    '# import torch',
    'import torchlight',
    'import mytorch',
    'from mypackage import torch',
    'import mypackage.torch',
    'from .torch import nn',
    'import numpy',
    'import jaxlib.nn',
    'print("torch")',
    'torch.nn.MaxPool2d(2)',
  ])('does not take %j for one', (text) => {
    expect(importsFramework(text, 'python')).toBe(false);
  });

  it.each([
    "import * as tf from '@tensorflow/tfjs';",
    'import { layers } from "@tensorflow/tfjs-layers"',
    "const tf = require('@tensorflow/tfjs-node');",
    "const tf = await import('@tensorflow/tfjs')",
    "import '@tensorflow/tfjs-backend-wasm';",
    "import {\n  layers,\n} from '@tensorflow/tfjs';",
    "import * as tf from 'https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@4/+esm'",
  ])('sees %j', (text) => {
    expect(importsFramework(text, 'javascript')).toBe(true);
  });

  it.each(["import * as tf from 'tfjs'", 'tf.layers.maxPooling2d({})', "// see '@tensorflow/tfjs'", "import { x } from './tensorflow'"])(
    'does not take %j for one',
    (text) => {
      expect(importsFramework(text, 'typescript')).toBe(false);
    },
  );

  it('takes no time on a long document without one', () => {
    const text = `${'import numpy as np, scipy, pandas  '.repeat(20)}\n`.repeat(5000);
    const start = performance.now();
    expect(importsFramework(text, 'python')).toBe(false);
    expect(importsFramework(text, 'javascript')).toBe(false);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

it.each([
  ["import * as tf from '@tensorflow/tfjs';", '@tensorflow/tfjs'],
  ["import '@tensorflow/tfjs-backend-wasm';\nimport * as tf from '@tensorflow/tfjs-node';", '@tensorflow/tfjs-node'],
  ["const tf = require('@tensorflow/tfjs-node-gpu')", '@tensorflow/tfjs-node-gpu'],
  ["import tf from 'https://esm.sh/@tensorflow/tfjs@4.22.0'", 'https://esm.sh/@tensorflow/tfjs@4.22.0'],
  ["import { layers } from '@tensorflow/tfjs-layers';", '@tensorflow/tfjs'],
])('takes TensorFlow.js from where %j does', (text, specifier) => {
  expect(tfjsSpecifier(text)).toBe(specifier);
});

it.each([
  ["const tf = require('@tensorflow/tfjs');", true],
  ["import * as tf from '@tensorflow/tfjs';", false],
  ["import {\n  layers,\n} from '@tensorflow/tfjs';\nconst fs = require('fs');", false],
  ["const tf = require('@tensorflow/tfjs');\nconst vis = await import('tfjs-vis');", true],
  ['const x = 1;', false],
])('tells whether %j uses require', (text, answer) => {
  expect(usesRequire(text)).toBe(answer);
});

describe('recoverableFramework', () => {
  it.each([
    ['import torch', 'recover_torch'],
    ['from torch.nn import Conv2d', 'recover_torch'],
    ['import keras', 'recover_keras'],
    ['from tensorflow.keras import layers', 'recover_keras'],
    ['import tensorflow as tf', 'recover_keras'],
    ['from tf_keras import layers', 'recover_keras'],
    ['from flax import linen as nn', undefined],
    ['import numpy as np', undefined],
  ])('has for %j the script %s', (text, script) => {
    expect(recoverableFramework(text)?.recovery).toBe(script);
  });
});
