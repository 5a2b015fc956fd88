import { describe, it } from 'vitest';
import { expectFix, type FixCase } from './fixing';
import { blurFilter } from '../../../../src/core/rewrite/filters';

const head = 'import torch.nn as nn\nimport torch.nn.functional as F\n';
const imports = (names: string) => `${head}from blurpool_torch import ${names}\n`;

/** A module with a constructor and a forward method. */
const module = (constructor: string, forward: string) => `

class Net(nn.Module):
    def __init__(self, planes, stride=2):
        super().__init__()
${constructor.replace(/^/gm, '        ')}

    def forward(self, x):
${forward.replace(/^/gm, '        ')}
`;

const pools: readonly FixCase[] = [
  {
    name: 'a max-pool keeps its arguments',
    before: `${head}pool = nn.MaxPool2d(2, 2)\n`,
    after: `${imports('MaxBlurPool2d')}pool = MaxBlurPool2d(2, 2)\n`,
    title: 'Replace by MaxBlurPool2d (Tri-3)',
  },
  {
    name: 'a max-pool over one axis with a wider filter',
    before: `${head}pool = nn.MaxPool1d(kernel_size=2)\n`,
    after: `${imports('MaxBlurPool1d')}pool = MaxBlurPool1d(kernel_size=2, filter_size=5)\n`,
    title: 'Replace by MaxBlurPool1d (Bin-5)',
    context: { filter: blurFilter('bin-5') },
  },
  {
    name: 'an average-pool gets a filter of its own length',
    before: `${head}pool = nn.AvgPool2d(2)\n`,
    after: `${imports('AvgBlurPool2d')}pool = AvgBlurPool2d(2)\n`,
    title: 'Replace by AvgBlurPool2d (Bin-4)',
  },
  {
    name: 'a functional max-pool',
    before: `${head}\n\ndef forward(x):\n    return F.max_pool2d(x, 2)\n`,
    after: `${imports('max_blur_pool2d')}\n\ndef forward(x):\n    return max_blur_pool2d(x, 2)\n`,
    title: 'Replace by max_blur_pool2d (Tri-3)',
  },
  {
    name: 'a pool imported under another name',
    before: 'from torch.nn import MaxPool3d as MP\npool = MP(2)\n',
    after: 'from blurpool_torch import MaxBlurPool3d\nfrom torch.nn import MaxPool3d as MP\npool = MaxBlurPool3d(2)\n',
    title: 'Replace by MaxBlurPool3d (Tri-3)',
  },
  {
    name: 'a pool whose stride is only known when the program runs',
    before: `${head}\n\ndef pool(stride):\n    return nn.MaxPool2d(3, stride, padding=1)\n`,
    after: `${imports('MaxBlurPool2d')}\n\ndef pool(stride):\n    return MaxBlurPool2d(3, stride, padding=1)\n`,
    title: 'Replace by MaxBlurPool2d (Tri-3)',
  },
];

const convolutions: readonly FixCase[] = [
  {
    name: 'the blur follows the activation of an attribute',
    before:
      head +
      module(
        'self.conv1 = nn.Conv2d(64, planes, 3, stride=2, padding=1)\nself.bn1 = nn.BatchNorm2d(planes)\nself.relu = nn.ReLU(inplace=True)',
        'return self.relu(self.bn1(self.conv1(x)))',
      ),
    after:
      imports('BlurPool2d') +
      module(
        'self.conv1 = nn.Conv2d(64, planes, 3, padding=1)\nself.conv1_blur = BlurPool2d(stride=2)\nself.bn1 = nn.BatchNorm2d(planes)\nself.relu = nn.ReLU(inplace=True)',
        'return self.conv1_blur(self.relu(self.bn1(self.conv1(x))))',
      ),
    title: 'Blur after self.relu: BlurPool2d (Tri-3), stride 2',
  },
  {
    name: 'the stride expression moves along, and the comment of the line stays',
    before:
      head +
      module('self.conv1 = nn.Conv2d(64, planes, 3, stride, 1, bias=False)  # downsamples', 'x = self.conv1(x)\nx = F.relu(x)\nreturn x'),
    after:
      imports('BlurPool2d') +
      module(
        'self.conv1 = nn.Conv2d(64, planes, 3, 1, 1, bias=False)  # downsamples\nself.conv1_blur = BlurPool2d(stride=stride)',
        'x = self.conv1(x)\nx = self.conv1_blur(F.relu(x))\nreturn x',
      ),
    title: 'Blur after F.relu: BlurPool2d (Tri-3), stride 2',
  },
  {
    name: 'a sequence inside an attribute whose activation is applied outside',
    before:
      head +
      module('self.stage = nn.Sequential(nn.Conv2d(64, planes, 3, stride=2), nn.BatchNorm2d(planes))', 'return F.silu(self.stage(x))'),
    after:
      imports('BlurPool2d') +
      module(
        'self.stage = nn.Sequential(nn.Conv2d(64, planes, 3), nn.BatchNorm2d(planes))\nself.stage_blur = BlurPool2d(stride=2)',
        'return self.stage_blur(F.silu(self.stage(x)))',
      ),
    title: 'Blur after F.silu: BlurPool2d (Tri-3), stride 2',
  },
  {
    name: 'in a sequence the activation and its blur share one index',
    before: `${head}stem = nn.Sequential(\n    nn.Conv2d(\n        3, 64, 3,\n        stride=2,  # halves\n        bias=False,\n    ),\n    nn.BatchNorm2d(64),\n    nn.ReLU(inplace=True),\n)\n`,
    after: `${imports('BlurPool2d')}stem = nn.Sequential(\n    nn.Conv2d(\n        3, 64, 3,  # halves\n        bias=False,\n    ),\n    nn.BatchNorm2d(64),\n    nn.Sequential(nn.ReLU(inplace=True), BlurPool2d(stride=2)),\n)\n`,
    title: 'Blur after nn.ReLU: BlurPool2d (Tri-3), stride 2',
  },
  {
    name: 'layers that a list collects',
    before: `${head}\n\ndef stage(width):\n    layers = []\n    layers.append(nn.Conv2d(width, width, 3, stride=2))\n    layers.append(nn.GELU())\n    return nn.Sequential(*layers)\n`,
    after: `${imports('BlurPool2d')}\n\ndef stage(width):\n    layers = []\n    layers.append(nn.Conv2d(width, width, 3))\n    layers.append(nn.Sequential(nn.GELU(), BlurPool2d(stride=2)))\n    return nn.Sequential(*layers)\n`,
    title: 'Blur after nn.GELU: BlurPool2d (Tri-3), stride 2',
  },
  {
    name: 'a helper is fixed once for all its calls',
    before: `${head}\n\ndef conv3x3(width, stride=1):\n    return nn.Conv2d(width, width, 3, stride=stride, padding=1)\n\n\nbody = nn.Sequential(conv3x3(8), nn.ReLU(), conv3x3(8, stride=2), nn.ReLU())\n`,
    after: `${imports('BlurConv2d')}\n\ndef conv3x3(width, stride=1):\n    return BlurConv2d(width, width, 3, stride=stride, padding=1)\n\n\nbody = nn.Sequential(conv3x3(8), nn.ReLU(), conv3x3(8, stride=2), nn.ReLU())\n`,
    title: 'Replace by BlurConv2d (Tri-3): blurs directly after the convolution',
  },
  {
    name: 'an output that something else reads too',
    before: head + module('self.conv = nn.Conv2d(64, planes, 3, stride=2)', 'x = self.conv(x)\nreturn x + F.relu(x)'),
    after: imports('BlurConv2d') + module('self.conv = BlurConv2d(64, planes, 3, stride=2)', 'x = self.conv(x)\nreturn x + F.relu(x)'),
    title: 'Replace by BlurConv2d (Tri-3): blurs directly after the convolution',
  },
  {
    name: 'an activation that not every way through the program reaches',
    before:
      head +
      module(
        'self.conv = nn.Conv2d(64, planes, 3, stride=2)\nself.plain = plain',
        'x = self.conv(x)\nif not self.plain:\n    x = F.relu(x)\nreturn x',
      ),
    after:
      imports('BlurConv2d') +
      module(
        'self.conv = BlurConv2d(64, planes, 3, stride=2)\nself.plain = plain',
        'x = self.conv(x)\nif not self.plain:\n    x = F.relu(x)\nreturn x',
      ),
    title: 'Replace by BlurConv2d (Tri-3): blurs directly after the convolution',
  },
  {
    name: 'a loop over layers has no place of its own for a blur',
    before:
      head +
      module(
        'self.layers = nn.ModuleList([nn.Conv2d(64, planes, 3, stride=2), nn.ReLU()])',
        'for layer in self.layers:\n    x = layer(x)\nreturn x',
      ),
    after:
      imports('BlurConv2d') +
      module(
        'self.layers = nn.ModuleList([BlurConv2d(64, planes, 3, stride=2), nn.ReLU()])',
        'for layer in self.layers:\n    x = layer(x)\nreturn x',
      ),
    title: 'Replace by BlurConv2d (Tri-3): blurs directly after the convolution',
  },
  {
    name: 'a 1x1 shortcut blurs first',
    before: `${head}shortcut = nn.Sequential(nn.Conv2d(64, 128, kernel_size=1, stride=2, bias=False), nn.BatchNorm2d(128))\n`,
    after: `${imports('BlurConv2d')}shortcut = nn.Sequential(BlurConv2d(64, 128, kernel_size=1, stride=2, bias=False), nn.BatchNorm2d(128))\n`,
    title: 'Replace by BlurConv2d (Tri-3): blurs before the 1x1 convolution',
  },
  {
    name: 'a functional convolution and its activation',
    before: `${head}\n\ndef forward(x, w, b, step: int = 2):\n    return F.relu(F.conv2d(x, w, b, step, 1))\n`,
    after: `${imports('blur_pool2d')}\n\ndef forward(x, w, b, step: int = 2):\n    return blur_pool2d(F.relu(F.conv2d(x, w, b, 1, 1)), stride=step)\n`,
    title: 'Blur after F.relu: blur_pool2d (Tri-3), stride 2',
  },
  {
    name: 'a functional convolution alone',
    before: `${head}\n\ndef forward(x, w):\n    return F.conv1d(x, w, stride=2, padding=1)\n`,
    after: `${imports('blur_pool1d')}\n\ndef forward(x, w):\n    return blur_pool1d(F.conv1d(x, w, padding=1), stride=2, filter_size=2)\n`,
    title: 'Blur directly after F.conv1d: blur_pool1d (Rect-2), stride 2 (no activation found behind it)',
    context: { filter: blurFilter('rect-2') },
  },
  {
    name: 'a lazy convolution has no drop-in, so the blur stands beside it',
    before: head + module('self.conv = nn.LazyConv2d(planes, 3, stride=2)', 'return self.conv(x).mean()'),
    after:
      imports('BlurPool2d') +
      module('self.conv = nn.LazyConv2d(planes, 3)\nself.conv_blur = BlurPool2d(stride=2)', 'return self.conv_blur(self.conv(x)).mean()'),
    title: 'Blur directly after LazyConv2d: BlurPool2d (Tri-3), stride 2 (no activation found behind it)',
  },
  {
    name: 'a class that runs whatever modules it has takes no further one',
    before:
      head +
      module(
        'self.conv = nn.Conv2d(64, planes, 3, stride=2)',
        'for child in self.children():\n    x = child(x)\nreturn F.relu(self.conv(x))',
      ),
    after:
      imports('BlurConv2d') +
      module(
        'self.conv = BlurConv2d(64, planes, 3, stride=2)',
        'for child in self.children():\n    x = child(x)\nreturn F.relu(self.conv(x))',
      ),
    title: 'Replace by BlurConv2d (Tri-3): blurs directly after the convolution',
  },
  {
    name: 'a name that the class has already is not taken twice',
    before: head + module('self.conv = nn.Conv2d(64, planes, 3, stride=2)\nself.conv_blur = None', 'return F.relu(self.conv(x))'),
    after:
      imports('BlurPool2d') +
      module(
        'self.conv = nn.Conv2d(64, planes, 3)\nself.conv_blur2 = BlurPool2d(stride=2)\nself.conv_blur = None',
        'return self.conv_blur2(F.relu(self.conv(x)))',
      ),
    title: 'Blur after F.relu: BlurPool2d (Tri-3), stride 2',
  },
];

describe('pools of PyTorch', () => {
  it.each(pools)('$name', expectFix);
});

describe('convolutions of PyTorch', () => {
  it.each(convolutions)('$name', expectFix);
});
