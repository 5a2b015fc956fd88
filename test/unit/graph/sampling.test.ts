import { describe, expect, it } from 'vitest';
import { analyseSampling } from '../../../src/core/graph/sampling';
import { graphOf, operations } from '../graph-builder';

const { convolution, maxPool, relu, add, flatten, globalPool } = operations;

describe('analyseSampling', () => {
  it('multiplies the strides on the way down', () => {
    const samplings = analyseSampling(
      graphOf(
        [
          ['conv', convolution(3, 2)],
          ['relu', relu],
          ['pool', maxPool(3, 2)],
          ['third', convolution(3, 3)],
        ],
        { size: 96 },
      ),
    );
    expect(samplings.get('image')).toEqual({ stride: [1, 1], period: [1, 1] });
    expect(samplings.get('relu')).toEqual({ stride: [2, 2], period: [2, 2] });
    expect(samplings.get('pool')).toEqual({ stride: [4, 4], period: [4, 4] });
    expect(samplings.get('third')).toEqual({ stride: [12, 12], period: [12, 12] });
  });

  it('keeps the coarsest period where an upsampled branch meets a fine one', () => {
    const samplings = analyseSampling(
      graphOf([
        ['down', maxPool(2, 2)],
        [
          'up',
          {
            kind: 'transposed-convolution',
            window: { kernel: [2, 2], stride: [2, 2], dilation: [1, 1], padding: { kind: 'valid' }, ceilMode: false },
          },
        ],
        ['join', add, ['image', 'up']],
      ]),
    );
    expect(samplings.get('join')).toEqual({ stride: [1, 1], period: [2, 2] });
  });

  it.each([
    ['flatten', flatten],
    ['global-pool', globalPool],
  ] as const)('has no positions behind %s', (_, operation) => {
    expect(
      analyseSampling(
        graphOf([
          ['tail', operation],
          ['relu', relu],
        ]),
      ).get('relu'),
    ).toBeUndefined();
  });
});
