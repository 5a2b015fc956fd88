import { describe, expect, it } from 'vitest';
import { drawable, readExplainedLayer, textbookLayer } from '../../../src/core/explain/explained-layer';
import { explainedFinding } from '../../../src/core/explain/found-layer';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { rules } from '../../../src/core/rules/registry';

describe('the layer of a finding', () => {
  it('is that along the axis with the largest stride', () => {
    const found = { rule: 'strided-conv', label: 'conv1', kernel: [3, 7], stride: [1, 4], filter: blurFilter('bin-5') } as const;
    expect(explainedFinding(found)).toEqual({
      rule: 'strided-conv',
      label: 'conv1',
      step: 'convolution',
      kernel: 7,
      stride: 4,
      filter: 'bin-5',
    });
  });

  it('is as far as possible that of the textbook where little is known', () => {
    const found = { rule: 'dynamic-stride', label: 'f', kernel: [], stride: [null], filter: undefined } as const;
    expect(explainedFinding(found)).toEqual({ ...textbookLayer, rule: 'dynamic-stride', label: 'f' });
  });

  it('has the widest filter that is offered in the place of one that is not', () => {
    const found = { rule: 'strided-max-pool', label: 'p', kernel: [8], stride: [8], filter: { name: 'bin-9' } } as const;
    expect(explainedFinding(found).filter).toBe('bin-7');
  });

  it.each(Object.values(rules))('can be drawn for $id', ({ id }) => {
    const explained = explainedFinding({ rule: id, label: '', kernel: [16, 16], stride: [16, 16], filter: blurFilter('tri-3') });
    expect(readExplainedLayer(JSON.parse(JSON.stringify(explained)))).toEqual(explained);
    expect(drawable(explained)).toMatchObject({ stride: 8 });
  });
});

describe('what a link says of a layer', () => {
  it.each([
    null,
    'conv',
    {},
    { ...textbookLayer, step: 'toString' },
    { ...textbookLayer, kernel: 0 },
    { ...textbookLayer, stride: 1.5 },
    { ...textbookLayer, filter: 'box-3' },
    { ...textbookLayer, label: 3 },
  ])('is left aside where it is %j', (value) => {
    expect(readExplainedLayer(value)).toBeUndefined();
  });
});
