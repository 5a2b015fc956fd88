import type { ChartSeries } from './series';
import type { ValueAxis } from './value-axis';
import type { Span } from './zoom';

/** In CSS pixels: what stands around the plot, and how high a chart is. */
export const margin = { left: 62, right: 14, top: 10, bottom: 42 } as const;
export const chartHeight = 250;

/** Where places and values lie in a chart of some width. */
export interface Geometry {
  readonly width: number;
  readonly span: Span;
  readonly axis: ValueAxis;
}

/** Width of the plot inside of its axes. */
export function plotWidth(width: number): number {
  return Math.max(1, width - margin.left - margin.right);
}

/** Horizontal place in CSS pixels. */
export function xOf(place: number, { width, span }: Geometry): number {
  const length = span.last - span.first;
  const share = length === 0 ? 0.5 : (place - span.first) / length;
  return margin.left + share * plotWidth(width);
}

/** Vertical place in CSS pixels. */
export function yOf(value: number, { axis }: Geometry): number {
  const room = chartHeight - margin.top - margin.bottom;
  return margin.top + ((axis.high - value) / (axis.high - axis.low)) * room;
}

/** The place at a point, as a fraction; places beyond the ends of the plot count as its ends. */
export function placeAt(x: number, { width, span }: Pick<Geometry, 'width' | 'span'>): number {
  const share = Math.min(1, Math.max(0, (x - margin.left) / plotWidth(width)));
  return span.first + share * (span.last - span.first);
}

/** The places in sight and one beyond each end, so that lines leave the plot. */
export function placesInSight({ first, last }: Span, count: number): { readonly from: number; readonly to: number } {
  return { from: Math.max(0, Math.floor(first)), to: Math.min(count - 1, Math.ceil(last)) };
}

/** The line of a series through the places in sight; a place without a value leaves a gap. */
export function linePath({ values }: ChartSeries, geometry: Geometry): string {
  const { from, to } = placesInSight(geometry.span, values.length);
  let path = '';
  let isDown = false;
  for (let place = from; place <= to; place++) {
    const value = values[place] ?? null;
    if (value !== null) path += `${isDown ? 'L' : 'M'}${xOf(place, geometry).toFixed(1)} ${yOf(value, geometry).toFixed(1)}`;
    isDown = value !== null;
  }
  return path;
}

/** All values in sight. */
export function valuesInSight(series: readonly ChartSeries[], span: Span): readonly number[] {
  return series.flatMap(({ values }) => {
    const { from, to } = placesInSight(span, values.length);
    return values.slice(from, to + 1).filter((value) => value !== null);
  });
}
