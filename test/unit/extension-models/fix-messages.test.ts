import { describe, expect, it } from 'vitest';
import type { PatchOutcome } from '../../../src/core/formats/format';
import type { BlurPadding, BlurPlan } from '../../../src/core/rewrite/plan';
import { changedText, doneText, editLabel, leftReasons, leftText, sizeSuffix } from '../../../src/extension/models/fix-messages';

const done = (layer: string): PatchOutcome => ({ ok: true, layer: `node_${layer}`, label: layer, description: 'Tri-3' });
const left = (layer: string): PatchOutcome => ({
  ok: false,
  layer: `node_${layer}`,
  label: layer,
  reason: `"${layer}" has weights that several layers share, so Shiftlint does not change them.`,
  nodes: [layer],
});

describe('what the editor says of a fix', () => {
  it('fits the status bar, whatever the layers are called', () => {
    const outcomes = Array.from({ length: 120 }, (_, index) => done(`stage/${index}/a_rather_long_name_of_a_layer`));
    expect(changedText(outcomes)).toBe('Shiftlint changed 120 of 120 layers');
    expect(leftText(outcomes)).toBe('');
  });

  it('gives the one reason there is, and counts layers where there are several', () => {
    expect(leftText([done('a'), left('b')])).toBe('"b" has weights that several layers share, so Shiftlint does not change them.');
    const outcomes = [done('a'), ...Array.from({ length: 40 }, (_, index) => left(`${index}`))];
    expect(leftText(outcomes)).toBe('40 layers were left as they are.');
    expect(leftReasons(outcomes)).toHaveLength(40);
  });

  it('says for which image size a fix is, where it is not for all', () => {
    expect(sizeSuffix(null)).toBe('');
    expect(sizeSuffix([224, 320])).toBe(' for images of 224 x 320 pixels');
    expect(sizeSuffix([1, 1024])).toBe(' for signals of 1024 samples');
  });

  it('names the layer in the Edit menu, or how many', () => {
    expect(editLabel([done('a'), left('b')])).toBe('Insert BlurPool at a');
    expect(editLabel([done('a'), done('b')])).toBe('Insert BlurPool at 2 layers');
  });

  it('tells what a fix has done: blurs, layers, price, and what was left and why', () => {
    const plan = (layer: string, filter: string, border: BlurPadding) =>
      ({ layer: `node_${layer}`, filter: { label: filter }, blur: { border } }) as BlurPlan;
    const price = { multiplyAdds: 1, multiplyAddShare: 0.031, activationValues: 1, activationShare: 0.12 };
    const plans = [plan('a', 'Tri-3', 'reflect'), plan('b', 'Bin-5', 'zero')];
    expect(doneText({ plans, outcomes: [done('a'), left('b')], price }, { judgedSize: null })).toBe(
      'Tri-3 (reflected border) inserted at "a", +3.1 % multiply-adds, +12 % activation memory. Left as they are: 1. "b" has weights that several layers share, so Shiftlint does not change them. Nothing is saved by itself.',
    );
    expect(doneText({ plans, outcomes: [done('a'), done('b')], price: null }, { judgedSize: [16, 24] })).toBe(
      'Tri-3, Bin-5 (reflected border, zeros as border) inserted at 2 of 2 layers for images of 16 x 24 pixels. Nothing is saved by itself.',
    );
  });
});
