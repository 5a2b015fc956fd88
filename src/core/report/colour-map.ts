import { t } from '@vscode/l10n';

/** Red, green, blue, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A colour scale from not equivariant (0) to equivariant (1), by equally spaced anchors with straight lines between. */
export interface ColourMap {
  readonly name: ColourMapName;
  readonly label: string;
  readonly anchors: readonly Rgb[];
}

export type ColourMapName = 'cividis' | 'paper';

/**
 * Cividis (Nuñez, Anderton, Renslow 2018), made for readers with and without colour vision deficiency: lightness is
 * monotone. Turned round, so that the blue end means equivariant.
 */
const cividis: ColourMap = {
  name: 'cividis',
  label: t('Cividis (colour-blind safe)'),
  anchors: [
    [254, 232, 56],
    [225, 204, 85],
    [195, 179, 105],
    [165, 156, 116],
    [138, 134, 120],
    [112, 113, 115],
    [87, 93, 109],
    [59, 73, 108],
    [18, 53, 112],
    [0, 34, 78],
  ],
};

/** Red over yellow, green and cyan to blue, as the paper colours its Figure 5. */
const paper: ColourMap = {
  name: 'paper',
  label: t('As in the paper'),
  anchors: [
    [200, 0, 0],
    [255, 120, 0],
    [255, 255, 0],
    [80, 230, 120],
    [0, 190, 255],
    [0, 0, 220],
  ],
};

/** All scales; the first is the default. */
export const colourMaps: readonly ColourMap[] = [cividis, paper];

/** The scale shown where nobody chose another. */
export const defaultColourMap: ColourMap = cividis;

/** Differences, no difference in the middle: brown over white to blue, told apart by all kinds of colour vision. */
export const differenceColours: Pick<ColourMap, 'anchors'> = {
  anchors: [
    [120, 60, 0],
    [205, 125, 30],
    [240, 205, 150],
    [247, 247, 247],
    [165, 200, 235],
    [60, 120, 200],
    [0, 45, 120],
  ],
};

/** Colour at `position`, 0 (not equivariant) to 1 (equivariant); positions beyond are clamped, NaN counts as 0. */
export function toRgb(map: Pick<ColourMap, 'anchors'>, position: number): Rgb {
  const clamped = Number.isNaN(position) ? 0 : Math.min(1, Math.max(0, position));
  const scaled = clamped * (map.anchors.length - 1);
  const index = Math.min(Math.floor(scaled), map.anchors.length - 2);
  const below = map.anchors[index] ?? [0, 0, 0];
  const above = map.anchors[index + 1] ?? below;
  const share = scaled - index;
  const mix = (channel: 0 | 1 | 2): number => Math.round(below[channel] + (above[channel] - below[channel]) * share);
  return [mix(0), mix(1), mix(2)];
}
