import { describe, expect, it } from 'vitest';
import { placeShifts } from '../../../src/core/equivariance/measure/deployed';
import type { FeatureGeometry } from '../../../src/core/equivariance/measure/feature-geometry';
import { overlapEquivariance } from '../../../src/core/equivariance/measure/overlap';
import type { AxisPair } from '../../../src/core/graph/model-graph';
import { overlapByDefinition, randomNumbers } from './brute-force';

const cases: readonly { readonly image: AxisPair; readonly map: AxisPair }[] = [
  { image: [8, 8], map: [8, 8] },
  { image: [8, 12], map: [4, 3] },
  { image: [9, 7], map: [4, 3] },
  { image: [11, 5], map: [3, 5] },
  { image: [6, 6], map: [9, 12] },
  { image: [10, 10], map: [1, 1] },
];

describe.each(cases)('a map of $map on an image of $image', ({ image, map }) => {
  it.each(['channels-first', 'channels-last'] as const)('agrees with upsampling pixel by pixel, %s', (layout) => {
    const geometry: FeatureGeometry = { layout, channels: 3, size: map };
    const length = 3 * map[0] * map[1];
    const [a, b] = [randomNumbers(length, 1), randomNumbers(length, 2)];
    for (const metric of ['flat', 'channel'] as const) {
      for (const shift of [
        [0, 0],
        [1, 0],
        [-2, 3],
        [4, -1],
        [image[0] - 1, 1 - image[1]],
      ] as const) {
        expect(overlapEquivariance(a, b, { geometry, imageSize: image, shift, metric })).toBeCloseTo(
          overlapByDefinition(a, b, geometry, image, shift, metric),
          6,
        );
      }
    }
  });

  it('is 1 without a shift for one and the same map', () => {
    const map3 = randomNumbers(3 * map[0] * map[1], 3);
    expect(
      overlapEquivariance(map3, map3, {
        geometry: { layout: 'channels-first', channels: 3, size: map },
        imageSize: image,
        shift: [0, 0],
        metric: 'flat',
      }),
    ).toBeCloseTo(1, 12);
  });
});

it('a map of full size that moves with its image keeps 1 where it overlaps', () => {
  const [height, width] = [6, 7];
  const canvas = (y: number, x: number): number => Math.sin(3 * y + 5 * x * x);
  const at = ([down, right]: AxisPair): Float32Array =>
    Float32Array.from({ length: height * width }, (_, place) => canvas(Math.floor(place / width) - down, (place % width) - right));
  for (const shift of [
    [2, -3],
    [-1, 0],
    [5, 6],
  ] as const) {
    expect(
      overlapEquivariance(at([0, 0]), at(shift), {
        geometry: { layout: 'channels-first', channels: 1, size: [height, width] },
        imageSize: [height, width],
        shift,
        metric: 'flat',
      }),
    ).toBeCloseTo(1, 6);
  }
  const geometry = { layout: 'channels-last', channels: 1, size: [height, width] } as const;
  expect(
    overlapEquivariance(at([0, 0]), at([2, -3]), { geometry, imageSize: [height, width], shift: [2, 1], metric: 'flat' }),
  ).toBeLessThan(0.99);
});

describe('the shifts', () => {
  it('of a grid are row-major around none', () => {
    expect(placeShifts({ pattern: 'grid', largest: [2, 3], step: 2 })).toEqual({
      rows: 3,
      columns: 3,
      shifts: [
        [-2, -2],
        [-2, 0],
        [-2, 2],
        [0, -2],
        [0, 0],
        [0, 2],
        [2, -2],
        [2, 0],
        [2, 2],
      ],
    });
  });

  it('of a diagonal stay within the shorter side', () => {
    expect(placeShifts({ pattern: 'diagonal', largest: [2, 9], step: 1 }).shifts).toEqual([
      [-2, -2],
      [-1, -1],
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  it('are none alone where the step is wider than all', () => {
    expect(placeShifts({ pattern: 'grid', largest: [2, 2], step: 3 }).shifts).toEqual([[0, 0]]);
  });
});
