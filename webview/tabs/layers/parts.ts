import type { LayerRow } from '../../../src/panel-protocol/model';

/** Some rows of the table that come and go together. */
export interface TablePart {
  readonly rows: readonly LayerRow[];
  /** Place of its first one among all. */
  readonly first: number;
  /** Rows of the table, the head and findings among them, counted from 1. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** CSS pixels that it takes, as far as can be told before it was shown. */
  readonly estimate: number;
}

const rowsOfPart = 40;
/** In CSS pixels, with a finding of two lines and its ways out. */
const rowHeight = 25;
const findingHeight = 112;

/** The rows in parts, in order. */
export function partsOf(rows: readonly LayerRow[]): readonly TablePart[] {
  const parts: TablePart[] = [];
  let firstRow = 2;
  for (let first = 0; first < rows.length; first += rowsOfPart) {
    const some = rows.slice(first, first + rowsOfPart);
    const findings = some.filter(({ finding }) => finding !== null).length;
    const lastRow = firstRow + some.length + findings - 1;
    parts.push({ rows: some, first, firstRow, lastRow, estimate: some.length * rowHeight + findings * findingHeight });
    firstRow = lastRow + 1;
  }
  return parts;
}
