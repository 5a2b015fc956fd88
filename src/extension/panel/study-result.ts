import { classCounts, classMap } from '../../core/consistency/class-map';
import type { DeployedHeatmap, DeployedMeasurement } from '../../core/equivariance/measure/deployed';
import type { Heatmap, Measurement } from '../../core/equivariance/measure/measurement';
import type { MeasuredLayer } from '../../core/equivariance/plan/measure-plan';
import { area } from '../../core/graph/period';
import type { AdviceReport, CompareReport } from '../../core/report/compare-report';
import type { ConsistencyReport } from '../../core/report/consistency-report';
import type { ClassMapView, HeatmapView, ShiftFrame, ToWebview } from '../../panel-protocol/messages';

/** What a task came to: shown, kept and exported. */
export type StudyResult =
  | {
      readonly task: 'measure';
      readonly backend: string;
      readonly measurement: Measurement | DeployedMeasurement;
      readonly notes: readonly string[];
    }
  | { readonly task: 'consistency'; readonly backend: string; readonly report: ConsistencyReport }
  | { readonly task: 'compare'; readonly backend: string; readonly report: CompareReport }
  | { readonly task: 'advise'; readonly backend: string; readonly report: AdviceReport };

/** What a page has to be told to show a result. */
export function resultMessages(result: StudyResult): readonly ToWebview[] {
  switch (result.task) {
    case 'measure':
      return 'grid' in result.measurement ? deployedMessages(result.measurement, result.notes) : circularMessages(result.measurement);
    case 'consistency':
      return [{ kind: 'consistency', report: result.report }];
    case 'compare':
      return [{ kind: 'compare', report: result.report }];
    case 'advise':
      return [{ kind: 'advise', report: result.report }];
  }
}

/** The frame of the circular protocol: every shift of the image. */
export function circularFrame(size: ShiftFrame['size']): ShiftFrame {
  return { protocol: 'circular', size, origin: [0, 0], diagonal: false };
}

/** A heatmap that is expected but not measured yet. */
export function expectedHeatmap(layer: MeasuredLayer, index: number): HeatmapView {
  const { name, op, channels, size, spatialStride, period, step } = layer;
  return {
    index,
    name,
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
  };
}

/** A measured heatmap. */
export function measuredHeatmap({ layer, tile, mean, min }: Heatmap, index: number): HeatmapView {
  return { ...expectedHeatmap(layer, index), tile: Array.from(tile), mean, min };
}

function circularMessages({ size, heatmaps, notes, omitted, output }: Measurement): readonly ToWebview[] {
  return [
    { kind: 'heatmaps', frame: circularFrame(size), heatmaps: heatmaps.map(measuredHeatmap), notes, omitted },
    { kind: 'classes', classes: 'reason' in output ? null : classMapView(output) },
  ];
}

/** A single number is no class. */
function classMapView(output: Exclude<Measurement['output'], { reason: string }>): ClassMapView | null {
  if (output.values < 2) return null;
  const map = classMap(output);
  return { period: map.period, step: map.step, classes: Array.from(map.classes), shares: classCounts(map) };
}

function deployedMessages({ size, grid, placed, heatmaps }: DeployedMeasurement, notes: readonly string[]): readonly ToWebview[] {
  const { step, pattern } = grid;
  const frame: ShiftFrame = {
    protocol: 'deployed',
    size: [placed.rows * step, placed.columns * step],
    origin: placed.shifts[0] ?? [0, 0],
    diagonal: pattern === 'diagonal',
  };
  const view = ({ layer, op, channels, size: map, values, mean, min }: DeployedHeatmap, index: number): HeatmapView => ({
    index,
    name: layer,
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
  });
  const few = `The model as it is, on crops of a larger canvas moved by ${area([placed.rows, placed.columns])} shifts, every ${step} pixels.`;
  return [
    { kind: 'heatmaps', frame, heatmaps: heatmaps.map(view), notes: [few, ...notes], omitted: [] },
    { kind: 'classes', classes: null },
  ];
}
