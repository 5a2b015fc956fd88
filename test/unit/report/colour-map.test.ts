import { describe, expect, it } from 'vitest';
import { colourMaps, defaultColourMap, toRgb, type Rgb } from '../../../src/core/report/colour-map';

/** Relative luminance of sRGB (WCAG). */
function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const positions = Array.from({ length: 101 }, (_, index) => index / 100);

describe('colour maps', () => {
  it.each(colourMaps)('$name is blue where a layer is equivariant, and not where it is not', (map) => {
    const [red, , blue] = toRgb(map, 1);
    expect(blue).toBeGreaterThan(red + 50);
    const [lowRed, , lowBlue] = toRgb(map, 0);
    expect(lowRed).toBeGreaterThan(lowBlue + 50);
  });

  it('the default darkens steadily towards equivariance, so it reads without colour', () => {
    const steps = positions.map((position) => luminance(toRgb(defaultColourMap, position)));
    for (const [index, value] of steps.entries()) if (index > 0) expect(value).toBeLessThan(steps[index - 1]!);
  });

  it.each(colourMaps)('$name hits its anchors and clamps beyond', (map) => {
    map.anchors.forEach((anchor, index) => {
      expect(toRgb(map, index / (map.anchors.length - 1))).toEqual(anchor);
    });
    expect(toRgb(map, -3)).toEqual(map.anchors[0]);
    expect(toRgb(map, 7)).toEqual(map.anchors.at(-1));
    expect(toRgb(map, Number.NaN)).toEqual(map.anchors[0]);
  });
});
