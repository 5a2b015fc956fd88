import type { ImageRow } from '../consistency/image-row';
import type { Share } from '../consistency/interval';
import type { NamedLayer } from '../graph/layer-labels';
import { variantTitle, type AdviceReport, type CompareReport } from './compare-report';
import type { ConsistencyReport } from './consistency-report';
import type { DeployedReport } from './deployed-report';
import type { MeasureReport } from './measure-report';
import { visibleText } from './visible-text';

type Cell = string | number | null;

/** One row per layer, of a measurement under either protocol. */
export function measureCsv({ layers }: MeasureReport | DeployedReport): string {
  const head = ['label', 'node', 'tensor', 'op', 'channels', 'height', 'width', 'period_y', 'period_x', 'mean', 'min'];
  return csv(
    head,
    layers.map((layer) => {
      const [y, x] = 'period' in layer ? layer.period : [null, null];
      return [...nameCells(layer), layer.op, ...layer.shape, y, x, layer.mean, layer.min];
    }),
  );
}

/** One row per image. */
export function consistencyCsv({ images }: ConsistencyReport): string {
  return consistencyCsvHead + images.map(consistencyCsvRow).join('');
}

/** What each column of a row is. */
export const consistencyCsvHead = line(['image', 'label', 'top', 'pairs', 'agreeing', 'invariance', 'correct_shifts']);

/** The row of one image. */
export function consistencyCsvRow({ image, label, top, pairs, agreeing, invariance, correctShifts }: ImageRow): string {
  return line([image, label, top, pairs, agreeing, invariance, correctShifts]);
}

/** One row per layer with a column per variant, then a row per figure of the whole model. */
export function compareCsv({ layers, variants }: CompareReport): string {
  const share = (value: Share | null | undefined): number | null => value?.value ?? null;
  return csv(
    ['label', 'node', 'tensor', ...variants.map(variantTitle)],
    [
      ...layers.map((layer, index) => [...nameCells(layer), ...variants.map(({ means }) => means[index] ?? null)]),
      ['multiply_add_share', null, null, ...variants.map(({ price }) => price?.multiplyAddShare ?? null)],
      ['consistency', null, null, ...variants.map(({ consistency }) => share(consistency?.consistency))],
      ['invariance', null, null, ...variants.map(({ consistency }) => consistency?.invariance ?? null)],
      ['accuracy', null, null, ...variants.map(({ consistency }) => share(consistency?.accuracy))],
      ['fidelity', null, null, ...variants.map(({ fidelity }) => share(fidelity))],
    ],
  );
}

/** One row per fix, the best first. */
export function adviceCsv({ fixes }: AdviceReport): string {
  const head = [
    'label',
    'node',
    'tensor',
    'equivariance_gain',
    'consistency_gain',
    'multiply_add_share',
    'gain_per_multiply_add',
    'fidelity',
  ];
  return csv(
    head,
    fixes.map((fix) => [...nameCells(fix), fix.equivariance, fix.consistency, fix.multiplyAddShare, fix.gainPerMultiplyAdd, fix.fidelity]),
  );
}

/** The first three columns of every table of layers. */
function nameCells({ label, node, tensor }: NamedLayer): readonly string[] {
  return [label, node, tensor];
}

/** Comma-separated values by RFC 4180, with a head line. Unknown values are empty. */
function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map(line).join('');
}

function line(row: readonly Cell[]): string {
  return `${row.map(quoted).join(',')}\r\n`;
}

/** A text is one line; what a spreadsheet would take for a formula is kept from being one by a leading apostrophe. */
function quoted(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  const shown = visibleText(cell);
  const text = /^[=+\-@]/.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
