import { describe, expect, it } from 'vitest';
import { allFixed, errorsIn, findingsOf, withEdits } from './fixing';

describe('all fixes of a document', () => {
  it('unites the imports and nests what lies inside each other', async () => {
    const source = `import torch.nn.functional as F


def forward(x, w, v):
    x = F.max_pool2d(F.relu(F.conv2d(F.avg_pool2d(x, 2), w, stride=2)), 2)
    return F.relu(F.conv2d(x, v, stride=2))
`;
    const { text, title, fix } = await allFixed(source);
    expect(text).toBe(`import torch.nn.functional as F
from blurpool_torch import avg_blur_pool2d, blur_pool2d, max_blur_pool2d


def forward(x, w, v):
    x = max_blur_pool2d(
        blur_pool2d(F.relu(F.conv2d(avg_blur_pool2d(x, 2), w)), stride=2), 2
    )
    return blur_pool2d(F.relu(F.conv2d(x, v)), stride=2)
`);
    expect(title).toBe('Insert BlurPool in 4 places (Tri-3)');
    expect(fix?.template).toBe('blurpool_torch');
    expect(await errorsIn(text, 'python')).toBe(0);
    expect(await findingsOf(text)).toEqual([]);
  });

  it('leaves stems out and says so', async () => {
    const source = `import torch.nn as nn


class Net(nn.Module):
    def __init__(self, in_chans=3):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(in_chans, 8, 7, stride=2), nn.ReLU(), nn.MaxPool2d(2))
        self.gray = nn.Conv2d(1, 8, 7, stride=2)
`;
    const { text, title } = await allFixed(source);
    expect(title).toBe('Insert BlurPool in 1 place (Tri-3) (stem left out)');
    expect((await findingsOf(text)).map(({ callee }) => callee)).toEqual(['nn.Conv2d', 'nn.Conv2d']);
  });

  it.each([
    [
      'python',
      `import keras\nfrom keras import layers\ninputs = keras.Input((32, 32, 3))\nx = layers.Rescaling(1 / 255)(inputs)\nx = layers.Conv2D(8, 3, strides=2, activation="relu")(x)\n`,
    ],
    ['python', `from keras import Sequential, layers\nmodel = Sequential([layers.Conv2D(8, 3, strides=2, input_shape=(32, 32, 3))])\n`],
    [
      'javascript',
      `import * as tf from '@tensorflow/tfjs';\nconst model = tf.sequential();\nmodel.add(tf.layers.conv2d({inputShape: [32, 32, 3], filters: 8, kernelSize: 3, strides: 2}));\n`,
    ],
    [
      'typescript',
      `import * as tf from '@tensorflow/tfjs';\nconst input = tf.input({shape: [32, 32, 3]});\nconst x = tf.layers.conv2d({filters: 8, kernelSize: 3, strides: 2}).apply(input);\n`,
    ],
  ] as const)('knows a stem in %s: %s', async (language, source) => {
    expect(await findingsOf(source, language)).toHaveLength(1);
    expect((await allFixed(source, language)).fix).toBeNull();
  });

  it('says what a library asks for', async () => {
    const source = 'import torch.nn as nn\nbody = nn.Sequential(nn.Conv2d(8, 8, 3, stride=2), nn.ReLU(), nn.MaxPool2d(2))\n';
    const { title } = await allFixed(source, 'python', { library: 'antialiased_cnns' });
    expect(title).toBe('Insert BlurPool in 2 places (Tri-3) (CC BY-NC-SA 4.0: not for commercial use)');
  });

  it('has nothing to do where every fix is refused', async () => {
    expect((await allFixed('import torch.nn as nn\npool = nn.MaxPool2d(2, return_indices=True)\n')).fix).toBeNull();
  });

  it('serves one module at a time', async () => {
    const source = 'import torch.nn as nn\nfrom keras import layers\na = nn.MaxPool2d(2)\nb = layers.MaxPooling2D(2)\n';
    const first = await allFixed(source);
    expect(first.fix?.template).toBe('blurpool_torch');
    const second = await allFixed(first.text);
    expect(second.fix?.template).toBe('blurpool_keras');
    expect((await allFixed(second.text)).fix).toBeNull();
  });

  it('has a part for each layer and one for the imports, so that some can be left out', async () => {
    const source = `import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.conv = nn.Conv2d(8, 8, 3, stride=2)

    def forward(self, x):
        return nn.functional.relu(self.conv(self.pool(x)))
`;
    const { fix, text } = await allFixed(source);
    const parts = fix?.parts ?? [];
    const lineOf = (offset: number | null) => (offset === null ? 'all' : source.slice(0, offset).split('\n').length);
    expect(
      parts.flatMap(({ does }) => does.map(({ title, offset }) => `${lineOf(offset)}: ${title.replace(/[:(].*/, '').trim()}`)),
    ).toEqual(['7: Replace by MaxBlurPool2d', '8: Blur after nn.functional.relu', 'all: Import MaxBlurPool2d, BlurPool2d']);
    const all = parts.flatMap(({ edits }) => edits).sort((a, b) => a.offset - b.offset);
    expect(all).toEqual(fix?.edits);
    expect(withEdits(source, all)).toBe(text);
    for (const [left, rule] of [
      [0, 'strided-max-pool'],
      [1, 'strided-conv'],
    ] as const) {
      const some = withEdits(
        source,
        all.filter((edit) => parts[left]?.edits.includes(edit) !== true),
      );
      expect(await errorsIn(some, 'python')).toBe(0);
      expect((await findingsOf(some)).map((finding) => finding.rule)).toEqual([rule]);
    }
  });

  it('tells fixes within each other apart', async () => {
    const source = 'import torch.nn.functional as F\n\n\ndef forward(x):\n    return F.max_pool2d(F.avg_pool2d(x, 2), 2)\n';
    const { fix } = await allFixed(source);
    expect(fix?.parts?.map(({ does }) => does.length)).toEqual([1, 1, 1]);
    const nested =
      'import torch.nn.functional as F\n\n\ndef forward(x, w, v):\n    return F.conv2d(F.conv2d(x, w, stride=2), v, stride=2)\n';
    expect((await allFixed(nested)).fix?.parts?.map(({ does }) => does.length)).toEqual([1, 1, 1]);
  });
});
