import type { DeployedMeasurement } from '../equivariance/measure/deployed';
import { namesOf } from '../graph/layer-labels';
import type { AxisPair } from '../graph/model-graph';
import { mapName, type ReportedLayer } from './measure-report';

/** What `shiftlint measure --protocol deployed --json` prints; a public contract. */
export interface DeployedReport {
  readonly model: string;
  readonly backend: string;
  readonly protocol: 'deployed';
  readonly metric: DeployedMeasurement['metric'];
  readonly input: { readonly height: number; readonly width: number };
  /** Maps are `[rows, columns]`, from the largest shift up and left to the largest down and right. */
  readonly shifts: {
    readonly pattern: 'grid' | 'diagonal';
    readonly largest: AxisPair;
    readonly step: number;
    readonly rows: number;
    readonly columns: number;
  };
  readonly layers: readonly Omit<ReportedLayer, 'spatialStride' | 'period' | 'step'>[];
  readonly omitted: DeployedMeasurement['omitted'];
  readonly notes: readonly string[];
  /** Every file that was written; absent without `--maps`. */
  readonly files?: readonly string[];
}

/** Shapes a deployed measurement for scripts; `files` where its maps have been written. */
export function deployedReport(
  model: string,
  backend: string,
  measurement: DeployedMeasurement,
  notes: readonly string[],
  files?: readonly string[],
): DeployedReport {
  const { metric, size, grid, placed, heatmaps } = measurement;
  return {
    model,
    backend,
    protocol: 'deployed',
    metric,
    input: { height: size[0], width: size[1] },
    shifts: { ...grid, rows: placed.rows, columns: placed.columns },
    layers: heatmaps.map((heatmap, index) => ({
      name: heatmap.name,
      ...namesOf(heatmap),
      op: heatmap.op,
      shape: [heatmap.channels, ...heatmap.size],
      mean: heatmap.mean,
      min: heatmap.min,
      map: files ? `${mapName(index, heatmap.label)}.npy` : null,
    })),
    omitted: measurement.omitted,
    notes,
    ...(files && { files }),
  };
}
