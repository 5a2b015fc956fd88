import { describe, expect, it } from 'vitest';
import { axisTicks } from '../../../webview/charts/axis-ticks';
import { displayScale } from '../../../webview/heatmap/display-scale';
import { readingAt, shiftAfterKey, shiftAt, shiftOf, worstShift, type MeasuredHeatmap } from '../../../webview/heatmap/reading';
import { heatmap } from './pool-heatmap';

describe('shift under a point of the map', () => {
  it.each([
    { at: [0, 0], shift: { dy: 0, dx: 0 } },
    { at: [0.5, 0.5], shift: { dy: 6, dx: 4 } },
    { at: [0.249, 0.374], shift: { dy: 2, dx: 2 } },
    { at: [1, 1], shift: { dy: 11, dx: 7 } },
    { at: [-0.1, 1.2], shift: { dy: 0, dx: 7 } },
  ] as const)('$at is $shift', ({ at, shift }) => {
    expect(shiftAt(at[0], at[1], [12, 8])).toEqual(shift);
  });
});

describe('value at a shift', () => {
  it.each([
    [0, 0, 1],
    [0, 2, 0.8],
    [1, 0, 0.7],
    [2, 3, 1],
    [11, 8, 0.5],
  ])('dy %i, dx %i is %d, row by row, repeating with the period', (dy, dx, value) => {
    expect(readingAt(heatmap, { dy, dx })).toEqual({ dy, dx, value });
  });

  it('of a map of some shifts is that of the shift before it that was run', () => {
    const sparse: MeasuredHeatmap = { ...heatmap, period: [9, 8], step: [5, 5], tile: [1, 0.9, 0.8, 0.7] };
    expect(readingAt(sparse, { dy: 4, dx: 7 })).toEqual({ dy: 0, dx: 5, value: 0.9 });
    expect(readingAt(sparse, { dy: 8, dx: 3 })).toEqual({ dy: 5, dx: 0, value: 0.8 });
    expect(worstShift(sparse)).toEqual({ dy: 5, dx: 5 });
    expect(shiftAfterKey('ArrowRight', false, { dy: 0, dx: 0 }, sparse, [9, 8])).toEqual({ dy: 0, dx: 5 });
  });

  it('is at the shift that its place on the map stands for', () => {
    expect(shiftOf({ dy: 5, dx: 10 }, { protocol: 'deployed', size: [15, 15], origin: [-5, -5], diagonal: false })).toEqual({
      dy: 0,
      dx: 5,
    });
    expect(shiftOf({ dy: 0, dx: 10 }, { protocol: 'deployed', size: [5, 15], origin: [-5, -5], diagonal: true })).toEqual({ dy: 5, dx: 5 });
  });

  it('is worst at the smallest shift with the lowest value', () => {
    expect(worstShift(heatmap)).toEqual({ dy: 1, dx: 2 });
    expect(worstShift({ ...heatmap, tile: [1, 0.4, 1, 1, 0.4, 1] })).toEqual({ dy: 0, dx: 1 });
  });
});

describe('crosshair', () => {
  it.each([
    ['ArrowRight', false, { dy: 4, dx: 0 }],
    ['ArrowLeft', false, { dy: 4, dx: 6 }],
    ['ArrowUp', false, { dy: 3, dx: 7 }],
    ['ArrowDown', true, { dy: 2, dx: 7 }],
    ['Home', false, { dy: 0, dx: 0 }],
    ['End', false, { dy: 1, dx: 2 }],
    ['Tab', false, undefined],
  ])('goes round the edges: %s (fast: %s)', (key, fast, to) => {
    expect(shiftAfterKey(key, fast, { dy: 4, dx: 7 }, heatmap, [12, 8])).toEqual(to);
  });
});

describe('drawn size', () => {
  it.each([
    ['a small image by a whole factor', [28, 28], { height: 196, width: 196, whole: true }],
    ['a wide image by its longer side', [32, 64], { height: 96, width: 192, whole: true }],
    ['an image about as large pixel by pixel', [224, 224], { height: 224, width: 224, whole: true }],
    ['a larger image shrunk', [576, 1152], { height: 144, width: 288, whole: false }],
  ] as const)('%s', (_, imageSize, size) => {
    expect(displayScale(imageSize, 200, 288)).toEqual(size);
  });
});

describe('axis ticks', () => {
  it.each([
    [5, [0, 1, 2, 3, 4]],
    [32, [0, 4, 8, 12, 16, 20, 24, 28]],
    [28, [0, 4, 8, 12, 16, 20, 24]],
    [224, [0, 32, 64, 96, 128, 160, 192]],
  ])('%i pixels', (length, ticks) => {
    expect(axisTicks(length)).toEqual(ticks);
  });
});
