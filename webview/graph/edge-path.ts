import type { Point } from './layout';

/** A smooth line through points from above to below, as a path of SVG: it leaves and arrives upright. */
export function edgePath(points: readonly Point[]): string {
  const [start, ...rest] = points;
  if (start === undefined) return '';
  let path = `M ${round(start.x)} ${round(start.y)}`;
  let before = start;
  for (const point of rest) {
    const bend = (point.y - before.y) / 2;
    path +=
      point.x === before.x
        ? ` V ${round(point.y)}`
        : ` C ${round(before.x)} ${round(before.y + bend)} ${round(point.x)} ${round(point.y - bend)} ${round(point.x)} ${round(point.y)}`;
    before = point;
  }
  return path;
}

/** Where the label of an edge stands: beside its beginning, where nothing else crosses yet. */
export function labelPlace(points: readonly Point[]): Point {
  const [start = { x: 0, y: 0 }, next = start] = points;
  return { x: (start.x + next.x) / 2 + 5, y: (start.y + next.y) / 2 + 4 };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
