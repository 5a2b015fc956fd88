import { t } from '@vscode/l10n';
import { type ColourMap, toRgb } from '../../../src/panel-protocol/core/colour-map';
import { positionOn, scaleMarks, type ValueScale } from '../../../src/panel-protocol/core/value-scale';
import { visibleText } from '../../../src/panel-protocol/core/visible-text';
import type { ShiftFrame } from '../../../src/panel-protocol/studies/equivariance';
import { acrossTitle, downTitle, shiftTicks } from '../axes';
import { displayScale } from '../display-scale';
import { drawHeatmap } from '../drawing';
import { valueText, type MeasuredHeatmap } from '../reading';
import { mapText, periodText } from '../text';

/** What is drawn, as the enlarged map shows it. */
export interface PicturedMap {
  readonly heatmap: MeasuredHeatmap;
  readonly frame: ShiftFrame;
  readonly colourMap: ColourMap;
  readonly scale: ValueScale;
}

/** In pixels before `sharpness`: the longest side of the map, and room for what stands around it. */
const longestMap = 512;
const room = { left: 62, top: 54, right: 20, bottom: 92 } as const;
const barWidth = 256;
/** Pixels of the picture to one of the page, so that text stays sharp in print. */
const sharpness = 2;

/** A map with its axes, its layer and its colour bar as a PNG, dark on white whatever the theme: it goes into documents. */
export async function mapImage(map: PicturedMap): Promise<Blob> {
  const drawn = displayScale(map.frame.size, longestMap, longestMap);
  const width = Math.max(drawn.width + room.left + room.right, room.left + barWidth + room.right);
  const canvas = new OffscreenCanvas(width * sharpness, (drawn.height + room.top + room.bottom) * sharpness);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gives no canvas to draw on.');
  context.scale(sharpness, sharpness);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000';
  drawTitle(context, map.heatmap, width - room.left - room.right);
  context.translate(room.left, room.top);
  drawMap(context, map, drawn);
  drawAxes(context, map.frame, drawn);
  context.translate(0, drawn.height + 50);
  drawBar(context, map);
  return canvas.convertToBlob({ type: 'image/png' });
}

type Context = OffscreenCanvasRenderingContext2D;

interface Drawn {
  readonly height: number;
  readonly width: number;
}

function drawTitle(context: Context, heatmap: MeasuredHeatmap, width: number): void {
  context.font = 'bold 14px sans-serif';
  context.fillText(visibleText(heatmap.label), room.left, 20, width);
  context.font = '12px sans-serif';
  const means = t`mean ${valueText(heatmap.mean)}, worst ${valueText(heatmap.min)}`;
  context.fillText(`${visibleText(mapText(heatmap))} · ${periodText(heatmap)} · ${means}`, room.left, 40, width);
}

function drawMap(context: Context, { heatmap, frame, colourMap, scale }: PicturedMap, drawn: Drawn): void {
  const pixels = document.createElement('canvas');
  drawHeatmap(pixels, frame.size, heatmap, colourMap, scale);
  context.imageSmoothingEnabled = false;
  context.drawImage(pixels, 0, 0, drawn.width, drawn.height);
}

function drawAxes(context: Context, frame: ShiftFrame, { height, width }: Drawn): void {
  context.textAlign = 'center';
  for (const { shift, place } of shiftTicks(frame.origin[1], frame.size[1], width)) {
    context.fillRect(place, height, 1, 4);
    context.fillText(`${shift}`, place, height + 16);
  }
  context.fillText(acrossTitle(frame), width / 2, height + 33);
  if (frame.diagonal) return;
  context.textAlign = 'end';
  for (const { shift, place } of shiftTicks(frame.origin[0], frame.size[0], height)) {
    context.fillRect(-4, place, 4, 1);
    context.fillText(`${shift}`, -7, place + 4);
  }
  context.save();
  context.translate(-44, height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'center';
  context.fillText(downTitle, 0, 0);
  context.restore();
}

function drawBar(context: Context, { colourMap, scale }: PicturedMap): void {
  for (let place = 0; place < barWidth; place++) {
    context.fillStyle = `rgb(${toRgb(colourMap, place / (barWidth - 1)).join(' ')})`;
    context.fillRect(place, 0, 1, 12);
  }
  context.fillStyle = '#000';
  const marks = scaleMarks(scale);
  for (const [index, mark] of marks.entries()) {
    context.textAlign = index === 0 ? 'start' : index === marks.length - 1 ? 'end' : 'center';
    context.fillText(`${Number(valueText(mark))}`, positionOn(scale, mark) * barWidth, 26);
  }
}
