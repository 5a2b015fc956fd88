import path from 'node:path';
import { encodePng, Image } from 'image-js';
import type { DeployedMeasurement } from '../../core/equivariance/measure/deployed';
import { wholeMap, type Measurement } from '../../core/equivariance/measure/measurement';
import type { AxisPair } from '../../core/graph/model-graph';
import { defaultColourMap, toRgb } from '../../core/report/colour-map';
import { positionOn, scaleChoices, valueScale } from '../../core/report/value-scale';
import { mapName, mapNames } from '../../core/report/measure-report';
import { encodeNpy } from '../../core/report/npy';
import { atomicWrite, writeNew } from './atomic-write';
import type { WritableMaps } from '../protocol/measuring';
import { featureFiles } from './feature-files';
import type { MapFile } from './map-file';

/**
 * Writes heatmaps or feature maps to a folder, which is made where it is missing.
 *
 * @param mayReplace files of the same names in the folder
 * @returns the files written @throws ModelError `unwritable`
 */
export async function writeMaps(folder: string, maps: WritableMaps, mayReplace: boolean): Promise<readonly string[]> {
  const files = 'grid' in maps ? deployedFiles(maps) : 'original' in maps ? featureFiles(maps) : circularFiles(maps);
  const written: string[] = [];
  for (const { name, encode } of files) {
    const file = path.join(folder, name);
    await (mayReplace ? atomicWrite : writeNew)(file, encode());
    written.push(file);
  }
  return written;
}

/**
 * Every heatmap as `[height, width]` float32 `.npy` with a PNG beside it, and the output's map as `[height, width, values]`;
 * maps of some shifts only have as many rows and columns as were run.
 */
function circularFiles(measurement: Measurement): readonly MapFile[] {
  const names = mapNames(measurement);
  const { size, heatmaps, output } = measurement;
  const files = heatmaps.flatMap(({ layer, tile }, index) => mapFiles(names.layer(index), () => wholeMap({ ...layer, tile }, size)));
  if ('reason' in output) return files;
  const encode = (): Uint8Array => {
    const { data, shape } = wholeMap(output, size);
    return encodeNpy(data, [...shape, output.values]);
  };
  return [...files, { name: `${names.output}.npy`, encode }];
}

/** Every map of a deployed measurement as `[rows, columns]` float32 `.npy` with a PNG beside it. */
function deployedFiles({ placed, heatmaps }: DeployedMeasurement): readonly MapFile[] {
  const shape: AxisPair = [placed.rows, placed.columns];
  return heatmaps.flatMap(({ label, values }, index) => mapFiles(mapName(index, label), () => ({ data: values, shape })));
}

/** @param name without extension @param mapOf the map, made when it is written */
function mapFiles(name: string, mapOf: () => { readonly data: Float32Array; readonly shape: AxisPair }): readonly MapFile[] {
  return [
    {
      name: `${name}.npy`,
      encode: () => {
        const { data, shape } = mapOf();
        return encodeNpy(data, shape);
      },
    },
    {
      name: `${name}.png`,
      encode: () => {
        const { data, shape } = mapOf();
        return heatmapPng(data, shape);
      },
    },
  ];
}

const fileScale = valueScale(scaleChoices[0], 1);

/** In the default colours and scale, so that maps of all models compare. */
function heatmapPng(map: Float32Array, [height, width]: AxisPair): Uint8Array {
  const pixels = new Uint8Array(map.length * 3);
  map.forEach((value, index) => {
    pixels.set(toRgb(defaultColourMap, positionOn(fileScale, value)), index * 3);
  });
  return encodePng(new Image(width, height, { data: pixels }));
}
