import { limits } from '../core/limits';
import { ModelError } from '../core/model-error';
import type { CompareReport } from '../core/report/compare-report';
import { lostEquivariance, measurementOf, parseKeptMeasurement, type KeptMeasurement } from '../core/report/kept-measurement';
import { readRegularFile } from '../engine/input/regular-file';
import { UsageError, type OptionDeclaration, type ParsedWords } from './command';
import { printNotes } from './print';

/** How much less a figure may be than it was, unless the call says otherwise: what a few epochs move by themselves. */
const defaultTolerance = 0.01;

/** By which a model is held against an earlier one. */
export const againstOptions = { against: { type: 'string' }, tolerance: { type: 'string' } } as const satisfies Readonly<
  Record<string, OptionDeclaration>
>;

/** What a model is held against. */
export interface Against {
  readonly file: string;
  readonly kept: KeptMeasurement;
  readonly tolerance: number;
}

/** `--against` and `--tolerance`; undefined without. @throws UsageError, ModelError */
export async function againstOf(parsed: ParsedWords): Promise<Against | undefined> {
  const file = parsed.text('against');
  const text = parsed.text('tolerance');
  const tolerance = text === undefined ? defaultTolerance : Number(text);
  if (text === '' || !(tolerance >= 0 && tolerance <= 1))
    throw new UsageError(`--tolerance takes a number from 0 to 1, not "${text ?? ''}".`);
  if (file === undefined) return undefined;
  const kept = parseKeptMeasurement(new TextDecoder().decode(await readRegularFile(file, limits.jsonBytes.most)));
  if (kept === undefined) throw new ModelError('malformed', `"${file}" is not what "compare --json" or "measure --json" prints.`);
  return { file, kept, tolerance };
}

/**
 * Says on standard error what the model has lost.
 *
 * @returns the exit code: 1 where that is something @throws ModelError where the two differ in kind
 */
export function exitCodeAgainst({ file, kept, tolerance }: Against, report: CompareReport): number {
  const lost = lostEquivariance(kept, measurementOf(report), tolerance);
  if (typeof lost === 'string') throw new ModelError('unsupported', `"${file}" cannot be compared with this model: ${lost}`);
  printNotes(lost.map(({ label, before, now }) => `${label}: ${now === null ? 'gone' : now.toFixed(4)}, before ${before.toFixed(4)}.`));
  return lost.length === 0 ? 0 : 1;
}
