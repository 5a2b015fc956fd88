import { beforeAll, describe, expect, it } from 'vitest';
import type { CodeLanguage } from '../../../src/code/protocol';
import type { CodeSession } from '../../../src/code/session';
import { codeSession } from './code-session';

let session: CodeSession;
beforeAll(async () => {
  session = await codeSession();
});

/** Findings as `rule callee stride`, or `-` for none. */
async function lint(language: CodeLanguage, source: string): Promise<string> {
  await session.open('test', language, source);
  const findings = session.lint('test', { severities: { 'dynamic-stride': 'hint' } });
  session.close('test');
  return findings.map(({ rule, callee, stride }) => `${rule} ${callee} ${stride.map((step) => step ?? '?').join('x')}`).join('; ') || '-';
}

describe('names', () => {
  it.each([
    ['an alias of the module', 'import torch.nn as layers\nlayers.MaxPool2d(2)', 'strided-max-pool layers.MaxPool2d 2x2'],
    ['the whole path', 'import torch\ntorch.nn.MaxPool2d(2)', 'strided-max-pool torch.nn.MaxPool2d 2x2'],
    ['an alias of the class', 'from torch.nn import MaxPool2d as MP\nMP(2)', 'strided-max-pool MP 2x2'],
    ['a wildcard', 'from torch.nn import *\nMaxPool2d(2)', 'strided-max-pool MaxPool2d 2x2'],
    ['a variable', 'import torch.nn as nn\npool = nn.MaxPool2d\npool(2)', 'strided-max-pool pool 2x2'],
    ['a variable for the module', 'import tensorflow as tf\nL = tf.keras.layers\nL.MaxPool2D()', 'strided-max-pool L.MaxPool2D 2x2'],
    [
      'a guarded import',
      'try:\n  import torch.nn as nn\nexcept ImportError:\n  nn = None\nnn.MaxPool2d(2)',
      'strided-max-pool nn.MaxPool2d 2x2',
    ],
    ['a parameter of the same name', 'import torch.nn as nn\ndef f(nn):\n  nn.MaxPool2d(2)\nf(1)', '-'],
    ['a later binding', 'import torch.nn as nn\nnn = Other()\nnn.MaxPool2d(2)', '-'],
    ['a class of the file', 'import torch\nclass MaxPool2d:\n  pass\nMaxPool2d(2)', '-'],
    ['another library', 'import faiss.nn as nn\nnn.MaxPool2d(2)', '-'],
    ['no import', 'nn.MaxPool2d(2)', '-'],
    ['a string', 'import torch.nn as nn\nx = "nn.MaxPool2d(2)"  # nn.MaxPool2d(2)', '-'],
  ])('%s', async (_, source, expected) => {
    expect(await lint('python', source)).toBe(expected);
  });
});

describe('values', () => {
  const conv = (text: string, before = '') => `import torch.nn as nn\n${before}\nnn.Conv2d(3, 8, 3, ${text})`;
  it.each([
    ['a position', conv('2'), '2x2'],
    ['a keyword', conv('stride=2'), '2x2'],
    ['a tuple', conv('stride=(2, 1)'), '2x1'],
    ['a list', conv('stride=[1, 2]'), '1x2'],
    ['a tuple of one', conv('stride=(2,)'), '2x2'],
    ['a constant', conv('stride=STEP', 'STEP = 2'), '2x2'],
    ['arithmetic', conv('stride=2 ** 2 // 2 + 1 - 1 * 1'), '2x2'],
    ['a repeated tuple', conv('stride=(2,) * 2'), '2x2'],
    ['an item', conv('stride=steps[1]', 'steps = [1, 2]'), '2x2'],
    ['an entry', conv("stride=cfg['stride']", "cfg = {'stride': 2}"), '2x2'],
    ['a class attribute', conv('stride=Config.stride', 'class Config:\n  stride = 2'), '2x2'],
    [
      'a dataclass whose own constructor passes on',
      conv(
        'stride=More(2).stride',
        'class Config:\n  stride: int\nclass More(Config):\n  def __init__(self, step):\n    super().__init__(step)',
      ),
      '2x2',
    ],
    ['a dataclass', conv('stride=Config().stride', 'class Config:\n  depth: int\n  stride: int = 2'), '2x2'],
    ['keyword arguments', conv('**options', 'options = dict(stride=2, padding=1)'), '2x2'],
    ['a known condition', conv('stride=2 if deep else 1', 'deep = True'), '2x2'],
    ['an open condition', conv('stride=2 if deep else 1', 'from x import deep'), '2x2'],
    ['the last of several bindings', conv('stride=s', 's = 1\ns = 2'), '2x2'],
    ['either branch', conv('stride=s', 'from x import y\nif y:\n  s = 1\nelse:\n  s = 2'), '2x2'],
    ['maximum', conv('stride=max(1, 2)'), '2x2'],
    ['a walrus', conv('stride=(s := 2)'), '2x2'],
    ['stride 1', conv('stride=1'), null],
    ['the default', conv('padding=1'), null],
    ['zero of a known condition', conv('stride=2 if deep else 1', 'deep = False'), null],
  ])('%s', async (_, source, stride) => {
    expect(await lint('python', source)).toBe(stride === null ? '-' : `strided-conv nn.Conv2d ${stride}`);
  });

  it.each([
    ['an unknown name', 'import torch.nn as nn\nfrom x import s\nnn.Conv2d(3, 8, 3, stride=s)', 'dynamic-stride nn.Conv2d ?x?'],
    [
      'a parameter that nothing in the file gives',
      'import torch.nn as nn\ndef f(s):\n  return nn.MaxPool2d(2, s)',
      'dynamic-stride nn.MaxPool2d ?x?',
    ],
    ['a parameter with a default', 'import torch.nn as nn\ndef f(s=2):\n  return nn.MaxPool2d(3, s)', 'strided-max-pool nn.MaxPool2d 2x2'],
  ])('%s', async (_, source, expected) => {
    expect(await lint('python', source)).toBe(expected);
  });
});

describe('kinds', () => {
  it.each([
    ['import torch.nn as nn\nnn.MaxPool1d(2)', 'strided-max-pool nn.MaxPool1d 2'],
    ['import torch.nn as nn\nnn.MaxPool3d(3, 2)', 'strided-max-pool nn.MaxPool3d 2x2x2'],
    ['import torch.nn as nn\nnn.Conv2d(3, 8, 1, 2)', 'strided-pointwise-conv nn.Conv2d 2x2'],
    ['import torch.nn as nn\nnn.AvgPool2d(2)', 'strided-avg-pool nn.AvgPool2d 2x2'],
    ['import torch.nn as nn\nnn.ConvTranspose2d(3, 8, 3, stride=2)', '-'],
    ['import torch.nn as nn\nnn.AdaptiveAvgPool2d(1)', '-'],
    ['import torch.nn as nn\nnn.Sequential(nn.AvgPool2d(7), nn.Flatten())', '-'],
    ['import torch.nn.functional as F\ndef f(x):\n  return F.avg_pool2d(x, 8).view(1, -1)', '-'],
    ['import torch.nn.functional as F\ndef f(x, w):\n  return F.conv2d(x, w, stride=2)', 'strided-conv F.conv2d 2x2'],
    ['from timm.layers import BlurPool2d\nimport torch.nn as nn\nnn.Sequential(nn.MaxPool2d(3, stride=1), BlurPool2d(8, stride=2))', '-'],
    [
      'from timm.layers import BlurPool2d\nimport torch.nn as nn\nnn.Sequential(BlurPool2d(8, stride=1), nn.Conv2d(8, 8, 1, stride=2))',
      '-',
    ],
    ['from .nets.blurpool_torch import MaxBlurPool2d\nMaxBlurPool2d(2)', '-'],
    ['import tensorflow as tf\ntf.nn.max_pool2d(x, 2, [1, 2, 2, 1], "SAME")', 'strided-max-pool tf.nn.max_pool2d 2x2'],
    [
      'import tensorflow as tf\ntf.nn.conv2d(x, w, strides=[1, 1, 2, 2], padding="SAME", data_format="NCHW")',
      'strided-conv tf.nn.conv2d 2x2',
    ],
    ['import tensorflow as tf\ntf.nn.conv2d(x, w, strides=[1, 1, 1, 1], padding="SAME")', '-'],
    ['from keras.layers import SeparableConv2D\nSeparableConv2D(8, 3, strides=2)', 'strided-conv SeparableConv2D 2x2'],
    ['from flax import linen as nn\nnn.max_pool(x, (2, 2))', '-'],
    ['from flax import linen as nn\nnn.max_pool(x, (2, 2), strides=(2, 2))', 'strided-max-pool nn.max_pool 2x2'],
  ])('%s', async (source, expected) => {
    expect(await lint('python', source)).toBe(expected);
  });

  it.each([
    ["import * as tf from '@tensorflow/tfjs';\ntf.layers.maxPooling2d({});", 'strided-max-pool tf.layers.maxPooling2d 2x2'],
    [
      "import * as tf from '@tensorflow/tfjs';\ntf.layers.conv2d({ kernelSize: 3, filters: 1, ...{ strides: 2 } });",
      'strided-conv tf.layers.conv2d 2x2',
    ],
    [
      "const { layers: L } = require('@tensorflow/tfjs-node');\nL.averagePooling2d({ poolSize: 3, strides: [2, 1] });",
      'strided-avg-pool L.averagePooling2d 2x1',
    ],
    ["import { maxPool } from '@tensorflow/tfjs';\nmaxPool(x, 2, 2, 'same');", 'strided-max-pool maxPool 2x2'],
    [
      "import * as tf from '@tensorflow/tfjs';\nconst f = (x) => x.conv2d(w, 2, 'same').relu().maxPool(2, 1, 'same');",
      'strided-conv x.conv2d 2x2',
    ],
    ["import type * as tf from '@tensorflow/tfjs';\nconst x = { layers: tf.layers };\nx.layers.maxPooling2d({});", '-'],
    ["import * as L from 'leaflet';\nL.layers.maxPooling2d({});", '-'],
    ["import * as tf from '@tensorflow/tfjs';\nfunction f(tf) { return tf.layers.maxPooling2d({}); }\nf(1);", '-'],
  ])('%s', async (source, expected) => {
    expect(await lint('typescript', source)).toBe(expected);
    expect(await lint('tsx', source)).toBe(expected);
  });
});

describe('calls', () => {
  const net = `import torch.nn as nn

def conv3x3(i, o, stride=1):
    return nn.Conv2d(i, o, 3, stride=stride, padding=1)

class Block(nn.Module):
    def __init__(self, i, o, stride=1):
        super().__init__()
        self.conv = conv3x3(i, o, stride)

class Net(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.layers = self._make_layer(block, 2, stride=STRIDE)

    def _make_layer(self, block, blocks, stride=1):
        return nn.Sequential(block(8, 8, stride), *[block(8, 8) for _ in range(blocks)])

def net():
    return Net(Block)
`;

  it('are followed, and the one that passes the stride is named', async () => {
    const source = net.replace('STRIDE', '2');
    await session.open('test', 'python', source);
    const findings = session.lint('test');
    session.close('test');
    expect(findings).toMatchObject([{ rule: 'strided-conv', related: [{ message: 'This call passes stride 2 to nn.Conv2d.' }] }]);
    const [finding] = findings;
    const text = (range: { start: number; end: number }) => source.slice(range.start, range.end);
    expect(finding && text(finding.range)).toBe('nn.Conv2d(i, o, 3, stride=stride, padding=1)');
    expect(finding?.related.map(({ range }) => text(range))).toEqual(['self._make_layer(block, 2, stride=2)']);
  });

  it('leave a layer alone that every call runs at stride 1', async () => {
    expect(await lint('python', net.replace('STRIDE', '1'))).toBe('-');
  });

  it.each([
    ['recursion', 'import torch.nn as nn\ndef f(s):\n  nn.MaxPool2d(2, s)\n  f(s)\nf(2)'],
    ['a class that holds itself', 'import torch.nn as nn\nclass A:\n  def __init__(self):\n    self.a = A()\n    nn.MaxPool2d(2)\nA()'],
    ['a class that derives from itself', 'import torch.nn as nn\nclass A(A):\n  def __init__(self):\n    nn.MaxPool2d(2)'],
  ])('%s ends', async (_, source) => {
    expect(await lint('python', source)).toBe('strided-max-pool nn.MaxPool2d 2x2');
  });

  it('that grow without end are given up', async () => {
    const functions = Array.from({ length: 60 }, (_, i) => `def f${i}(s):\n  f${i + 1}(s)\n  f${i + 1}(s)\n  f${i + 1}(s)`);
    const source = `import torch.nn as nn\n${functions.join('\n')}\ndef f60(s):\n  nn.MaxPool2d(2, s)\nf0(2)\nnn.MaxPool2d(2)\n`;
    expect(await lint('python', source)).toContain('strided-max-pool');
  });
});

describe('strides that only other files give', () => {
  const torch = 'import torch.nn as nn\n';
  it.each([
    [
      'options of a function',
      `${torch}def conv(i, o, k, **kwargs):\n  return nn.Conv2d(i, o, k, **kwargs)`,
      'dynamic-stride nn.Conv2d ?x?',
    ],
    [
      'options that are changed on the way',
      `${torch}def conv(i, o, k, **kwargs):\n  pad = kwargs.pop('padding', '')\n  options = dict(bias=False, **kwargs)\n  return nn.Conv2d(i, o, k, **{**options, 'padding': pad})`,
      'dynamic-stride nn.Conv2d ?x?',
    ],
    [
      'options of a method, in a class that is a layer',
      `${torch}class Same(nn.Conv2d):\n  def __init__(self, i, o, k, stride=1, bias=True):\n    super().__init__(i, o, k, stride, 0, bias=bias)\nclass Net(nn.Module):\n  def __init__(self, **kwargs):\n    self.conv = Same(3, 8, 3, **kwargs)`,
      'dynamic-stride Same ?x?',
    ],
    [
      'a default',
      `${torch}class Block(nn.Module):\n  def __init__(self, i, o, stride=1):\n    super().__init__()\n    self.conv = nn.Conv2d(i, o, 3, stride=stride)`,
      'dynamic-stride nn.Conv2d ?x?',
    ],
    [
      'a pool that has its kernel for a stride',
      `${torch}def pool(**kwargs):\n  return nn.MaxPool2d(2, **kwargs)`,
      'strided-max-pool nn.MaxPool2d 2x2',
    ],
    ['options that hold the stride', `${torch}def conv(i, o, k, **kwargs):\n  return nn.Conv2d(i, o, k, stride=1, **kwargs)`, '-'],
    [
      'options of a function that the file calls',
      `${torch}def conv(i, **kwargs):\n  return nn.Conv2d(i, 8, 3, **kwargs)\nconv(3, bias=False)`,
      '-',
    ],
    ['a value that a call of the file gives', `${torch}def conv(i, stride=1):\n  return nn.Conv2d(i, 8, 3, stride)\nconv(3, 1)`, '-'],
    [
      'arguments of a class that is a layer and that the file does not build',
      `${torch}class Same(nn.Conv2d):\n  def __init__(self, i, o, k, stride=1):\n    super().__init__(i, o, k, stride)`,
      'dynamic-stride Conv2d ?x?',
    ],
    ['the same without a constructor of its own', `${torch}class Same(nn.Conv2d):\n  pass`, '-'],
    ['a step that cuts a list of indices', `${torch}def cut(edge_index, d):\n  return edge_index[:, :, :, ::d]`, '-'],
    ['another default', `${torch}def conv(i, step=1):\n  return nn.Conv2d(i, 8, 3, step)`, '-'],
  ])('%s', async (_, source, expected) => {
    expect(await lint('python', source)).toBe(expected);
  });
});

describe('pools of a whole map', () => {
  const F = 'import torch\nimport torch.nn.functional as F\n';
  it.each([
    ['by its sizes', `${F}def gem(x, p):\n  return F.avg_pool2d(x.pow(p), (x.size(-2), x.size(-1))).pow(1 / p)`, '-'],
    ['by its shape', `${F}def pool(x):\n  return F.max_pool2d(x, x.shape[2:])`, '-'],
    ['by names for its sizes', `${F}def pool(x):\n  b, c, h, w = x.shape\n  return F.avg_pool2d(x, kernel_size=(h, w))`, '-'],
    ['by a list of sizes', `${F}def pool(x):\n  return F.avg_pool2d(x, x.size()[2:])`, '-'],
    ['by half of them are none', `${F}def pool(x):\n  return F.avg_pool2d(x, x.shape[-1] // 2)`, 'dynamic-stride F.avg_pool2d ?x?'],
    [
      'by a stride beside them are none',
      `${F}def pool(x):\n  return F.avg_pool2d(x, x.shape[2:], stride=2)`,
      'strided-avg-pool F.avg_pool2d 2x2',
    ],
    ['are no matter of convolutions', `${F}def run(x, w):\n  return F.conv2d(x, w, stride=x.shape[2:])`, 'dynamic-stride F.conv2d ?x?'],
  ])('%s', async (_, source, expected) => {
    expect(await lint('python', source)).toBe(expected);
  });
});

describe('a deep network of many blocks', () => {
  /** Each block is another one, and runs its layers many calls down. */
  const blocks = (count: number): string => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `def run${i}(block, x):\n  return ${i === 8 ? 'block(x, scale=1)' : `run${i + 1}(block, x)`}\n`,
    );
    const made = Array.from({ length: count }, (_, i) => `Block(${i + 8})`);
    return `import torch.nn as nn\n${levels.join('')}class Block(nn.Module):\n  def __init__(self, i):\n    super().__init__()\n    self.c = nn.Conv2d(i, 8, 3)\n  def forward(self, x, scale):\n    return self.c(x)\nclass Net(nn.Module):\n  def __init__(self):\n    super().__init__()\n${made.map((one, i) => `    self.b${i} = ${one}\n`).join('')}    self.pool = nn.MaxPool2d(2)\n  def forward(self, x):\n${made.map((_, i) => `    x = run0(self.b${i}, x)\n`).join('')}    return self.pool(x)\n`;
  };

  it.each([
    [399, 0],
    [1200, 1],
  ])('%i of them are judged with %i notices', async (count, notices) => {
    await session.open('test', 'python', blocks(count));
    const judged = session.judge('test');
    session.close('test');
    expect(judged.findings).toMatchObject([{ rule: 'strided-max-pool' }]);
    expect(judged.notices).toHaveLength(notices);
  });
});

describe('broken sources', () => {
  const source = `import torch.nn as nn
class Net(nn.Module):
    def __init__(self, stride=2):
        super().__init__()
        self.conv = nn.Sequential(*[nn.Conv2d(3, 8, 3, stride=stride) for _ in range(3)], nn.ReLU())

    def forward(self, x):
        return self.conv(x) if x else {**x, 'a': [b for b in x]}
`;
  const script = `import * as tf from '@tensorflow/tfjs';
class Net extends Base<T> { stride = 2; constructor(private x: number) { super(x); } run({ a = 1, ...b } = {}) { for (const c of [1, , 2]) tf.layers.conv2d({ strides: this.stride }); } }
export default () => \`\${new Net(1)?.run?.()}\`;
`;

  it.each<[CodeLanguage, string]>([
    ['python', source],
    ['typescript', script],
    ['tsx', script],
    ['javascript', script],
  ])('never throw: %s', async (language, text) => {
    for (let end = 0; end < text.length; end += 3) {
      await session.open('test', language, text.slice(0, end));
      session.lint('test');
      const cut = (end * 7919) % text.length;
      session.edit('test', [{ offset: 0, length: end, text: text.slice(0, cut) + text.slice(cut + 5) }]);
      session.lint('test');
    }
    session.close('test');
  });
});

describe('edits', () => {
  it('give the findings of the whole text anew', async () => {
    let text = 'import torch.nn as nn\n\ndef f(s=1):\n    return nn.MaxPool2d(2, s)\n\nf(2)\n';
    await session.open('edited', 'python', text);
    let state = 12345;
    const random = (below: number): number => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state % below;
    };
    const snippets = ['2', '\n', '    ', 'nn', ')', 'f(2)\n', 'def g():\n    return nn.AvgPool2d(2)\n', '# x\n', "'", 'é😀'];
    for (let step = 0; step < 150; step++) {
      const offset = random(text.length + 1);
      const length = Math.min(random(6), text.length - offset);
      const inserted = snippets[random(snippets.length)] ?? '';
      text = text.slice(0, offset) + inserted + text.slice(offset + length);
      session.edit('edited', [{ offset, length, text: inserted }]);
      await session.open('whole', 'python', text);
      expect(session.lint('edited'), JSON.stringify(text)).toEqual(session.lint('whole'));
    }
    session.close('edited');
    session.close('whole');
  });
});

describe('comments', () => {
  const python = (line: string, head = '') => `${head}import torch.nn as nn\n${line}`;
  it.each([
    ['on the line', python('nn.MaxPool2d(2)  # shiftlint: disable=strided-max-pool')],
    ['without a rule', python('nn.MaxPool2d(2)  # shiftlint: disable')],
    ['behind another', python('nn.MaxPool2d(2)  # noqa  # shiftlint: disable=strided-conv,strided-max-pool')],
    ['above', python('# shiftlint: disable-next-line=strided-max-pool\nnn.MaxPool2d(2)')],
    ['for the file', python('nn.MaxPool2d(2)', '# shiftlint: disable-file=strided-max-pool\n')],
  ])('%s silence a finding', async (_, source) => {
    expect(await lint('python', source)).toBe('-');
  });

  it.each([
    ['another rule', python('nn.MaxPool2d(2)  # shiftlint: disable=strided-conv')],
    ['another line', python('# shiftlint: disable=strided-max-pool\nnn.MaxPool2d(2)')],
    ['a rule that does not exist', python('nn.MaxPool2d(2)  # shiftlint: disable=max-pool')],
  ])('%s does not', async (_, source) => {
    expect(await lint('python', source)).toBe('strided-max-pool nn.MaxPool2d 2x2');
  });

  it.each([
    ['// shiftlint-disable-next-line strided-max-pool\ntf.layers.maxPooling2d({});', '-'],
    ['tf.layers.maxPooling2d({}); // shiftlint-disable-line', '-'],
    ['/* shiftlint-disable strided-max-pool */\ntf.layers.maxPooling2d({});', '-'],
    ['/* shiftlint-disable strided-conv */\ntf.layers.maxPooling2d({});', 'strided-max-pool tf.layers.maxPooling2d 2x2'],
  ])('in JavaScript: %s', async (source, expected) => {
    expect(await lint('javascript', `import * as tf from '@tensorflow/tfjs';\n${source}`)).toBe(expected);
  });
});
