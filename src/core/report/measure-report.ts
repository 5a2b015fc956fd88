import { classCounts, classMap } from '../consistency/class-map';
import type { Measurement, OutputMap } from '../equivariance/measure/measurement';
import { namesOf, type NamedLayer } from '../graph/layer-labels';
import type { AxisPair } from '../graph/model-graph';

/** What `shiftlint measure --json` prints; a public contract. */
export interface MeasureReport {
  readonly model: string;
  readonly backend: string;
  readonly protocol: 'circular';
  readonly metric: Measurement['metric'];
  readonly input: { readonly height: number; readonly width: number };
  readonly layers: readonly ReportedLayer[];
  readonly output: {
    readonly name: string | null;
    readonly map: string | null;
    readonly reason?: string;
    /** Top class of the unshifted image and how many of all shifts each class gets, most first; absent for single numbers. */
    readonly classes?: { readonly unshifted: number; readonly shares: readonly { readonly label: number; readonly share: number }[] };
  };
  readonly omitted: Measurement['omitted'];
  readonly notes: readonly string[];
  /** Every file that was written; absent without `--maps`. */
  readonly files?: readonly string[];
}

/** One layer's heatmap as scripts see it. */
export interface ReportedLayer extends NamedLayer {
  /** The tensor for ONNX, the layer for TensorFlow.js. */
  readonly name: string;
  readonly op: string;
  /** `[channels, height, width]` of the feature map. */
  readonly shape: readonly [number, number, number];
  readonly spatialStride: AxisPair;
  readonly period: AxisPair;
  /** Pixels between the shifts it was measured at; 1 but in tails that have a value of their own for every shift. */
  readonly step: AxisPair;
  readonly mean: number;
  readonly min: number;
  /** File name under the folder given with `--maps`, null without it. */
  readonly map: string | null;
}

/** File names for the arrays of one measurement, without extension. */
export interface MapNames {
  layer(index: number): string;
  readonly output: string;
}

/** Readable, unique, safe on every file system: `012-layer1.0.conv1`. */
export function mapNames(measurement: Measurement): MapNames {
  return {
    layer: (index) => mapName(index, measurement.heatmaps[index]?.layer.label ?? ''),
    output: 'output',
  };
}

/** File name of a layer's map, without extension. */
export function mapName(index: number, label: string): string {
  return `${String(index).padStart(3, '0')}-${safeName(label)}`;
}

/** True for a file name that a map of ours may have. */
export function isMapFile(name: string): boolean {
  return /^\d{3,}-.*\.(?:npy|png)$/.test(name) || name === 'output.npy';
}

function safeName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(0, 80);
}

/** Shapes a measurement for scripts; `files` where the maps have been written. */
export function measureReport(model: string, backend: string, measurement: Measurement, files?: readonly string[]): MeasureReport {
  const { output } = measurement;
  const names = files && mapNames(measurement);
  return {
    model,
    backend,
    protocol: 'circular',
    metric: measurement.metric,
    input: { height: measurement.size[0], width: measurement.size[1] },
    layers: measurement.heatmaps.map(({ layer, mean, min }, index) => ({
      name: layer.name,
      ...namesOf(layer),
      op: layer.op,
      shape: [layer.channels, ...layer.size],
      spatialStride: layer.spatialStride,
      period: layer.period,
      step: layer.step,
      mean,
      min,
      map: names === undefined ? null : `${names.layer(index)}.npy`,
    })),
    output:
      'reason' in output
        ? { name: null, map: null, reason: output.reason }
        : {
            name: output.name,
            map: names === undefined ? null : `${names.output}.npy`,
            ...(output.values > 1 && { classes: classesOf(output) }),
          },
    omitted: measurement.omitted,
    notes: measurement.notes,
    ...(files && { files }),
  };
}

function classesOf(output: OutputMap) {
  const map = classMap(output);
  return { unshifted: map.classes[0] ?? 0, shares: classCounts(map) };
}
