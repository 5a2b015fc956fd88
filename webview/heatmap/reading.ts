import { t } from '@vscode/l10n';
import type { AxisPair } from '../../src/panel-protocol/core/geometry';
import type { HeatmapView, ShiftFrame } from '../../src/panel-protocol/studies/equivariance';

/** A place on a map, in pixels of shift from its top left corner. Circular maps start at no shift, and both count round the image. */
export interface Shift {
  readonly dy: number;
  readonly dx: number;
}

/** The equivariance at one shift, in pixels down and to the right. */
export interface HeatmapReading extends Shift {
  readonly value: number;
}

/** The shift at a place of a map. */
export function shiftOf({ dy, dx }: Shift, { origin, diagonal }: ShiftFrame): Shift {
  return { dy: diagonal ? dx + origin[0] : dy + origin[0], dx: dx + origin[1] };
}

/** The place of a shift on a map: the inverse. */
export function placeOf({ dy, dx }: Shift, { origin, diagonal }: ShiftFrame): Shift {
  return { dy: diagonal ? 0 : dy - origin[0], dx: dx - origin[1] };
}

/** A heatmap that has been measured. */
export type MeasuredHeatmap = HeatmapView & { readonly tile: readonly number[]; readonly mean: number; readonly min: number };

/** Whether the tile has arrived. */
export function isMeasured(heatmap: HeatmapView): heatmap is MeasuredHeatmap {
  return heatmap.tile !== null && heatmap.mean !== null && heatmap.min !== null;
}

/** The shift shown at a point of the drawn map; the point is in shares of its height and width, 0 to 1. */
export function shiftAt(shareY: number, shareX: number, imageSize: AxisPair): Shift {
  const place = (share: number, length: number): number => Math.min(length - 1, Math.max(0, Math.floor(share * length)));
  return { dy: place(shareY, imageSize[0]), dx: place(shareX, imageSize[1]) };
}

/** Rows and columns of a tile. */
export function tileSize({ period, step }: HeatmapView): AxisPair {
  return [Math.ceil(period[0] / step[0]), Math.ceil(period[1] / step[1])];
}

/** The value at a shift: the tile repeats over the image. Where only some shifts were run, the nearest of them before it. */
export function readingAt(heatmap: MeasuredHeatmap, { dy, dx }: Shift): HeatmapReading {
  const { period, step } = heatmap;
  const [row, column] = [Math.floor((dy % period[0]) / step[0]), Math.floor((dx % period[1]) / step[1])];
  const run = { dy: dy - ((dy % period[0]) % step[0]), dx: dx - ((dx % period[1]) % step[1]) };
  return { ...run, value: heatmap.tile[row * tileSize(heatmap)[1] + column] ?? Number.NaN };
}

/** The smallest shift, row by row, with the layer's worst value. */
export function worstShift(heatmap: MeasuredHeatmap): Shift {
  let worst = 0;
  heatmap.tile.forEach((value, index) => {
    if (value < (heatmap.tile[worst] ?? Number.POSITIVE_INFINITY)) worst = index;
  });
  const columns = tileSize(heatmap)[1];
  return { dy: Math.floor(worst / columns) * heatmap.step[0], dx: (worst % columns) * heatmap.step[1] };
}

const steps: Readonly<Record<string, Shift>> = {
  ArrowUp: { dy: -1, dx: 0 },
  ArrowDown: { dy: 1, dx: 0 },
  ArrowLeft: { dy: 0, dx: -1 },
  ArrowRight: { dy: 0, dx: 1 },
};

/**
 * Where a key moves the crosshair: arrows to the next shift that was run (the tenth with `fast`), round the edges as shifts go; Home to
 * no shift,
 * End to the worst one. Undefined for other keys.
 */
export function shiftAfterKey(key: string, fast: boolean, from: Shift, heatmap: MeasuredHeatmap, imageSize: AxisPair): Shift | undefined {
  if (key === 'Home') return { dy: 0, dx: 0 };
  if (key === 'End') return worstShift(heatmap);
  const step = steps[key];
  if (step === undefined) return undefined;
  const [height, width] = imageSize;
  const pixels = fast ? 10 : 1;
  const [down, right] = [step.dy * pixels * heatmap.step[0], step.dx * pixels * heatmap.step[1]];
  const wrap = (place: number, length: number): number => ((place % length) + length) % length;
  return { dy: wrap(from.dy + down, height), dx: wrap(from.dx + right, width) };
}

/** A value as text. */
export function valueText(value: number): string {
  return Number.isNaN(value) ? t`undefined` : value.toFixed(3);
}
