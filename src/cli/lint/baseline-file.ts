import { existsSync } from 'node:fs';
import { baselineAfter, baselineText, parseBaseline, type Baseline } from '../../core/report/lint/baseline';
import type { LintIssue } from '../../core/report/lint/issues';
import { limits } from '../../core/limits';
import { ModelError } from '../../core/model-error';
import { readRegularFile } from '../../engine/input/regular-file';
import { writeFiles } from '../../engine/output/write-files';
import { UsageError, type ParsedWords } from '../command';
import { printNotes } from '../print';

/** What a call wants of a baseline: to hold findings against it, to accept all, or to drop what is gone. */
export interface BaselineWish {
  readonly file: string;
  readonly work: 'compare' | 'write' | 'prune';
}

export const baselineUsage = '[--baseline FILE [--write-baseline|--prune-baseline]]';

const none: Baseline = { version: 1, findings: [] };

/** `--baseline` and what is to be done with it; undefined without one. @throws UsageError */
export function baselineWish(parsed: ParsedWords): BaselineWish | undefined {
  const file = parsed.text('baseline');
  const [writes, prunes] = [parsed.flag('write-baseline'), parsed.flag('prune-baseline')];
  if (writes && prunes) throw new UsageError('--write-baseline drops what is gone as well: name one of the two.');
  if (file === undefined && (writes || prunes)) throw new UsageError('Name the file of the baseline: --baseline FILE.');
  return file === undefined ? undefined : { file, work: writes ? 'write' : prunes ? 'prune' : 'compare' };
}

/** Reads a baseline. @throws ModelError where there is none, unless one is to be written, or where it is something else */
export async function readBaseline({ file, work }: BaselineWish): Promise<Baseline> {
  if (work === 'write' && !existsSync(file)) return none;
  const baseline = parseBaseline(new TextDecoder().decode(await readRegularFile(file, limits.textBytes.most)));
  if (typeof baseline === 'string') throw new ModelError('malformed', `"${file}" cannot be used as a baseline: ${baseline}`);
  return baseline;
}

/**
 * Writes the baseline that a run leaves, and says on standard error what it holds.
 *
 * @param paths of all files that were judged @returns what the file holds now @throws ModelError
 */
export async function writeBaseline(
  { file, work }: BaselineWish,
  before: Baseline,
  issues: readonly LintIssue[],
  paths: ReadonlySet<string>,
): Promise<Baseline> {
  const judged = { has: (path: string) => paths.has(path), isThere: existsSync };
  const findings = baselineAfter(before, issues, judged, work === 'write');
  const bytes = new TextEncoder().encode(baselineText(findings));
  await writeFiles({ beside: [], main: { file, bytes }, mayReplace: true });
  printNotes([`${file}: ${findings.length} accepted ${findings.length === 1 ? 'finding' : 'findings'}, ${before.findings.length} before.`]);
  return { version: 1, findings };
}
