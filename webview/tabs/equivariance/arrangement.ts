import type { AxisPair } from '../../../src/panel-protocol/core/geometry';
import type { FindingView, LayerRow } from '../../../src/panel-protocol/model';
import { tellingLoss } from '../../heatmap/telling-loss';
import type { HeatmapView } from '../../../src/panel-protocol/studies/equivariance';

/** By which the maps are ordered: as the network goes, or the worst first. */
export const mapOrders = ['depth', 'mean', 'worst', 'loss'] as const;
export type MapOrder = (typeof mapOrders)[number];

/** Which maps are shown; the first is what a page opens on. */
export const mapChoices = ['telling', 'findings', 'strided', 'all'] as const;
export type MapChoice = (typeof mapChoices)[number];

/** What the user wants to see of the maps. */
export interface MapSettings {
  readonly mapChoice: MapChoice;
  readonly mapOrder: MapOrder;
  readonly mapSearch: string;
}

/** A map with what the network around it tells. */
export interface JudgedMap {
  readonly heatmap: HeatmapView;
  /** What the layer loses of the mean: that of the worst map it is made of, 1 for the image, less its own; null until both are known. */
  readonly loss: number | null;
  /** True where it has fewer samples than what it is made of. */
  readonly isStrided: boolean;
  readonly finding: FindingView | null;
  /** True where it is worth a look: it downsamples, has a finding, or is among those that lose most. */
  readonly isTelling: boolean;
  /** What a search looks through, in small letters. */
  readonly searched: string;
}

/** Maps of one resolution that follow each other; of all maps where they are not in the order of the network. */
export interface Stage {
  /** Size of its maps; null for maps of all stages. */
  readonly size: AxisPair | null;
  readonly maps: readonly JudgedMap[];
}

/** So many of the layers that lose most are shown whatever they are. */
const worstShown = 6;

/** Joins the maps with each other and with the findings of the Layers tab. */
export function judgedMaps(heatmaps: readonly HeatmapView[], layers: readonly LayerRow[]): readonly JudgedMap[] {
  const byName = new Map(heatmaps.map((heatmap) => [heatmap.name, heatmap]));
  const findings = new Map(layers.map(({ layer, finding }) => [layer, finding]));
  const judged = heatmaps.map((heatmap) => {
    const before = heatmap.before.flatMap((name) => byName.get(name) ?? []);
    const finding = findings.get(heatmap.layer) ?? null;
    const { label, node, tensor, op } = heatmap;
    const searched = `${label} ${node} ${tensor} ${op} ${finding?.rule ?? ''}`.toLowerCase();
    return { heatmap, loss: lossOf(heatmap, before), isStrided: isStrided(heatmap, before), finding, searched };
  });
  const losses = judged.map(({ loss }) => loss ?? 0).toSorted((one, other) => other - one);
  const least = Math.max(losses[worstShown - 1] ?? 0, tellingLoss);
  return judged.map((map) => ({ ...map, isTelling: map.isStrided || map.finding !== null || (map.loss ?? 0) >= least }));
}

/** The layers at which most is lost, most first; those that lose nothing are not among them. */
export function worstLosses(maps: readonly JudgedMap[], count: number): readonly JudgedMap[] {
  return ordered(maps, 'loss')
    .filter(({ loss }) => (loss ?? 0) >= tellingLoss)
    .slice(0, count);
}

/** The maps that are to be shown, in order; by the order of the network each stage by itself. */
export function arranged(maps: readonly JudgedMap[], settings: MapSettings): readonly Stage[] {
  const words = settings.mapSearch.toLowerCase().split(/\s+/);
  const shown = maps.filter((map) => isChosen(map, settings.mapChoice) && isFound(map, words));
  if (settings.mapOrder !== 'depth') return shown.length === 0 ? [] : [{ size: null, maps: ordered(shown, settings.mapOrder) }];
  const stages: { size: AxisPair; maps: JudgedMap[] }[] = [];
  for (const map of shown) {
    const { size } = map.heatmap;
    const last = stages.at(-1);
    if (last?.size[0] === size[0] && last.size[1] === size[1]) last.maps.push(map);
    else stages.push({ size, maps: [map] });
  }
  return stages;
}

/** Whether a map needs no picture: it is as equivariant as what it is made of. */
export function keepsEquivariance({ loss, isTelling }: JudgedMap): boolean {
  return !isTelling && loss !== null && Math.abs(loss) < tellingLoss;
}

function lossOf({ mean }: HeatmapView, before: readonly HeatmapView[]): number | null {
  const means = before.map((map) => map.mean);
  if (mean === null || means.includes(null)) return null;
  return Math.min(1, ...means.map((value) => value ?? 1)) - mean;
}

function isStrided({ spatialStride: [down, across] }: HeatmapView, before: readonly HeatmapView[]): boolean {
  const strides = before.length === 0 ? [[1, 1] as const] : before.map(({ spatialStride }) => spatialStride);
  return strides.every(([y, x]) => down > y || across > x);
}

function isChosen(map: JudgedMap, choice: MapChoice): boolean {
  switch (choice) {
    case 'telling':
      return map.isTelling;
    case 'findings':
      return map.finding !== null;
    case 'strided':
      return map.isStrided;
    case 'all':
      return true;
  }
}

function isFound({ searched }: JudgedMap, words: readonly string[]): boolean {
  return words.every((word) => searched.includes(word));
}

/** Stable: equal ones stay in the order of the network. Maps that are still to come are last. */
function ordered(maps: readonly JudgedMap[], order: MapOrder): readonly JudgedMap[] {
  const badness = ({ heatmap: { mean, min }, loss }: JudgedMap): number => {
    if (order === 'depth') return 0;
    if (order === 'loss') return loss ?? -Infinity;
    const value = order === 'mean' ? mean : min;
    return value === null ? -Infinity : -value;
  };
  return maps.toSorted((one, other) => {
    const [first, second] = [badness(one), badness(other)];
    return first === second ? 0 : second - first;
  });
}
