import { createHash } from 'node:crypto';
import path from 'node:path';
import { lintIssues, type LintIssue } from '../../core/report/lint/issues';
import type { LintedFile, RelatedSource } from '../../core/report/lint-report';
import { withSlashes } from '../code/disk-project';

/** A path from the working folder, with slashes on every system: the same on every machine that holds a project. */
export function fromHere(file: string): string {
  return withSlashes(path.relative(process.cwd(), path.resolve(file)));
}

/** What files have to say, by paths from the working folder. */
export function issuesFromHere(files: readonly LintedFile[]): readonly LintIssue[] {
  return lintIssues(files.map(placedFromHere), (text) => createHash('sha256').update(text).digest('hex').slice(0, 32));
}

function placedFromHere(file: LintedFile): LintedFile {
  const place = fromHere(file.path);
  if (!('text' in file)) return { ...file, path: place };
  return { ...file, path: place, findings: file.findings.map((finding) => ({ ...finding, related: finding.related.map(slashed) })) };
}

function slashed(place: RelatedSource): RelatedSource {
  return place.elsewhere === undefined ? place : { ...place, elsewhere: { ...place.elsewhere, file: withSlashes(place.elsewhere.file) } };
}
