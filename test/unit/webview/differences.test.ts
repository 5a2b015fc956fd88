import { describe, expect, it } from 'vitest';
import { differenceColours, toRgb } from '../../../src/core/report/colour-map';
import type { HeatmapView } from '../../../src/panel-protocol/studies/equivariance';
import { readingAt } from '../../../webview/heatmap/reading';
import { differenceLimit, differences, formerMeans, placedOnScale } from '../../../webview/tabs/equivariance/differences/difference';

/** A map of one period, whose tile is given row by row. */
function map(name: string, tile: readonly (readonly number[])[], options: Partial<HeatmapView> = {}): HeatmapView {
  const period = [tile.length, tile[0]?.length ?? 0] as const;
  const values = tile.flat();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    ...{ index: 0, name, layer: name, label: name, node: name, tensor: name, op: 'Relu', channels: 1, size: [4, 4], before: [] },
    ...{ spatialStride: period, period, step: [1, 1], repeats: true, tile: values, mean, min: Math.min(...values) },
    ...options,
  };
}

const size = [8, 8] as const;
const stride2 = map('relu1', [
  [1, 0.5],
  [0.5, 0.25],
]);

describe('what a fix has changed', () => {
  it('is after minus before, shift by shift, of layers of one name', () => {
    const after = map('relu1', [
      [1, 0.75],
      [0.25, 0.25],
    ]);
    const [difference] = differences([stride2, map('gone', [[1]])], [map('new', [[1]]), after], size);
    expect(difference?.map).toMatchObject({ tile: [0, 0.25, -0.25, 0], min: -0.25, max: 0.25, mean: 0, period: [2, 2] });
  });

  it('is that of the blur where the copy keeps the name for the map before it', () => {
    const dense = map('relu1', [[1]], { size: [8, 8], spatialStride: [1, 1] });
    const pad = map('relu1_pad', [[1]], { size: [10, 10], spatialStride: [0.8, 0.8], before: ['relu1'] });
    const blur = map(
      'relu1_blur',
      [
        [1, 0.9],
        [0.9, 0.8],
      ],
      { before: ['relu1_pad'], index: 2 },
    );
    const present = [dense, pad, blur];
    expect(differences([stride2], present, size).map(({ after }) => after.name)).toEqual(['relu1_blur']);
    expect(formerMeans([stride2], present)).toEqual([null, null, stride2.mean]);
  });

  it('repeats together where the two repeat after different shifts, and only within the image where they never meet', () => {
    const three = map('relu1', [[1, 0.5, 0.25]]);
    const two = map('relu1', [[0, 1]]);
    const [joint] = differences([two], [three], size);
    expect(joint?.map.period).toEqual([1, 6]);
    expect(joint?.map.tile).toEqual([1, -0.5, 0.25, 0, 0.5, -0.75]);
    for (let dx = 0; dx < 8; dx++) {
      const at = { dy: 3, dx };
      const value = (one: HeatmapView): number => readingAt(one as never, at).value;
      expect(joint === undefined ? NaN : readingAt(joint.map, at).value).toBeCloseTo(value(three) - value(two), 12);
    }
    expect(differences([two], [three], [1, 4])[0]?.map.tile).toEqual([1, -0.5, 0.25, 0]);
  });

  it('is nothing as long as a map is still to come', () => {
    expect(differences([stride2], [{ ...stride2, tile: null, mean: null, min: null }], size)).toEqual([]);
  });

  it('has a scale with zero in its middle, which holds all of it', () => {
    const [difference] = differences(
      [stride2],
      [
        map('relu1', [
          [0.5, 0.62],
          [0.5, 0.25],
        ]),
      ],
      size,
    );
    if (difference === undefined) throw new Error('There is no difference.');
    expect(differenceLimit([difference.map])).toBe(0.5);
    expect(placedOnScale(difference.map, 0.5).tile.map((place) => Number(place.toFixed(3)))).toEqual([0, 0.62, 0.5, 0.5]);
    expect(toRgb(differenceColours, 0.5)).toEqual([247, 247, 247]);
    expect(differenceLimit([])).toBe(0.01);
  });
});
