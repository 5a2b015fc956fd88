import { t } from '@vscode/l10n';
import { labelOf, namedLayer, type NamedLayer } from '../../graph/layer-labels';
import { heightAxis } from '../../graph/layout';
import type { AxisPair, Layer, ModelGraph } from '../../graph/model-graph';
import { spatialShape } from '../../graph/sampling';
import type { CancellationProbe, TensorBatch } from '../walk/circular-model';
import { geometryOf, type FeatureGeometry } from './feature-geometry';
import type { OpenedPlan } from '../walk/opened-plan';
import type { OmittedLayer } from '../plan/measure-plan';
import { withMapsBefore } from '../plan/maps-before';
import { feedsOf } from '../plan/planned-input';
import { leftOut, meaningOf, type MeaninglessMap } from './meaningless';
import type { Metric } from './measurement';
import { overlapEquivariance } from './overlap';
import { noShift } from '../walk/phases';

/** Shifts of the deployed protocol: all of a square grid, or those along its diagonal. */
export interface ShiftGrid {
  readonly pattern: 'grid' | 'diagonal';
  /** Largest shift along each axis, in pixels, in either direction. */
  readonly largest: AxisPair;
  /** Pixels between neighbours. */
  readonly step: number;
}

/** Row-major shifts with the extent of the map that they fill. */
export interface PlacedShifts {
  readonly rows: number;
  readonly columns: number;
  readonly shifts: readonly AxisPair[];
}

/** Equivariance of one layer at every shift of a grid. */
export interface DeployedHeatmap extends NamedLayer {
  /** The tensor for ONNX, the layer for TensorFlow.js. */
  readonly name: string;
  readonly op: string;
  readonly channels: number;
  readonly size: AxisPair;
  /** Row-major, as the shifts are. */
  readonly values: Float32Array;
  readonly mean: number;
  readonly min: number;
  /** As in `MeasuredLayer`. */
  readonly before: readonly string[];
}

/** What a run under the deployed protocol yields. */
export interface DeployedMeasurement {
  readonly metric: Metric;
  readonly size: AxisPair;
  readonly grid: ShiftGrid;
  readonly placed: PlacedShifts;
  readonly heatmaps: readonly DeployedHeatmap[];
  /** Layers that were run but have no map, each with the reason. */
  readonly omitted: readonly OmittedLayer[];
  readonly notes: readonly string[];
}

/** The shifts of a grid; no shift at all is always among them. A diagonal is one row. */
export function placeShifts({ pattern, largest, step }: ShiftGrid): PlacedShifts {
  const axis = (length: number): readonly number[] => {
    const count = Math.floor(length / step);
    return Array.from({ length: 2 * count + 1 }, (_, index) => (index - count) * step);
  };
  if (pattern === 'diagonal') {
    const shifts = axis(Math.min(...largest)).map((shift): AxisPair => [shift, shift]);
    return { rows: 1, columns: shifts.length, shifts };
  }
  const [down, right] = [axis(largest[0]), axis(largest[1])];
  return { rows: down.length, columns: right.length, shifts: down.flatMap((y) => right.map((x): AxisPair => [y, x])) };
}

/** How a deployed run is made and who hears of it. */
export interface DeployedOptions {
  readonly metric: Metric;
  /** Upper bound for feature maps held at once; exceeded only where one image needs more. */
  readonly memoryBudgetBytes: number;
  readonly cancellation: CancellationProbe;
  readonly onProgress?: (done: number) => void;
  readonly pause?: () => Promise<void>;
}

/** Images run together at most: cancelling and progress stay prompt. */
const largestBatch = 8;

/**
 * Heatmaps of the model exactly as it is, its own padding included, on crops of a larger canvas.
 *
 * @param opened with a plan of one level that fetches the maps
 * @param crop the model's input for a shift, batch 1
 * @returns undefined where it was cancelled
 */
export async function measureDeployed(
  { plan, graph, model }: OpenedPlan,
  crop: (shift: AxisPair) => TensorBatch,
  grid: ShiftGrid,
  options: DeployedOptions,
): Promise<DeployedMeasurement | undefined> {
  const { size } = plan.input;
  const feeds = (images: TensorBatch): ReadonlyMap<string, TensorBatch> => feedsOf(plan.input, images, graph.layout);
  const placed = placeShifts(grid);
  const producers = new Map(graph.layers.flatMap((layer) => layer.outputs.map((output) => [output, layer] as const)));
  const first = await model.runLevel(0, feeds(crop(noShift)));
  const maps = [...first].flatMap(([name, { data, dims }]) => {
    const layer = producers.get(name);
    const geometry = geometryOfMap(graph, name, dims);
    return layer === undefined || geometry === undefined
      ? []
      : [{ name, layer, geometry, data: data.slice(), values: new Float32Array(placed.shifts.length) }];
  });
  const bytes = [...first.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  const batch = Math.max(1, Math.min(largestBatch, Math.floor(options.memoryBudgetBytes / Math.max(1, bytes)) - 1));
  for (let start = 0; start < placed.shifts.length; start += batch) {
    await options.pause?.();
    if (options.cancellation.cancelled) return undefined;
    const shifts = placed.shifts.slice(start, start + batch);
    const fetched = await model.runLevel(0, feeds(joinBatches(shifts.map(crop))));
    for (const { name, geometry, data, values } of maps) {
      const shifted = fetched.get(name)?.data ?? new Float32Array();
      const length = data.length;
      for (const [index, shift] of shifts.entries()) {
        const sample = shifted.subarray(index * length, (index + 1) * length);
        values[start + index] = overlapEquivariance(data, sample, { geometry, imageSize: size, shift, metric: options.metric });
      }
    }
    options.onProgress?.((start + shifts.length) / placed.shifts.length);
  }
  const named = maps.map((map) => ({ ...map, layer: namedLayer(map.layer), op: map.layer.op }));
  const meaningless = named.flatMap(({ layer, data, values }): readonly MeaninglessMap[] => {
    const why = meaningOf(
      values,
      data.every((value) => value === 0),
    );
    return why === undefined ? [] : [{ layer, why }];
  });
  const silent = new Set(meaningless.map(({ layer }) => layer));
  const told = named.filter(({ layer }) => !silent.has(layer));
  const heatmaps = told.map(({ name, layer, op, geometry, values }) => ({
    ...layer,
    name: graph.format === 'onnx' ? name : layer.layer,
    op,
    channels: geometry.channels,
    size: geometry.size,
    values,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    min: values.reduce((least, value) => Math.min(least, value), 1),
  }));
  const left = leftOut(meaningless);
  return {
    metric: options.metric,
    size,
    grid,
    placed,
    heatmaps: withMapsBefore(graph, heatmaps),
    notes: left.notes,
    omitted: [...plan.omitted, ...left.omitted],
  };
}

/** Only maps with two spatial axes in the layout of the model; rearrangements in between have none. */
function geometryOfMap({ layout, tensors, ofSignals }: ModelGraph, name: string, dims: readonly number[]): FeatureGeometry | undefined {
  if (dims[0] !== 1 || (tensors.get(name)?.layout ?? layout) !== layout) return undefined;
  return geometryOf(ofSignals === true && dims.length === 3 ? dims.toSpliced(heightAxis(layout), 0, 1) : dims, layout);
}

/** Batches of one shape, one after another. */
export function joinBatches(batches: readonly TensorBatch[]): TensorBatch {
  const [first] = batches;
  const length = first?.data.length ?? 0;
  const data = new Float32Array(length * batches.length);
  for (const [index, batch] of batches.entries()) data.set(batch.data, index * length);
  return { data, dims: [batches.length, ...(first?.dims.slice(1) ?? [])] };
}

/** Tensors that hold a map of the deployed model: outputs of layers with two spatial axes. */
export function deployedMaps(graph: ModelGraph): readonly string[] {
  return graph.layers.flatMap((layer) => (holdsMap(graph, layer) && layer.operation.kind !== 'opaque' ? layer.outputs.slice(0, 1) : []));
}

/** Layers with a map of which it is not known where its positions lie; and those behind whose shape nobody knows therefore. */
export function unplacedMaps(graph: ModelGraph): readonly OmittedLayer[] {
  const reasons = new Map<string, string>();
  return graph.layers.flatMap((layer) => {
    const reason = whyUnplaced(layer) ?? layer.inputs.map((tensor) => reasons.get(tensor)).find((known) => known !== undefined);
    const isShapeless = layer.outputs.every((tensor) => graph.tensors.get(tensor)?.shape === undefined);
    if (reason === undefined || !(isShapeless || (layer.operation.kind === 'opaque' && holdsMap(graph, layer)))) return [];
    if (isShapeless) for (const tensor of layer.outputs) reasons.set(tensor, reason);
    return [{ ...namedLayer(layer), reason }];
  });
}

function whyUnplaced(layer: Layer): string | undefined {
  const { op, operation, sealed } = layer;
  if (operation.kind !== 'opaque' || sealed !== undefined) return undefined;
  return t`Layer "${labelOf(layer)}" (${op}) is not measured: ${operation.reason}.`;
}

/** The same as `deployedMaps` without those that follow from a layer which nothing is known of: a runtime need not have it. */
export function mapsInFront(graph: ModelGraph): readonly string[] {
  const behind = new Set<string>();
  for (const { operation, inputs, outputs } of graph.layers) {
    if (operation.kind !== 'opaque' && !inputs.some((tensor) => behind.has(tensor))) continue;
    for (const tensor of outputs) behind.add(tensor);
  }
  return deployedMaps(graph).filter((tensor) => !behind.has(tensor));
}

function holdsMap(graph: ModelGraph, { stepOf, sealed, turnsImages, operation, outputs: [tensor = ''] }: Layer): boolean {
  const isStep = stepOf !== undefined || turnsImages === true;
  const isMap = !isStep && sealed === undefined && operation.kind !== 'pad' && operation.kind !== 'global-pool';
  return isMap && spatialShape(graph, tensor)?.size.length === 2;
}
