import { describe, expect, it, vi } from 'vitest';
import { latest } from '../../../webview/app/latest';
import { afterTab } from '../../../webview/heatmap/enlarged/dialog-focus';
import { featurePlaceAfterKey, featureScales, featureText } from '../../../webview/heatmap/features/feature-reading';
import { rolledCorners } from '../../../webview/heatmap/enlarged/rolled-corners';

/** Draws a picture of numbers as the page draws one of pixels. */
function rolled(
  picture: readonly (readonly string[])[],
  shift: { dy: number; dx: number },
  imageSize: readonly [number, number],
): string[] {
  const [height, width] = [picture.length, picture[0]!.length];
  const drawn = picture.map((row) => row.map(() => '?'));
  for (const [top, left] of rolledCorners(shift, imageSize, [height, width])) {
    for (let y = Math.max(0, top); y < Math.min(height, top + height); y++)
      for (let x = Math.max(0, left); x < Math.min(width, left + width); x++) drawn[y]![x] = picture[y - top]![x - left]!;
  }
  return drawn.map((row) => row.join(''));
}

describe('the picture of a shifted image', () => {
  const picture = [
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
  ] as const;

  it.each([
    [{ dy: 0, dx: 0 }, ['abc', 'def']],
    [{ dy: 0, dx: 1 }, ['cab', 'fde']],
    [{ dy: 1, dx: 0 }, ['def', 'abc']],
    [{ dy: -1, dx: -1 }, ['efd', 'bca']],
    [{ dy: 2, dx: 7 }, ['cab', 'fde']],
  ])('is rolled by %j', (shift, expected) => {
    expect(rolled(picture, shift, [2, 3])).toEqual(expected);
  });

  it('moves a smaller picture by as much of it', () => {
    expect(rolled(picture, { dy: 8, dx: 0 }, [16, 24])).toEqual(['def', 'abc']);
    expect(rolledCorners({ dy: 0, dx: 0 }, [16, 24], [2, 3])).toEqual([[0, 0]]);
  });
});

describe('values of feature maps', () => {
  const compared = {
    size: [2, 2],
    moved: Float32Array.of(1, -2, 3, 4),
    shifted: Float32Array.of(1.5, 123456, 3, 4),
    difference: Float32Array.of(0.5, 123458, 0, 0),
  } as const;

  it('are those of all three pictures at one place', () => {
    expect(featureText({ channel: 7, y: 0, x: 1 }, compared)).toBe(
      'Channel 7, y 0, x 1: F(X) shifted -2, F(X shifted) 123500, difference 123500',
    );
    expect(featureScales(compared)).toEqual({ maps: { low: -2, high: 123456 }, difference: { low: 0, high: 123458 } });
  });

  it.each([
    ['ArrowRight', false, { channel: 2, y: 0, x: 4 }],
    ['ArrowDown', false, { channel: 2, y: 2, x: 0 }],
    ['ArrowLeft', false, { channel: 2, y: 0, x: 0 }],
    ['ArrowRight', true, { channel: 2, y: 0, x: 7 }],
    ['PageDown', false, { channel: 3, y: 0, x: 0 }],
    ['PageUp', false, { channel: 2, y: 0, x: 0 }],
    ['Tab', false, undefined],
  ])('are reached by %s (fast: %s), sample by sample, and never left', (key, fast, to) => {
    expect(featurePlaceAfterKey(key, fast, { channel: 2, y: 0, x: 0 }, { first: 2, end: 4 }, [8, 8], [2, 4])).toEqual(to);
  });
});

describe('Tab in a dialog', () => {
  it.each([
    ['from the last stop goes to the first', 4, false, 0],
    ['back from the first goes to the last', 0, true, 4],
    ['from outside goes to the first', -1, false, 0],
    ['back from outside goes to the last', -1, true, 4],
    ['elsewhere is left to the browser', 2, false, undefined],
    ['back elsewhere is, too', 2, true, undefined],
  ])('%s', (_, from, backwards, to) => {
    expect(afterTab(from, 5, backwards)).toBe(to);
    expect(afterTab(from, 0, backwards)).toBeUndefined();
  });
});

describe('the latest result', () => {
  it('is worked out again only for other arguments', () => {
    const work = vi.fn((maps: readonly number[], word: string) => [...maps, word]);
    const kept = latest(work);
    const maps = [1];
    expect(kept(maps, 'a')).toEqual([1, 'a']);
    expect(kept(maps, 'a')).toBe(kept(maps, 'a'));
    expect(work).toHaveBeenCalledTimes(1);
    expect(kept(maps, 'b')).toEqual([1, 'b']);
    expect(kept([1], 'b')).toEqual([1, 'b']);
    expect(work).toHaveBeenCalledTimes(3);
  });
});
