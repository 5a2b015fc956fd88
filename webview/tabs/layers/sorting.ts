import type { LayerRow } from '../../../src/panel-protocol/model';
import { columns, type SortKey, type TableSettings } from './columns';

const collator = new Intl.Collator('en', { numeric: true });

/** Rows as the user wants them; those of which the value is not known come last either way, and equal ones in depth order. */
export function sortedLayers(
  rows: readonly LayerRow[],
  { layerSort, layerSortDown }: Pick<TableSettings, 'layerSort' | 'layerSortDown'>,
  means: ReadonlyMap<string, number>,
): readonly LayerRow[] {
  if (layerSort === 'depth') return layerSortDown ? rows.toReversed() : rows;
  const keyed = rows.map((row) => ({ row, value: valueOf(row, layerSort, means) }));
  const direction = layerSortDown ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return direction * compared(a.value, b.value);
  });
  return keyed.map(({ row }) => row);
}

function valueOf(row: LayerRow, key: Exclude<SortKey, 'depth'>, means: ReadonlyMap<string, number>): number | string | null {
  if (key === 'name') return row.label;
  return key === 'mean' ? (means.get(row.layer) ?? null) : columns[key].value(row);
}

function compared(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -1 : 1;
  return collator.compare(String(a), String(b));
}

/** What a press on a head asks for: names from A on and numbers from the largest on first, then the other way, then depth again. */
export function afterPress(key: SortKey, { layerSort, layerSortDown }: TableSettings): Pick<TableSettings, 'layerSort' | 'layerSortDown'> {
  const downFirst = key !== 'name' && key !== 'op';
  if (layerSort !== key) return { layerSort: key, layerSortDown: downFirst };
  return layerSortDown === downFirst ? { layerSort: key, layerSortDown: !downFirst } : { layerSort: 'depth', layerSortDown: false };
}

/** The row with a finding after a place, or before it, round the ends; undefined where no row has one. @param from -1 for none */
export function findingFrom(rows: readonly LayerRow[], from: number, step: 1 | -1): LayerRow | undefined {
  const count = rows.length;
  const start = from < 0 && step < 0 ? count : from;
  for (let distance = 1; distance <= count; distance++) {
    const row = rows[(((start + step * distance) % count) + count) % count];
    if (row !== undefined && row.finding !== null) return row;
  }
  return undefined;
}
