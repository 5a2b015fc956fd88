import { belowThresholds, parseThreshold, type NamedFigure, type Threshold } from '../core/report/thresholds';
import { UsageError, type OptionDeclaration, type ParsedWords } from './command';
import { printNotes } from './print';

/** By which commands that measure make a pipeline fail. */
export const thresholdOptions = { 'fail-under': { type: 'string', multiple: true } } as const satisfies Readonly<
  Record<string, OptionDeclaration>
>;

/** `--fail-under`, given any number of times. @throws UsageError */
export function thresholdsOf(parsed: ParsedWords): readonly Threshold[] {
  return parsed.list('fail-under').map((text) => {
    const threshold = parseThreshold(text);
    if (threshold === undefined) throw new UsageError(`--fail-under takes a number from 0 to 1, or NAME=NUMBER, not "${text}".`);
    return threshold;
  });
}

/**
 * Says on standard error which figures are below what was asked for.
 *
 * @returns the exit code: 1 where there is one @throws UsageError for a name that has no figure
 */
export function exitCodeFor(figures: readonly NamedFigure[], thresholds: readonly Threshold[]): number {
  const { below, unknown } = belowThresholds(figures, thresholds);
  if (unknown.length > 0) throw new UsageError(`--fail-under names "${unknown.join('", "')}", of which nothing was measured.`);
  printNotes(below);
  return below.length === 0 ? 0 : 1;
}
