import { describe, expect, it } from 'vitest';
import { defaultChoices } from '../../../src/extension/panel/inputs/choices';
import type { InputsView } from '../../../src/panel-protocol/inputs';
import { judgedSizeText } from '../../../webview/tabs/layers/judged-size-text';

type Size = readonly [number, number] | null;

function said(judgedSize: Size, chosen: Size, projectSize: Size, declaredSize: readonly [number | null, number | null] = [null, null]) {
  const inputs: InputsView = {
    imageName: null,
    folderName: null,
    choices: { ...defaultChoices, size: chosen },
    blur: { filter: 'tri-3', border: 'reflect' },
    projectSize,
    facts: { layout: 'channels, height, width', channels: 1, declaredSize, guess: { name: 'unit', reason: '' } },
  };
  return judgedSizeText({ judgedSize }, inputs);
}

describe('what the Layers tab says of the image size', () => {
  it('says nothing of a model that has one', () => {
    expect(said(null, null, null, [8, 8])).toBeNull();
    expect(judgedSizeText({ judgedSize: null }, null)).toBeNull();
  });

  it('says that findings are for all sizes until one is chosen, and leads back to them', () => {
    expect(said(null, null, null)).toEqual({ statement: 'Findings and fixes are for all image sizes.', wayBack: null });
    expect(said([16, 24], [16, 24], null)).toEqual({
      statement: 'Findings and fixes are for images of 16 x 24 pixels.',
      wayBack: 'All sizes',
    });
  });

  it('says what it was judged for as long as another choice is not judged yet', () => {
    expect(said([16, 24], [32, 32], null)?.statement).toContain('16 x 24');
  });

  it('says where the project chooses, and leads back to that', () => {
    expect(said([16, 24], null, [16, 24])).toEqual({
      statement: 'Findings and fixes are for images of 16 x 24 pixels, as shiftlint.json says.',
      wayBack: null,
    });
    expect(said([32, 32], [32, 32], [16, 24])?.wayBack).toBe('As shiftlint.json says (16 x 24)');
  });
});
