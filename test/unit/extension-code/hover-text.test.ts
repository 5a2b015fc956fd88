import { describe, expect, it } from 'vitest';
import type { CodeFinding } from '../../../src/code/finding';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { hoverText, sizeText } from '../../../src/extension/source-code/hover-text';

const finding: CodeFinding = {
  rule: 'strided-conv',
  severity: 'warning',
  message: 'Not repeated: the editor shows it already.',
  range: { start: 0, end: 20 },
  framework: 'torch',
  callee: 'nn.Conv2d',
  stride: [2, 2],
  kernel: [3, 3],
  related: [],
  builtAt: [],
};

const noLinks = { documentation: '', explanation: '' };

describe('hoverText', () => {
  it('says rule, stride, weights and link', () => {
    expect(
      hoverText(finding, blurFilter('tri-3'), null, { documentation: 'command:open', explanation: 'command:explain' }).split('\n'),
    ).toEqual([
      'Convolution that subsamples without a low-pass filter. What the coarser grid cannot hold comes back as false low frequencies, so the output changes when the image moves by one pixel.',
      '',
      '**Stride 2, kernel 3.** A fix inserts Tri-3, [1 2 1] / 4 along both axes:',
      '',
      '```text',
      '1 2 1',
      '2 4 2   / 16',
      '1 2 1',
      '```',
      '',
      '[strided-conv: why, how it is fixed, when to ignore it](command:open) · [Explain it on a signal](command:explain)',
    ]);
  });

  it('shows the weights of the chosen filter', () => {
    const text = hoverText(finding, blurFilter('bin-5'), null, noLinks);
    expect(text).toContain('A fix inserts Bin-5, [1 4 6 4 1] / 16 along both axes:');
    expect(text).toContain(' 6 24 36 24  6   / 256\n');
  });

  it('shows no grid where the blur works along one axis, or along three', () => {
    expect(hoverText({ ...finding, stride: [2], kernel: [3] }, blurFilter('tri-3'), null, noLinks)).not.toContain('```');
    const oneAxis = hoverText({ ...finding, stride: [1, 2] }, blurFilter('tri-3'), null, noLinks);
    expect(oneAxis).toContain('Stride 1×2');
    expect(oneAxis).toContain('along each axis that is strided');
    expect(oneAxis).not.toContain('```');
    expect(hoverText({ ...finding, stride: [2, 2, 2] }, blurFilter('tri-3'), null, noLinks)).toContain('along all three axes.');
  });

  it('says why nothing can be inserted instead of what would be', () => {
    const text = hoverText(finding, blurFilter('tri-3'), 'The result is not used.', noLinks);
    expect(text).toContain('No BlurPool can be inserted here: The result is not used.');
    expect(text).not.toContain('Tri-3');
  });
});

it.each([
  [[2, 2], '2'],
  [[2, 1], '2×1'],
  [[2, null], '2×?'],
  [[null, null], 'unknown'],
  [[], 'unknown'],
])('%j reads %s', (sizes, text) => {
  expect(sizeText(sizes)).toBe(text);
});
