import { describe, it } from 'vitest';
import { expectFix, type FixCase } from './fixing';

const head = 'import flax.linen as nn\n';
const imports = (names: string) => `${head}from blurpool_flax import ${names}\n`;

/** A Flax module with a compact method. */
const module = (body: string) => `

class Block(nn.Module):
    conv: object = nn.Conv
    strides: tuple = (2, 2)

    @nn.compact
    def __call__(self, x):
${body.replace(/^/gm, '        ')}
`;

const cases: readonly FixCase[] = [
  {
    name: 'a max-pool keeps its arguments',
    before: head + module('return nn.max_pool(x, (3, 3), strides=(2, 2), padding="SAME")'),
    after: imports('max_blur_pool') + module('return max_blur_pool(x, (3, 3), strides=(2, 2), padding="SAME")'),
    title: 'Replace by max_blur_pool (Tri-3)',
  },
  {
    name: 'the blur follows the activation',
    before: head + module('x = nn.Conv(8, (3, 3), strides=(2, 2))(x)\nx = nn.BatchNorm()(x)\nreturn nn.relu(x)'),
    after:
      imports('blur_pool') +
      module('x = nn.Conv(8, (3, 3))(x)\nx = nn.BatchNorm()(x)\nreturn blur_pool(nn.relu(x), strides=(2, 2), same_kernel=(3, 3))'),
    title: 'Blur after nn.relu: blur_pool (Tri-3), stride 2',
  },
  {
    name: 'a layer class in a field, with the stride of another field',
    before: head + module('y = self.conv(8, (3, 3), self.strides)(x)\nreturn nn.relu(y)'),
    after: imports('blur_pool') + module('y = self.conv(8, (3, 3), 1)(x)\nreturn blur_pool(nn.relu(y), strides=self.strides)'),
    title: 'Blur after nn.relu: blur_pool (Tri-3), stride 2',
  },
  {
    name: 'a 1x1 shortcut blurs first',
    before: head + module('return nn.Conv(8, (1, 1), strides=2, name="proj")(x)'),
    after: imports('blur_pool') + module('return nn.Conv(8, (1, 1), name="proj")(blur_pool(x, strides=2))'),
    title: 'Blur before nn.Conv: blur_pool (Tri-3), stride 2',
  },
  {
    name: 'in a sequence the activation function blurs too, so that no index moves',
    before: head + module('return nn.Sequential([nn.Conv(8, (3, 3), strides=2), nn.relu, nn.Conv(8, (3, 3))])(x)'),
    after:
      imports('blur_pool') +
      module(
        'return nn.Sequential(\n    [\n        nn.Conv(8, (3, 3)),\n        lambda x: blur_pool(nn.relu(x), strides=2, same_kernel=(3, 3)),\n        nn.Conv(8, (3, 3)),\n    ]\n)(x)',
      ),
    title: 'Blur after nn.relu: blur_pool (Tri-3), stride 2',
  },
  {
    name: 'layers of setup',
    before: `${head}\n\nclass Net(nn.Module):\n    def setup(self):\n        self.conv = nn.Conv(8, (3, 3), strides=2)\n\n    def __call__(self, x):\n        return nn.relu(self.conv(x))\n`,
    after: `${imports('blur_pool')}\n\nclass Net(nn.Module):\n    def setup(self):\n        self.conv = nn.Conv(8, (3, 3))\n\n    def __call__(self, x):\n        return blur_pool(nn.relu(self.conv(x)), strides=2, same_kernel=(3, 3))\n`,
    title: 'Blur after nn.relu: blur_pool (Tri-3), stride 2',
  },
];

describe('Flax', () => {
  it.each(cases)('$name', expectFix);
});
