import { describe, expect, it } from 'vitest';
import { linePath, placeAt, plotWidth, valuesInSight, xOf, yOf, type Geometry } from '../../../webview/charts/geometry';
import { spanAfterWheel, viewAfterKey, type ChartView } from '../../../webview/charts/keys';
import { roundTicks, valueAxis } from '../../../webview/charts/value-axis';
import { between, isWhole, moved, showing, wholeSpan, zoomed } from '../../../webview/charts/zoom';

describe('marks of an axis', () => {
  it.each<readonly [number, number, number, number, readonly number[], number]>([
    [0, 1, 6, 0, [0, 0.2, 0.4, 0.6, 0.8, 1], 1],
    [0.93, 0.951, 5, 0, [0.93, 0.94, 0.95], 2],
    [1, 483, 10, 1, [100, 200, 300, 400], 0],
    [12.3, 16.8, 10, 1, [13, 14, 15, 16], 0],
    [1, 2, 10, 1, [1, 2], 0],
    [-0.3, 0.3, 7, 0, [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3], 1],
  ])('from %d to %d, at most %d of them', (low, high, most, least, values, digits) => {
    const ticks = roundTicks(low, high, most, least);
    expect(ticks.values.map((value) => value + 0)).toEqual(values);
    expect(ticks.digits).toBe(digits);
    expect(values.length).toBeLessThanOrEqual(most);
  });

  it.each<readonly [readonly number[], number, number]>([
    [[0.612, 0.999], 0.6, 1],
    [[0.9951, 0.9999], 0.994, 1],
    [[1, 1, 1], 0.999, 1],
    [[0.5, 0.5], 0.499, 0.501],
    [[], 0, 1],
    [[-0.2, 0.9], -0.5, 1],
  ])('hold the values %j and end at the top', (values, low, high) => {
    const axis = valueAxis(values, 1);
    expect(axis.low).toBeCloseTo(low, 9);
    expect(axis.high).toBeCloseTo(high, 9);
    expect(axis.values.length).toBeGreaterThanOrEqual(2);
    for (const value of [...values, ...axis.values]) {
      expect(value).toBeGreaterThanOrEqual(axis.low - 1e-9);
      expect(value).toBeLessThanOrEqual(axis.high + 1e-9);
    }
  });
});

describe('zoom', () => {
  const count = 101;
  const whole = wholeSpan(count);

  it('keeps the anchor where it is, and stays within the places', () => {
    const half = zoomed(whole, 0.5, 40, count);
    expect(half).toEqual({ first: 20, last: 70 });
    expect((40 - half.first) / 50).toBeCloseTo(0.4);
    expect(zoomed(half, 2, 40, count)).toEqual(whole);
    expect(zoomed({ first: 80, last: 100 }, 2, 100, count)).toEqual({ first: 60, last: 100 });
    expect(zoomed(whole, 1e-9, 0, count)).toEqual({ first: 0, last: 4 });
    expect(isWhole(zoomed(half, 1e9, 40, count), count)).toBe(true);
  });

  it('moves as far as there are places, and as far as one needs to be in sight', () => {
    const span = { first: 20, last: 40 };
    expect(moved(span, -50, count)).toEqual({ first: 0, last: 20 });
    expect(moved(span, 1000, count)).toEqual({ first: 80, last: 100 });
    expect(showing(span, 30, count)).toEqual(span);
    expect(showing(span, 45, count)).toEqual({ first: 25, last: 45 });
    expect(showing(span, 3, count)).toEqual({ first: 3, last: 23 });
  });

  it('takes a range from either end, and never fewer places than a chart needs', () => {
    expect(between(60, 20, count)).toEqual({ first: 20, last: 60 });
    expect(between(50, 51, count)).toEqual({ first: 48.5, last: 52.5 });
    expect(between(0, 0.5, count)).toEqual({ first: 0, last: 4 });
    expect(between(0, 1, 2)).toEqual({ first: 0, last: 1 });
  });
});

describe('keys of a chart', () => {
  const view: ChartView = { span: { first: 20, last: 40 }, cursor: 40 };
  it.each<readonly [string, boolean, ChartView | undefined]>([
    ['ArrowRight', false, { span: { first: 21, last: 41 }, cursor: 41 }],
    ['ArrowLeft', true, { span: { first: 20, last: 40 }, cursor: 30 }],
    ['Home', false, { span: { first: 0, last: 20 }, cursor: 0 }],
    ['End', false, { span: { first: 80, last: 100 }, cursor: 100 }],
    ['+', true, { span: { first: 30, last: 40 }, cursor: 40 }],
    ['-', false, { span: { first: 0, last: 40 }, cursor: 40 }],
    ['0', false, { span: { first: 0, last: 100 }, cursor: 40 }],
    ['Escape', false, { span: { first: 20, last: 40 }, cursor: null }],
    ['Tab', false, undefined],
  ])('%s (shift: %s)', (key, shift, expected) => {
    expect(viewAfterKey(key, shift, view, 101)).toEqual(expected);
  });

  it('begin where the chart does', () => {
    const unread = { span: { first: 19.5, last: 40 }, cursor: null };
    expect(viewAfterKey('ArrowRight', false, unread, 101)?.cursor).toBe(20);
    expect(viewAfterKey('Escape', false, unread, 101)).toBeUndefined();
  });
});

describe('a wheel over a chart', () => {
  const span = { first: 20, last: 40 };
  const wheel = { ctrlKey: false, shiftKey: false, deltaX: 0, deltaY: 0 };
  it('scrolls the page, but zooms with Ctrl and moves sideways', () => {
    expect(spanAfterWheel({ ...wheel, deltaY: 100 }, span, 30, 101)).toBeUndefined();
    const closer = spanAfterWheel({ ...wheel, ctrlKey: true, deltaY: -100 }, span, 30, 101);
    expect((closer?.last ?? 0) - (closer?.first ?? 0)).toBeLessThan(20);
    expect(spanAfterWheel({ ...wheel, deltaX: 100, deltaY: 5 }, span, 30, 101)).toEqual({ first: 22, last: 42 });
    expect(spanAfterWheel({ ...wheel, shiftKey: true, deltaY: -100 }, span, 30, 101)).toEqual({ first: 18, last: 38 });
  });
});

describe('the plot', () => {
  const series = { name: 'Mean', values: [1, 0.8, null, 0.6, 0.9] };
  const geometry: Geometry = { width: 876, span: wholeSpan(5), axis: { low: 0.6, high: 1, values: [], digits: 1 } };

  it('finds the place under a pointer that it has drawn there', () => {
    for (const place of [0, 1.25, 4]) expect(placeAt(xOf(place, geometry), geometry)).toBeCloseTo(place, 9);
    expect(placeAt(-100, geometry)).toBe(0);
    expect(placeAt(5000, geometry)).toBe(4);
    expect(plotWidth(876)).toBe(800);
  });

  it('draws high values high, with a gap where there is none, and only what is in sight', () => {
    expect(yOf(1, geometry)).toBeLessThan(yOf(0.6, geometry));
    const path = linePath(series, geometry);
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path.match(/L/g)).toHaveLength(2);
    const zoomedIn = { ...geometry, span: { first: 2.5, last: 3.5 } };
    expect(linePath(series, zoomedIn).match(/[ML]/g)).toHaveLength(2);
    expect(valuesInSight([series], zoomedIn.span)).toEqual([0.6, 0.9]);
  });
});
