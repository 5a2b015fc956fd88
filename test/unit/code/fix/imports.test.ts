import { describe, expect, it } from 'vitest';
import { fixed } from './fixing';
import type { CodeLanguage } from '../../../../src/code/protocol';

interface ImportCase {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly language?: CodeLanguage;
  readonly specifier?: string;
  readonly isAtRoot?: boolean;
}

const torch = 'import torch.nn as nn\n';
const pool = 'pool = nn.MaxPool2d(2)\n';
const blurred = 'pool = MaxBlurPool2d(2)\n';
const wanted = 'from blurpool_torch import MaxBlurPool2d\n';
const tfjs = 'const pool = tf.layers.maxPooling2d({poolSize: 2});\n';
const tfjsBlurred = 'const pool = maxBlurPooling2d({poolSize: 2});\n';

const cases: readonly ImportCase[] = [
  {
    name: 'behind the last import, __future__ included',
    before: `from __future__ import annotations\n\n${torch}\n${pool}`,
    after: `from __future__ import annotations\n\n${torch}${wanted}\n${blurred}`,
  },
  {
    name: 'behind docstring and comments',
    before: `#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n"""What it is."""\n\n${torch}\nimport os\n\n${pool}import re\n`,
    after: `#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n"""What it is."""\n\n${torch}\nimport os\n${wanted}\n${blurred}import re\n`,
  },
  {
    name: 'imports that a condition holds stand among the others',
    before: `${torch}try:\n    import apex\nexcept ImportError:\n    apex = None\nimport os\n${pool}`,
    after: `${torch}try:\n    import apex\nexcept ImportError:\n    apex = None\nimport os\n\n${wanted}${blurred}`,
  },
  {
    name: 'an import over several lines',
    before: `from torch.nn import (\n    Conv2d,\n    MaxPool2d,\n)\npool = MaxPool2d(2)\n`,
    after: `${wanted}from torch.nn import (\n    Conv2d,\n    MaxPool2d,\n)\n${blurred}`,
  },
  {
    name: 'no import at the top',
    before: `"""What it is."""\n\n\ndef build():\n    import torch.nn as nn\n    return nn.MaxPool2d(2)\n`,
    after: `"""What it is."""\n\n${wanted.trimEnd()}\n\n\ndef build():\n    import torch.nn as nn\n    return MaxBlurPool2d(2)\n`,
  },
  {
    name: 'merged into an import from the module',
    before: `${torch}from blurpool_torch import BlurPool2d\n${pool}`,
    after: `${torch}from blurpool_torch import BlurPool2d, MaxBlurPool2d\n${blurred}`,
  },
  {
    name: 'merged into one with brackets',
    before: `${torch}from .blurpool_torch import (\n    BlurPool2d,\n)\n${pool}`,
    after: `${torch}from .blurpool_torch import (\n    BlurPool2d,\n    MaxBlurPool2d,\n)\n${blurred}`,
    specifier: '.blurpool_torch',
  },
  {
    name: 'a name that is there is used, by the name the file gave it',
    before: `${torch}from blurpool_torch import MaxBlurPool2d as Pool\n${pool}`,
    after: `${torch}from blurpool_torch import MaxBlurPool2d as Pool\npool = Pool(2)\n`,
  },
  {
    name: 'a name that means something else gets an alias',
    before: `${torch}from mine import MaxBlurPool2d\n${pool}`,
    after: `${torch}from blurpool_torch import MaxBlurPool2d as ShiftlintMaxBlurPool2d\nfrom mine import MaxBlurPool2d\npool = ShiftlintMaxBlurPool2d(2)\n`,
  },
  {
    name: 'an attribute of that name is no binding',
    before: `${torch}import mine\nother = mine.MaxBlurPool2d\n${pool}`,
    after: `${torch}import mine\n${wanted}other = mine.MaxBlurPool2d\n${blurred}`,
  },
  {
    name: 'Windows line endings stay',
    before: `${torch}${pool}`.replaceAll('\n', '\r\n'),
    after: `${torch}${wanted}${blurred}`.replaceAll('\n', '\r\n'),
  },
  {
    name: 'a statement behind a semicolon',
    before: `import torch.nn as nn; import os\n${pool}`,
    after: `import torch.nn as nn; import os\n${wanted}${blurred}`,
  },
  {
    name: 'among other packages, behind straight imports',
    before: `import os\n\nimport torch\nimport torch.nn as nn\nfrom torch import Tensor\n\nfrom mine import x\n\n${pool}`,
    after: `import os\n\nimport torch\nimport torch.nn as nn\n${wanted}from torch import Tensor\n\nfrom mine import x\n\n${blurred}`,
  },
  {
    name: 'among other packages, by the module alone where the others stand so',
    before: `import argparse\n\nfrom apex import amp\nfrom torch import Tensor\n${torch}\n${pool}`,
    after: `import argparse\n\nfrom apex import amp\n${wanted}from torch import Tensor\n${torch}\n${blurred}`,
  },
  {
    name: 'at the root of a project, behind the other packages',
    before: `import os\n\n${torch}\n${pool}`,
    after: `import os\n\n${torch}\n${wanted}\n${blurred}`,
    isAtRoot: true,
  },
  {
    name: 'at the root of a project, among its own modules',
    before: `import os\n\n${torch}\nfrom act import x\nfrom data import y\n\nfrom . import z\n\n${pool}`,
    after: `import os\n\n${torch}\nfrom act import x\n${wanted}from data import y\n\nfrom . import z\n\n${blurred}`,
    isAtRoot: true,
  },
  {
    name: 'among relative imports, farther ones first',
    before: `import os\n\n${torch}\nfrom ..ops import x\nfrom . import a\nfrom ._api import b\nfrom ._utils import c\nfrom .cnn import d\n\n${pool}`,
    after: `import os\n\n${torch}\nfrom ..ops import x\nfrom . import a\nfrom ._api import b\nfrom ._utils import c\nfrom .blurpool_torch import MaxBlurPool2d\nfrom .cnn import d\n\n${blurred}`,
    specifier: '.blurpool_torch',
  },
  {
    name: 'the first relative import',
    before: `import os\n\n${torch}\n${pool}`,
    after: `import os\n\n${torch}\nfrom .blurpool_torch import MaxBlurPool2d\n\n${blurred}`,
    specifier: '.blurpool_torch',
  },
  {
    name: 'a name before those that are there',
    before: `${torch}from blurpool_torch import MaxBlurPool2d, max_blur_pool2d\npool = nn.AvgPool2d(2)\n`,
    after: `${torch}from blurpool_torch import AvgBlurPool2d, MaxBlurPool2d, max_blur_pool2d\npool = AvgBlurPool2d(2)\n`,
  },
  {
    name: 'ES modules, with their quotes and semicolons',
    before: `import * as tf from "@tensorflow/tfjs"\n\n${tfjs}`,
    after: `import * as tf from "@tensorflow/tfjs"\nimport { maxBlurPooling2d } from "./blurpool.js"\n\n${tfjsBlurred}`,
    language: 'javascript',
  },
  {
    name: 'CommonJS',
    before: `'use strict';\nconst tf = require('@tensorflow/tfjs-node');\n\n${tfjs}`,
    after: `'use strict';\nconst tf = require('@tensorflow/tfjs-node');\nconst { maxBlurPooling2d } = require('./blurpool.js');\n\n${tfjsBlurred}`,
    language: 'javascript',
  },
  {
    name: 'CommonJS with tight braces and an alias',
    before: `const tf = require('@tensorflow/tfjs');\nconst {sep} = require('path');\nconst maxBlurPooling2d = 1;\n${tfjs}`,
    after: `const tf = require('@tensorflow/tfjs');\nconst {sep} = require('path');\nconst {maxBlurPooling2d: shiftlintMaxBlurPooling2d} = require('./blurpool.js');\nconst maxBlurPooling2d = 1;\n${tfjsBlurred.replace('= max', '= shiftlintMax')}`,
    language: 'javascript',
  },
  {
    name: 'merged into an import of ES modules',
    before: `import * as tf from '@tensorflow/tfjs';\nimport {blurPool2d} from './blurpool.js';\n${tfjs}`,
    after: `import * as tf from '@tensorflow/tfjs';\nimport {blurPool2d, maxBlurPooling2d} from './blurpool.js';\n${tfjsBlurred}`,
    language: 'typescript',
  },
  {
    name: 'an import of types only is left alone',
    before: `import * as tf from '@tensorflow/tfjs';\nimport type { BlurPoolOptions } from './blurpool.js';\n${tfjs}`,
    after: `import * as tf from '@tensorflow/tfjs';\nimport type { BlurPoolOptions } from './blurpool.js';\nimport { maxBlurPooling2d } from './blurpool.js';\n${tfjsBlurred}`,
    language: 'typescript',
  },
];

describe('imports of a fix', () => {
  it.each(cases)('$name', async ({ before, after, language = 'python', specifier, isAtRoot = false }) => {
    const specifiers = { blurpool_torch: specifier ?? 'blurpool_torch', blurpool: './blurpool.js' };
    expect((await fixed(before, 0, language, { specifiers, isAtRoot })).text).toBe(after);
  });
});
