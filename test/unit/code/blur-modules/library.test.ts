import { describe, expect, it } from 'vitest';
import { importedLibrary, requiredLibrary } from '../../../../src/code/blur-modules/library';

describe('the library of a project', () => {
  it.each([
    ['torch\ntimm>=0.9\n', 'timm'],
    ['kornia==0.7', 'kornia'],
    ['kornia\ntimm', 'timm'],
    ['dependencies = ["torch", "kornia>=0.7"]', 'kornia'],
    ['[tool.poetry.dependencies]\ntimm = "^1.0"', 'timm'],
    ["install_requires=['timm']", 'timm'],
    ['  - pip:\n    - timm==1.0.9', 'timm'],
    ['# timm\ntorch', undefined],
    ['torch # not timm', undefined],
    ['my-timm\ntimm-extras\nkornia_rs', undefined],
    ['antialiased-cnns\nantialiased_cnns', undefined],
    ['', undefined],
  ])('by its requirements: %j', (text, library) => {
    expect(requiredLibrary([text])).toBe(library);
  });

  it('looks at all files before it takes the second choice', () => {
    expect(requiredLibrary(['kornia', 'timm'])).toBe('timm');
    expect(requiredLibrary([])).toBeUndefined();
  });

  it.each([
    ['import timm', 'timm'],
    ['from timm.layers import BlurPool2d', 'timm'],
    ['import kornia as K', 'kornia'],
    ['import timmy', undefined],
    ['# import timm', undefined],
    ['import antialiased_cnns', undefined],
  ])('by its imports: %j', (text, library) => {
    expect(importedLibrary(text)).toBe(library);
  });
});
