import { describe, expect, it } from 'vitest';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { choicesFrom, defaultChoices } from '../../../src/extension/panel/inputs/choices';
import { withChosenBlur } from '../../../src/extension/panel/inputs/chosen-blur';
import type { Settings } from '../../../src/extension/settings/settings';
import { fixOfLayers, fixOfVariant } from '../../../webview/tabs/compare/wanted-fix';

describe('the blur that is chosen for a model', () => {
  const settings = { filter: blurFilter('tri-3'), plan: { padding: 'zero', splitStride: true }, enable: true } as unknown as Settings;

  it('goes before the settings, and leaves the rest of them', () => {
    expect(withChosenBlur(settings, defaultChoices)).toEqual(settings);
    expect(withChosenBlur(settings, { fixFilter: 'bin-5', fixBorder: 'reflect' })).toEqual({
      ...settings,
      filter: blurFilter('bin-5'),
      plan: { padding: 'reflect', splitStride: true },
    });
  });

  it.each([
    [{ fixFilter: 'bin-5', fixBorder: 'zero' }, 'bin-5', 'zero'],
    [{ fixFilter: null }, null, 'replicate'],
    [{ fixFilter: 'box', fixBorder: 'wrap' }, 'tri-3', 'replicate'],
    [{}, 'tri-3', 'replicate'],
  ])('is taken out of %j as far as it makes sense', (sent, filter, border) => {
    const before = { ...defaultChoices, fixFilter: 'tri-3', fixBorder: 'replicate' } as const;
    expect(choicesFrom(sent, before)).toMatchObject({ fixFilter: filter, fixBorder: border });
  });
});

describe('what is applied of a result', () => {
  const names = (layer: string) => ({ layer, label: layer, node: layer, tensor: layer });

  it('is the very copy that was compared: its layers, its filter, its border', () => {
    expect(fixOfVariant({ filter: 'bin-5', fixed: [names('a'), names('b')] }, 'zero')).toEqual({
      layers: ['a', 'b'],
      blur: { filter: 'bin-5', border: 'zero' },
    });
    expect(fixOfVariant({ filter: 'none', fixed: [] }, 'zero')).toBeNull();
  });

  it('is just the layers that are ticked, with the filter of the ranking', () => {
    expect(fixOfLayers([names('b')], { filter: 'tri-3' }, 'reflect')).toEqual({
      layers: ['b'],
      blur: { filter: 'tri-3', border: 'reflect' },
    });
    expect(fixOfLayers([], { filter: 'tri-3' }, 'reflect')).toBeNull();
  });
});
