import { wrapIndex } from '../../core/graph/circle';
import type { AxisPair } from '../../core/graph/model-graph';

/** One channel of an image, row-major `[height, width]`. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** The window of `size` whose first sample is at `begin`; it lies within the plane. */
export function cropped(plane: Plane, begin: AxisPair, [height, width]: AxisPair): Plane {
  const data = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const start = (begin[0] + y) * plane.width + begin[1];
    data.set(plane.data.subarray(start, start + width), y * width);
  }
  return { height, width, data };
}

/** What lies beyond the edge: the edge itself, the other side, or the mirror image without the edge repeated. */
export type Border = 'clamp' | 'wrap' | 'mirror';

/** The plane with so many pixels more on every side. */
export function extended(plane: Plane, [down, right]: AxisPair, border: Border): Plane {
  const [height, width] = [plane.height + 2 * down, plane.width + 2 * right];
  const data = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = inside(y - down, plane.height, border) * plane.width;
    for (let x = 0; x < width; x++) data[y * width + x] = plane.data[row + inside(x - right, plane.width, border)] ?? 0;
  }
  return { height, width, data };
}

/**
 * Resizes with a triangle filter as wide as the larger of the two sample spacings: bilinear when enlarging, and low-passed
 * when shrinking, so that preparing the image does not alias before the network can.
 */
export function resample(plane: Plane, height: number, width: number, border: Border): Plane {
  const rows = plane.height === height ? plane : transpose(resampleRows(transpose(plane), height, border));
  return rows.width === width ? rows : resampleRows(rows, width, border);
}

interface Tap {
  readonly index: number;
  readonly weight: number;
}

/** Samples and weights for every position of the new axis; weights sum to 1. */
function taps(from: number, to: number, border: Border): readonly (readonly Tap[])[] {
  const scale = from / to;
  const radius = Math.max(1, scale);
  return Array.from({ length: to }, (_, position) => {
    const centre = (position + 0.5) * scale - 0.5;
    const raw: Tap[] = [];
    for (let index = Math.ceil(centre - radius); index <= Math.floor(centre + radius); index++) {
      const weight = 1 - Math.abs(index - centre) / radius;
      if (weight > 0) raw.push({ index: inside(index, from, border), weight });
    }
    const sum = raw.reduce((total, { weight }) => total + weight, 0);
    return raw.map(({ index, weight }) => ({ index, weight: weight / sum }));
  });
}

function inside(index: number, length: number, border: Border): number {
  if (border === 'clamp') return Math.min(Math.max(index, 0), length - 1);
  if (border === 'wrap') return wrapIndex(index, length);
  const turned = wrapIndex(index, Math.max(1, 2 * (length - 1)));
  return Math.min(turned, 2 * (length - 1) - turned);
}

function resampleRows({ height, width, data }: Plane, newWidth: number, border: Border): Plane {
  const columns = taps(width, newWidth, border);
  const result = new Float32Array(height * newWidth);
  for (let y = 0; y < height; y++) {
    for (const [x, column] of columns.entries()) {
      let sum = 0;
      for (const { index, weight } of column) sum += weight * (data[y * width + index] ?? 0);
      result[y * newWidth + x] = sum;
    }
  }
  return { height, width: newWidth, data: result };
}

function transpose({ height, width, data }: Plane): Plane {
  const result = new Float32Array(data.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) result[x * height + y] = data[y * width + x] ?? 0;
  return { height: width, width: height, data: result };
}
