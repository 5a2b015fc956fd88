import { describe, expect, it } from 'vitest';
import type { ClassMapView, ShiftFrame } from '../../../src/panel-protocol/studies/equivariance';
import { classAt } from '../../../webview/heatmap/class-at';
import { cutAxis, cutPath, cutThrough, cutTicks, lowestOf, type CutPoint } from '../../../webview/heatmap/cut-line';
import { placeOf, shiftOf, type MeasuredHeatmap } from '../../../webview/heatmap/reading';
import { heatmap } from './pool-heatmap';

const frame: ShiftFrame = { protocol: 'circular', size: [4, 6], origin: [0, 0], diagonal: false };
const values = (points: readonly CutPoint[]): readonly number[] => points.map(({ equivariance }) => equivariance);

/** Two classes, of which one has a name, at shifts that repeat every two pixels down. */
const classes: ClassMapView = {
  period: [2, 1],
  step: [1, 1],
  classes: [3, 5],
  shares: [
    { label: 3, share: 0.5, name: 'ring' },
    { label: 5, share: 0.5, name: null },
  ],
  namedBy: 'labels.txt',
  scores: { meaning: 'probability', top: [0.9, 0.6], unshifted: [0.9, 0.3] },
};

describe('a cut through a map', () => {
  it('along a row goes from no shift to the right', () => {
    const points = cutThrough(heatmap, { dy: 3, dx: 2 }, 'row', frame, null);
    expect(values(points)).toEqual([0.7, 0.6, 0.5, 0.7, 0.6, 0.5]);
    expect(points.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(points[4]?.place).toEqual({ dy: 3, dx: 4 });
  });

  it('along a column goes down', () => {
    const points = cutThrough(heatmap, { dy: 3, dx: 2 }, 'column', frame, null);
    expect(values(points)).toEqual([0.8, 0.5, 0.8, 0.5]);
    expect(points[3]).toMatchObject({ place: { dy: 3, dx: 2 }, at: 3 });
  });

  it('along a diagonal goes round the edges, through the place itself', () => {
    const points = cutThrough(heatmap, { dy: 3, dx: 2 }, 'diagonal', frame, null);
    expect(points.map(({ place: { dy, dx } }) => [dy, dx])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(values(points)).toEqual([0.7, 0.9, 0.5, 1, 0.6, 0.8]);
  });

  it('of a map of some shifts has those that were run, from wherever it is asked for', () => {
    const sparse: MeasuredHeatmap = { ...heatmap, period: [9, 8], step: [5, 5], tile: [1, 0.9, 0.8, 0.7] };
    const points = cutThrough(sparse, { dy: 6, dx: 2 }, 'row', { ...frame, size: [9, 8] }, null);
    expect(points.map(({ at, equivariance }) => [at, equivariance])).toEqual([
      [0, 0.8],
      [5, 0.7],
    ]);
  });

  it('as deployed counts from the first shift that was run, and a diagonal ends at the edges', () => {
    const deployed: ShiftFrame = { protocol: 'deployed', size: [6, 6], origin: [-2, -2], diagonal: false };
    const map: MeasuredHeatmap = { ...heatmap, period: [6, 6], step: [2, 2], repeats: false, tile: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
    const points = cutThrough(map, { dy: 4, dx: 2 }, 'diagonal', deployed, null);
    expect(points.map(({ at, equivariance }) => [at, equivariance])).toEqual([
      [-2, 4],
      [0, 8],
    ]);
    expect(shiftOf(placeOf({ dy: 2, dx: 0 }, deployed), deployed)).toEqual({ dy: 2, dx: 0 });
  });

  it('has the score of the unshifted class beside it', () => {
    const points = cutThrough(heatmap, { dy: 0, dx: 0 }, 'column', frame, classes);
    expect(points.map(({ unshifted }) => unshifted)).toEqual([0.9, 0.3, 0.9, 0.3]);
    expect(lowestOf(points)?.place).toEqual({ dy: 1, dx: 0 });
  });
});

describe('the axis of a cut', () => {
  const holding = (...equivariances: readonly number[]): readonly CutPoint[] =>
    equivariances.map((equivariance, at) => ({ place: { dy: 0, dx: at }, at, equivariance, unshifted: null }));

  it.each([
    [
      [1, 0.95],
      [0.9, 0.92, 0.94, 0.96, 0.98, 1],
    ],
    [[0.9], [0.9, 0.92, 0.94, 0.96, 0.98, 1]],
    [[0.89], [0.5, 0.6, 0.7, 0.8, 0.9, 1]],
    [[0.2], [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [[-0.1], [-1, -0.5, 0, 0.5, 1]],
  ])('for %j is marked at %j', (values, ticks) => {
    expect(cutTicks(cutAxis(holding(...values)))).toEqual(ticks);
  });

  it('holds the scores too', () => {
    expect(cutAxis(cutThrough(heatmap, { dy: 0, dx: 0 }, 'row', frame, classes)).low).toBe(0.5);
    expect(cutAxis(cutThrough(heatmap, { dy: 1, dx: 0 }, 'row', frame, classes)).low).toBe(0);
  });

  it('has 1 at the top and its lowest value at the bottom, every point in the middle of its share', () => {
    expect(cutPath([1, 0.5, 0.75], { low: 0.5, step: 0.1 }, [100, 60])).toBe('M10.0 0.0L30.0 100.0L50.0 50.0');
    expect(cutPath([], { low: 0.5, step: 0.1 }, [100, 60])).toBe('');
  });
});

describe('the class at a shift', () => {
  it('has its name, else its number', () => {
    expect(classAt(classes, { dy: 4, dx: 7 })).toEqual({ label: 3, text: 'ring', score: 0.9 });
    expect(classAt(classes, { dy: 5, dx: 0 })).toEqual({ label: 5, text: 'class 5', score: 0.6 });
  });
});
