import { t } from '@vscode/l10n';
import type { HeatmapView } from '../../src/panel-protocol/studies/equivariance';
import { valueText, type HeatmapReading, type MeasuredHeatmap } from './reading';

/** What kind of map it is. */
export function mapText({ op, channels, size }: HeatmapView): string {
  return `${op} · ${channels === 1 ? t`1 channel` : t`${channels} channels`} · ${size[0]} × ${size[1]}`;
}

/** How often a map repeats, or how far the shifts lie apart that a map was run for which never does. */
export function periodText({ period: [periodY, periodX], step, repeats }: Pick<HeatmapView, 'period' | 'step' | 'repeats'>): string {
  if (!repeats) return step[0] === 1 ? t`run every px` : t`run every ${step[0]} px`;
  if (periodY === 1 && periodX === 1) return t`the same at every shift`;
  return periodY === periodX ? t`repeats every ${periodY} px` : t`repeats every ${periodY} px down, ${periodX} px across`;
}

/** A value with its shift. */
export function readingText({ dy, dx, value }: HeatmapReading): string {
  return `dy ${dy}, dx ${dx}: ${valueText(value)}`;
}

/** What a screen reader says of a map. */
export function spokenHeatmap(heatmap: MeasuredHeatmap): string {
  const { name, op, mean, min } = heatmap;
  return t`${name}, ${op}: mean ${valueText(mean)}, worst ${valueText(min)}, ${periodText(heatmap)}`;
}
