import { describe, expect, it } from 'vitest';
import { equivarianceAt, referenceMap } from '../../../src/core/equivariance/measure/closed-form';
import type { FeatureMaps } from '../../../src/core/equivariance/measure/feature-maps';
import type { AxisPair } from '../../../src/core/graph/model-graph';
import { comparedChannel } from '../../../webview/heatmap/features/compared-channel';
import { randomNumbers } from '../equivariance/brute-force';

function featureMaps(imageSize: AxisPair, size: AxisPair, channels: number, shift: AxisPair): FeatureMaps {
  const spatialStride = [imageSize[0] / size[0], imageSize[1] / size[1]] as const;
  const layer = {
    layer: 'pool',
    label: 'pool',
    node: 'pool',
    name: 'pool',
    op: 'MaxPool',
    tensor: 'pool',
    channels,
    size,
    spatialStride,
    period: imageSize,
    before: [],
    step: [1, 1],
  } as const;
  const length = channels * size[0] * size[1];
  const [original, shifted] = [randomNumbers(length, 3), randomNumbers(length, 4).map(Math.abs)];
  const equivariance = equivarianceAt(
    referenceMap(original, { layout: 'channels-first', channels, size }, 'flat'),
    shifted,
    shift,
    spatialStride,
  );
  return { layer, index: 0, metric: 'flat', imageSize, shift, equivariance, channels: { first: 0, count: channels }, original, shifted };
}

describe('the pictures of feature maps', () => {
  it.each<{ name: string; image: AxisPair; map: AxisPair; shift: AxisPair }>([
    { name: 'coarser than the image', image: [8, 12], map: [4, 3], shift: [3, 9] },
    { name: 'of a single row', image: [1, 8], map: [1, 4], shift: [0, 5] },
    { name: 'as fine as the image', image: [5, 6], map: [5, 6], shift: [4, 1] },
    { name: 'finer than the image', image: [4, 4], map: [8, 6], shift: [3, 2] },
  ])('have the cosine that is shown with them, for maps $name', ({ image, map, shift }) => {
    const maps = featureMaps(image, map, 3, shift);
    let [product, squareA, squareB] = [0, 0, 0];
    for (const channel of [0, 1, 2]) {
      const { size, moved, shifted, difference } = comparedChannel(maps, channel);
      expect(size).toEqual([Math.max(image[0], map[0]), Math.max(image[1], map[1])]);
      expect(shifted).toHaveLength(size[0] * size[1]);
      for (const [pixel, value] of moved.entries()) {
        product += value * shifted[pixel]!;
        squareA += value * value;
        squareB += shifted[pixel]! ** 2;
        expect(difference[pixel]).toBeCloseTo(Math.abs(value - shifted[pixel]!), 6);
      }
    }
    expect(product / Math.sqrt(squareA * squareB)).toBeCloseTo(maps.equivariance!, 6);
  });
});
