import { describe, expect, it } from 'vitest';
import { fixed } from './fixing';

const head = 'import torch.nn.functional as F\n';

/** Where the stride of a call stands, and what is left of the call without it. */
const cases: readonly (readonly [string, string])[] = [
  ['F.conv2d(x, w, stride=2)', 'F.conv2d(x, w)'],
  ['F.conv2d(x, w, stride=2, padding=1)', 'F.conv2d(x, w, padding=1)'],
  ['F.conv2d(input=x, stride=2, weight=w)', 'F.conv2d(input=x, weight=w)'],
  ['F.conv2d(stride=2, input=x, weight=w)', 'F.conv2d(input=x, weight=w)'],
  ['F.conv2d(x, w, None, 2, 1)', 'F.conv2d(x, w, None, 1, 1)'],
  ['F.conv2d(\n    x,\n    w,\n    stride=2,\n)', 'F.conv2d(\n    x,\n    w,\n)'],
  [
    'F.conv2d(\n    x, w,\n    # halves\n    stride=2,\n    # keeps the size\n    padding=1,\n)',
    'F.conv2d(\n    x, w,\n    # halves\n    # keeps the size\n    padding=1,\n)',
  ],
  ['F.conv2d(\n    x, w,  # maps\n    stride=2,  # halves\n)', 'F.conv2d(\n    x, w,  # maps\n    # halves\n)'],
  ['F.conv2d(x, w, stride=(2, 2),)', 'F.conv2d(x, w,)'],
];

describe('a stride leaves its call', () => {
  it.each(cases)('%s', async (before, after) => {
    const { text } = await fixed(`${head}y = ${before}\n`);
    expect(text).toContain(`(${after}, stride=`);
  });
});
