import type { Point, Size } from './layout';

/** How the drawing lies in its window: a point of it is shown at `scale * point + (x, y)`. */
export interface Viewport extends Point {
  readonly scale: number;
}

const smallest = 0.04;
const largest = 3;
/** Below it shapes beside edges cannot be read, and are left out. */
export const legibleScale = 0.55;
/** CSS pixels that stay free round the drawing. */
const margin = 16;

/** All of the drawing, in the middle; never larger than its own size. */
export function fitting(picture: Size, view: Size): Viewport {
  const scale = Math.min(1, (view.width - 2 * margin) / picture.width, (view.height - 2 * margin) / picture.height);
  const safe = Math.max(smallest, scale);
  return { scale: safe, x: (view.width - safe * picture.width) / 2, y: (view.height - safe * picture.height) / 2 };
}

/** Its top at a size that can be read: networks are long. */
export function atTop(picture: Size, view: Size): Viewport {
  const scale = Math.max(legibleScale, Math.min(1, (view.width - 2 * margin) / picture.width));
  return { scale, x: (view.width - scale * picture.width) / 2, y: margin };
}

/** Nearer or farther, with one point of the window at rest. */
export function zoomed({ scale, x, y }: Viewport, factor: number, at: Point): Viewport {
  const next = Math.min(largest, Math.max(smallest, scale * factor));
  const ratio = next / scale;
  return { scale: next, x: at.x - ratio * (at.x - x), y: at.y - ratio * (at.y - y) };
}

/** Moved by so much, as far as some of the drawing stays in the window. */
export function panned(viewport: Viewport, dx: number, dy: number, picture: Size, view: Size): Viewport {
  const { scale } = viewport;
  const within = (value: number, length: number, room: number): number =>
    Math.min(room - 3 * margin, Math.max(3 * margin - scale * length, value));
  return {
    scale,
    x: within(viewport.x + dx, picture.width, view.width),
    y: within(viewport.y + dy, picture.height, view.height),
  };
}

/** Moved as little as brings a node into the window with some room; its top where it is larger than that. */
export function showing(viewport: Viewport, node: Point & Size, view: Size): Viewport {
  const { scale } = viewport;
  const shift = (start: number, length: number, room: number): number => {
    const gap = Math.min(4 * margin, room / 4);
    if (start < gap) return gap - start;
    const beyond = start + length - (room - gap);
    return beyond <= 0 ? 0 : -Math.min(beyond, start - gap);
  };
  const dx = shift(scale * node.x + viewport.x, scale * node.width, view.width);
  const dy = shift(scale * node.y + viewport.y, scale * node.height, view.height);
  return { scale, x: viewport.x + dx, y: viewport.y + dy };
}
