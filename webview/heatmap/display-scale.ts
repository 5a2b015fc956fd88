import type { AxisPair } from '../../src/panel-protocol/core/geometry';

/** How large a map is drawn on the page, in CSS pixels. */
export interface DisplaySize {
  readonly height: number;
  readonly width: number;
  /** True where one shift covers a whole number of CSS pixels. */
  readonly whole: boolean;
}

/**
 * The size for a map of `imageSize`: the largest whole multiple of it no longer than `target`, or once the image itself up
 * to `limit`. Only larger images are shrunk, to `limit`: dropping columns at random would alias the very map that shows aliasing.
 */
export function displayScale([height, width]: AxisPair, target: number, limit: number): DisplaySize {
  const longest = Math.max(height, width);
  const whole = longest <= limit;
  const scale = whole ? Math.max(1, Math.floor(target / longest)) : limit / longest;
  return { height: Math.round(height * scale), width: Math.round(width * scale), whole };
}
