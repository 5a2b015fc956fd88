import path from 'node:path';
import { encodePng, Image } from 'image-js';
import type { DeployedMeasurement } from '../../core/equivariance/measure/deployed';
import { wholeMap, type Measurement } from '../../core/equivariance/measure/measurement';
import type { AxisPair } from '../../core/graph/model-graph';
import { defaultColourMap, toRgb } from '../../core/report/colour-map';
import { mapName, mapNames } from '../../core/report/measure-report';
import { encodeNpy } from '../../core/report/npy';
import { atomicWrite } from './atomic-write';
import type { WritableMaps } from '../protocol/measuring';
import { writeFeatures } from './write-features';

/** Writes heatmaps or feature maps to a folder, which is made where it is missing. */
export async function writeMaps(folder: string, maps: WritableMaps): Promise<void> {
  if ('grid' in maps) await writeDeployed(folder, maps);
  else if ('original' in maps) await writeFeatures(folder, maps);
  else await writeCircular(folder, maps);
}

/**
 * Writes every heatmap as `[height, width]` float32 `.npy` with a PNG beside it, and the output's map as `[height, width, values]`;
 * maps of some shifts only have as many rows and columns as were run.
 */
async function writeCircular(folder: string, measurement: Measurement): Promise<void> {
  const names = mapNames(measurement);
  const { size, heatmaps, output } = measurement;
  const lowest = Math.min(1, ...heatmaps.map(({ min }) => min));
  for (const [index, { layer, tile }] of heatmaps.entries()) {
    const { data, shape } = wholeMap({ ...layer, tile }, size);
    await writeMap(path.join(folder, names.layer(index)), data, shape, lowest);
  }
  if ('reason' in output) return;
  const { data, shape } = wholeMap(output, size);
  await atomicWrite(path.join(folder, `${names.output}.npy`), encodeNpy(data, [...shape, output.values]));
}

/** Writes every map of a deployed measurement as `[rows, columns]` float32 `.npy` with a PNG beside it. */
async function writeDeployed(folder: string, { placed, heatmaps }: DeployedMeasurement): Promise<void> {
  const shape: AxisPair = [placed.rows, placed.columns];
  const lowest = Math.min(1, ...heatmaps.map(({ min }) => min));
  for (const [index, { layer, values }] of heatmaps.entries()) {
    await writeMap(path.join(folder, mapName(index, layer)), values, shape, lowest);
  }
}

/** @param file path without extension */
async function writeMap(file: string, map: Float32Array, shape: AxisPair, lowest: number): Promise<void> {
  await atomicWrite(`${file}.npy`, encodeNpy(map, shape));
  await atomicWrite(`${file}.png`, heatmapPng(map, shape, lowest));
}

/** All maps of one measurement share the scale [lowest, 1], so that their colours compare. */
function heatmapPng(map: Float32Array, [height, width]: AxisPair, lowest: number): Uint8Array {
  const span = 1 - lowest || 1;
  const pixels = new Uint8Array(map.length * 3);
  map.forEach((value, index) => {
    pixels.set(toRgb(defaultColourMap, (value - lowest) / span), index * 3);
  });
  return encodePng(new Image(width, height, { data: pixels }));
}
