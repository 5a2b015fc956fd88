import { afterAll, describe, expect, it } from 'vitest';
import type { CodeSession, WantedFixes } from '../../../../src/code/session';
import { applyEdits, offsetAfter, offsetBefore } from '../../../../src/core/formats/text-edits';
import { codeSession } from '../code-session';
import { plainContext } from './fixing';

let session: CodeSession | undefined;
afterAll(() => session?.dispose());

async function fixed(source: string, wanted: WantedFixes = {}) {
  session ??= await codeSession();
  await session.open('source', 'python', source);
  const { fix, outcomes } = session.fixTogether('source', {}, plainContext, wanted);
  return {
    text: fix === null ? null : applyEdits(source, fix.edits),
    outcomes: outcomes.map((outcome) => `${outcome.finding.rule}: ${outcome.ok ? outcome.title : outcome.reason}`),
  };
}

const helper = 'import torch.nn as nn\ndef conv(c, s=1):\n  return nn.Conv2d(c, c, 3, s)\n';
const constructor = { rule: 'strided-conv', start: helper.indexOf('nn.Conv2d(') } as const;

describe('fixing all of a document', () => {
  it('says of every finding what becomes of it', async () => {
    const source = 'import torch.nn as nn\na = nn.Conv2d(3, 8, 3, 2)\nb = nn.MaxPool2d(2)\nc = nn.Conv2d(8, 8, 4, 4)\n';
    const { text, outcomes } = await fixed(source);
    expect(outcomes).toEqual([
      expect.stringMatching(/^strided-conv: It runs on the image itself/),
      'strided-max-pool: Replace by MaxBlurPool2d (Tri-3)',
      expect.stringMatching(/^patchify-conv: The convolution cuts the image into patches/),
    ]);
    expect(text).toContain('b = MaxBlurPool2d(2)');
    expect((await fixed(source, { withStems: true })).text).toContain('a = BlurConv2d(3, 8, 3, 2)');
  });

  it('fixes a call that builds a layer whose stride another file gives', async () => {
    expect((await fixed(helper)).outcomes).toEqual([]);
    const { text, outcomes } = await fixed(helper, { constructors: [constructor] });
    expect(outcomes).toEqual([expect.stringMatching(/^strided-conv: Replace by BlurConv2d \(Tri-3\)/)]);
    expect(text).toContain('return BlurConv2d(c, c, 3, s)');
  });

  it('leaves such a call alone where it is silenced there, and fixes it once where it is a finding itself', async () => {
    const silenced = helper.replace('3, s)', '3, s)  # shiftlint: disable=strided-conv');
    expect(await fixed(silenced, { constructors: [constructor] })).toEqual({ text: null, outcomes: [] });
    const { outcomes } = await fixed(`${helper}down = conv(8, 2)\n`, { constructors: [constructor] });
    expect(outcomes).toHaveLength(1);
  });
});

it('places before and after edits are each other’s', () => {
  const edits = [
    { offset: 2, length: 1, text: 'XYZ' },
    { offset: 5, length: 0, text: '--' },
    { offset: 7, length: 2, text: '' },
  ];
  expect(applyEdits('0123456789', edits)).toBe('01XYZ34--569');
  const kept = [0, 1, 3, 4, 5, 6, 9];
  expect(kept.map((offset) => offsetBefore(edits, offsetAfter(edits, offset)))).toEqual(kept);
  expect(Array.from('01XYZ34--569', (_, offset) => offsetBefore(edits, offset))).toEqual([0, 1, 2, 2, 2, 3, 4, 5, 5, 5, 6, 9]);
});
