import { describe, expect, it } from 'vitest';
import { expectFix, offerFor, type FixCase } from './fixing';
import { blurFilter } from '../../../../src/core/rewrite/filters';

const head = 'import torch.nn as nn\n';

const cases: readonly FixCase[] = [
  {
    name: 'timm behind a max-pool of stride 1',
    before: `${head}pool = nn.MaxPool2d(3, stride=2, padding=1)\n`,
    after: `${head}from timm.layers import BlurPool2d\npool = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), BlurPool2d(stride=2))\n`,
    title: 'Blur after nn.MaxPool2d: BlurPool2d of timm (Tri-3), stride 2',
    context: { library: 'timm' },
  },
  {
    name: 'a pool that strides by its kernel',
    before: `${head}pool = nn.MaxPool2d(2)\n`,
    after: `${head}from timm.layers import BlurPool2d\npool = nn.Sequential(nn.MaxPool2d(2, stride=1), BlurPool2d(stride=2, filt_size=5))\n`,
    title: 'Blur after nn.MaxPool2d: BlurPool2d of timm (Bin-5), stride 2',
    context: { library: 'timm', filter: blurFilter('bin-5') },
  },
  {
    name: 'timm pads a stride of 3 by too much, so our module stays',
    before: `${head}pool = nn.MaxPool2d(3)\n`,
    after: `${head}from blurpool_torch import MaxBlurPool2d\npool = MaxBlurPool2d(3)\n`,
    title: 'Replace by MaxBlurPool2d (Tri-3)',
    context: { library: 'timm' },
  },
  {
    name: 'a pool that rounds up has no counterpart there',
    before: `${head}pool = nn.MaxPool2d(3, 2, ceil_mode=True)\n`,
    after: `${head}from blurpool_torch import MaxBlurPool2d\npool = MaxBlurPool2d(3, 2, ceil_mode=True)\n`,
    title: 'Replace by MaxBlurPool2d (Tri-3)',
    context: { library: 'timm' },
  },
  {
    name: 'timm is told the channels that a convolution gives',
    before: `${head}stage = nn.Sequential(nn.Conv2d(8, 16, 3, stride=2), nn.ReLU())\n`,
    after: `${head}from timm.layers import BlurPool2d\nstage = nn.Sequential(\n    nn.Conv2d(8, 16, 3), nn.Sequential(nn.ReLU(), BlurPool2d(16, stride=2))\n)\n`,
    title: 'Blur after nn.ReLU: BlurPool2d (Tri-3), stride 2',
    context: { library: 'timm' },
  },
  {
    name: 'a stride that may be 1 makes the blur conditional',
    before: `${head}\n\nclass Net(nn.Module):\n    def __init__(self, stride=1):\n        super().__init__()\n        self.pool = nn.MaxPool2d(3, stride, 1)\n\n\nnet = Net(2)\n`,
    after: `${head}from timm.layers import BlurPool2d\n\n\nclass Net(nn.Module):\n    def __init__(self, stride=1):\n        super().__init__()\n        self.pool = nn.Sequential(\n            nn.MaxPool2d(3, 1, 1),\n            BlurPool2d(stride=stride) if stride > 1 else nn.Identity(),\n        )\n\n\nnet = Net(2)\n`,
    title: 'Blur after nn.MaxPool2d: BlurPool2d of timm (Tri-3), stride 2',
    context: { library: 'timm' },
  },
  {
    name: 'kornia in the way the file imports it',
    before: `import kornia\n${head}pool = nn.MaxPool2d(2)\n`,
    after: `import kornia\n${head}pool = nn.Sequential(nn.MaxPool2d(2, stride=1), kornia.filters.BlurPool2D(3, stride=2))\n`,
    title: 'Blur after nn.MaxPool2d: BlurPool2D of kornia (Tri-3), stride 2 (its kernel joins the state_dict)',
    context: { library: 'kornia' },
  },
  {
    name: 'kornia by name',
    before: `${head}pool = nn.AvgPool2d(2, 2)\n`,
    after: `${head}from kornia.filters import BlurPool2D\npool = nn.Sequential(nn.AvgPool2d(2, 1), BlurPool2D(3, stride=2))\n`,
    title: 'Blur after nn.AvgPool2d: BlurPool2D of kornia (Tri-3), stride 2 (its kernel joins the state_dict)',
    context: { library: 'kornia' },
  },
  {
    name: 'antialiased_cnns with its licence',
    before: `${head}stage = nn.Sequential(nn.Conv2d(8, 16, 3, stride=2), nn.ReLU())\n`,
    after: `${head}from antialiased_cnns import BlurPool\nstage = nn.Sequential(\n    nn.Conv2d(8, 16, 3), nn.Sequential(nn.ReLU(), BlurPool(16, filt_size=3, stride=2))\n)\n`,
    title: 'Blur after nn.ReLU: BlurPool (Tri-3), stride 2 (CC BY-NC-SA 4.0: not for commercial use)',
    context: { library: 'antialiased_cnns' },
  },
];

describe('libraries of the project', () => {
  it.each(cases)('$name', expectFix);

  it('offers our module beside a library that changes the checkpoint or forbids some uses', async () => {
    const { fixes } = await offerFor(`${head}pool = nn.MaxPool2d(2)\n`, 0, 'python', { library: 'kornia' });
    expect(fixes.filter(({ kind }) => kind === 'blur').map(({ title, template }) => [title, template])).toEqual([
      ['Blur after nn.MaxPool2d: BlurPool2D of kornia (Tri-3), stride 2 (its kernel joins the state_dict)', null],
      ['Replace by MaxBlurPool2d (Tri-3)', 'blurpool_torch'],
    ]);
  });

  it('refuses indices of maxima, which a blur does not have', async () => {
    const { fixes, refusal } = await offerFor(`${head}pool = nn.MaxPool2d(2, return_indices=True)\n`, 0, 'python', { library: 'timm' });
    expect(fixes.map(({ kind }) => kind)).toEqual(['disable-line', 'disable-file']);
    expect(refusal).toBe('After a blur there is no index of the maximum, so a pool with return_indices has to stay.');
  });
});
