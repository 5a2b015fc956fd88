import { t } from '@vscode/l10n';
import { classCounts, classMap } from '../../core/consistency/class-map';
import type { ClassNames } from '../../core/consistency/class-names';
import { classScores } from '../../core/consistency/class-scores';
import type { DeployedHeatmap, DeployedMeasurement } from '../../core/equivariance/measure/deployed';
import type { Heatmap, OutputMap } from '../../core/equivariance/measure/measurement';
import type { MeasuredLayer } from '../../core/equivariance/plan/measure-plan';
import { namesOf } from '../../core/graph/layer-labels';
import { area } from '../../core/graph/period';
import type { CallResult } from '../../engine/protocol/calls';
import type { ClassMapView, EquivarianceMessage, HeatmapSet, HeatmapView, ShiftFrame } from '../../panel-protocol/studies/equivariance';

/** What a run under the circular protocol is about to measure. */
export interface ExpectedMeasurement extends Pick<HeatmapSet, 'notes' | 'omitted'> {
  readonly size: ShiftFrame['size'];
  readonly layers: readonly MeasuredLayer[];
}

/** What a run under the circular protocol came to. */
export type CircularResult = Pick<CallResult<'measure'>, 'measurement' | 'picture' | 'classNames'>;

/** The heatmaps of a run that has just started. */
export function expectedMaps({ size, layers, notes, omitted }: ExpectedMeasurement): EquivarianceMessage {
  return { kind: 'heatmaps', frame: circularFrame(size), heatmaps: layers.map(expectedHeatmap), notes, omitted };
}

/** A heatmap that is expected but not measured yet. */
function expectedHeatmap(layer: MeasuredLayer, index: number): HeatmapView {
  const { name, op, channels, size, spatialStride, period, step, before } = layer;
  return {
    index,
    name,
    ...namesOf(layer),
    op,
    channels,
    size,
    spatialStride,
    period,
    step,
    repeats: step[0] === 1 && step[1] === 1,
    tile: null,
    mean: null,
    min: null,
    before,
  };
}

/** A measured heatmap. */
export function measuredHeatmap({ layer, tile, mean, min }: Heatmap, index: number): HeatmapView {
  return { ...expectedHeatmap(layer, index), tile: Array.from(tile), mean, min };
}

/** A measurement under the circular protocol. */
export function circularMessages({ measurement, picture, classNames }: CircularResult): readonly EquivarianceMessage[] {
  const { size, heatmaps, notes, omitted, output } = measurement;
  return [
    { kind: 'heatmaps', frame: circularFrame(size), heatmaps: heatmaps.map(measuredHeatmap), notes, omitted },
    { kind: 'picture', picture },
    { kind: 'classes', classes: 'reason' in output ? null : classMapView(output, classNames) },
  ];
}

/** The frame of the circular protocol: every shift of the image. */
function circularFrame(size: ShiftFrame['size']): ShiftFrame {
  return { protocol: 'circular', size, origin: [0, 0], diagonal: false };
}

/** A single number is no class. */
function classMapView(output: OutputMap, names: ClassNames | null): ClassMapView | null {
  if (output.values < 2) return null;
  const map = classMap(output);
  const { meaning, top, unshifted } = classScores(output);
  return {
    period: map.period,
    step: map.step,
    classes: Array.from(map.classes),
    shares: classCounts(map).map(({ label, share }) => ({ label, share, name: names?.names[label] ?? null })),
    namedBy: names === null ? null : (names.file ?? 'metadata'),
    scores: { meaning, top: Array.from(top), unshifted: Array.from(unshifted) },
  };
}

/** A measurement of the model as deployed. */
export function deployedMessages(
  { size, grid, placed, heatmaps, omitted }: DeployedMeasurement,
  notes: readonly string[],
): readonly EquivarianceMessage[] {
  const { step, pattern } = grid;
  const frame: ShiftFrame = {
    protocol: 'deployed',
    size: [placed.rows * step, placed.columns * step],
    origin: placed.shifts[0] ?? [0, 0],
    diagonal: pattern === 'diagonal',
  };
  const view = ({ name, op, channels, size: map, values, mean, min, before, ...names }: DeployedHeatmap, index: number): HeatmapView => ({
    index,
    name,
    ...namesOf(names),
    op,
    channels,
    size: map,
    spatialStride: [size[0] / map[0], size[1] / map[1]],
    period: frame.size,
    step: [step, step],
    repeats: false,
    tile: Array.from(values),
    mean,
    min,
    before,
  });
  const few = t`The model as it is, on crops of a larger canvas moved by ${area([placed.rows, placed.columns])} shifts, every ${step} pixels.`;
  return [
    { kind: 'heatmaps', frame, heatmaps: heatmaps.map(view), notes: [few, ...notes], omitted },
    { kind: 'picture', picture: null },
    { kind: 'classes', classes: null },
  ];
}
