import type { AxisPair } from '../../src/panel-protocol/core/geometry';
import type { ClassMapView, ShiftFrame } from '../../src/panel-protocol/studies/equivariance';
import { unshiftedScoreAt } from './class-at';
import { readingAt, shiftOf, type MeasuredHeatmap, type Shift } from './reading';

/** Ways through a map. */
export const cutDirections = ['row', 'column', 'diagonal'] as const;
export type CutDirection = (typeof cutDirections)[number];

/** One shift of a cut. */
export interface CutPoint {
  /** Its place on the map. */
  readonly place: Shift;
  /** Pixels of shift along the axis: to the right, for a column down. */
  readonly at: number;
  /** E[s] of the layer. */
  readonly equivariance: number;
  /** How sure the model is there of the class of the unshifted image; null where it is no classifier. */
  readonly unshifted: number | null;
}

/**
 * The shifts of a straight line through a place of the map, from its left or top edge on; only those that were run. A diagonal goes down as
 * far as to the right, round the edges where shifts go round.
 */
export function cutThrough(
  heatmap: MeasuredHeatmap,
  through: Shift,
  direction: CutDirection,
  frame: ShiftFrame,
  classes: ClassMapView | null,
): readonly CutPoint[] {
  const points: CutPoint[] = [];
  for (const place of placesOf(readingAt(heatmap, through), direction, frame)) {
    const { dy, dx, value } = readingAt(heatmap, place);
    if (dy !== place.dy || dx !== place.dx) continue;
    const shift = shiftOf(place, frame);
    const at = direction === 'column' ? shift.dy : shift.dx;
    points.push({ place, at, equivariance: value, unshifted: classes === null ? null : unshiftedScoreAt(classes, place) });
  }
  return points;
}

function placesOf({ dy, dx }: Shift, direction: CutDirection, { protocol, size }: ShiftFrame): readonly Shift[] {
  const [height, width] = size;
  const along = Array.from({ length: direction === 'column' ? height : width }, (_, index) => index);
  if (direction === 'row') return along.map((right) => ({ dy, dx: right }));
  if (direction === 'column') return along.map((down) => ({ dy: down, dx }));
  const places = along.map((right) => ({ dy: dy + right - dx, dx: right }));
  if (protocol === 'circular') return places.map(({ dy: down, dx: right }) => ({ dy: ((down % height) + height) % height, dx: right }));
  return places.filter(({ dy: down }) => down >= 0 && down < height);
}

/** The lowest value of a chart's axis, which ends at 1, and the step between its ticks. */
export interface CutAxis {
  readonly low: number;
  readonly step: number;
}

const axes: readonly CutAxis[] = [
  { low: 0.9, step: 0.02 },
  { low: 0.5, step: 0.1 },
  { low: 0, step: 0.2 },
  { low: -1, step: 0.5 },
];

/** The shortest axis that holds all values of a cut. */
export function cutAxis(points: readonly CutPoint[]): CutAxis {
  const values = points.flatMap(({ equivariance, unshifted }) => [equivariance, unshifted ?? 1]);
  const lowest = values.reduce((low, value) => Math.min(low, value), 1);
  return axes.find(({ low }) => low <= lowest) ?? { low: -1, step: 0.5 };
}

/** The ticks of an axis, from its lowest value to 1. */
export function cutTicks({ low, step }: CutAxis): readonly number[] {
  return Array.from({ length: Math.round((1 - low) / step) + 1 }, (_, index) => Number((low + index * step).toFixed(2)));
}

/** The point of the lowest equivariance; the first of equal ones. */
export function lowestOf(points: readonly CutPoint[]): CutPoint | undefined {
  return points.reduce<CutPoint | undefined>(
    (lowest, point) => (lowest === undefined || point.equivariance < lowest.equivariance ? point : lowest),
    undefined,
  );
}

/** Size of a drawing of a cut inside of its axes. */
export type PlotSize = AxisPair;

/** An SVG path through values at the points, from 0 to 1 across the plot. */
export function cutPath(values: readonly number[], { low }: CutAxis, [height, width]: PlotSize): string {
  const places = values.map((value, index) => `${placeAcross(index, values.length, width).toFixed(1)} ${heightOf(value, low, height)}`);
  return places.length === 0 ? '' : `M${places.join('L')}`;
}

/** Where a point lies across a plot: in the middle of its share, as on the map. */
export function placeAcross(index: number, count: number, width: number): number {
  return ((index + 0.5) / Math.max(1, count)) * width;
}

function heightOf(value: number, low: number, height: number): string {
  return (((1 - value) / (1 - low)) * height).toFixed(1);
}
