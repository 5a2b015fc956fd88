import type { Severity } from '../../rules/rule';
import { visibleText } from '../visible-text';
import { fileLines, messageOutside, type LintIssue } from './issues';

/** Levels of GitHub's annotations. */
const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' };

/**
 * Workflow commands that GitHub Actions turns into annotations beside the changed lines, one line each
 * (docs.github.com, *Workflow commands for GitHub Actions*). Columns count from 1; the end is the last one that belongs to it.
 */
export function githubLines(issues: readonly LintIssue[]): readonly string[] {
  return issues.map((issue) => {
    const lines = fileLines(issue);
    const properties: readonly (readonly [string, string | number])[] = [
      ['file', issue.path],
      ...(lines === undefined ? [] : placeProperties(lines)),
      ['title', `Shiftlint: ${issue.code}`],
    ];
    const said = properties.map(([name, value]) => `${name}=${escapedProperty(String(value))}`).join(',');
    return `::${levels[issue.severity]} ${said}::${escapedData(messageOutside(issue))}`;
  });
}

/** GitHub takes columns only for what stands on one line. */
function placeProperties({ start, end }: NonNullable<ReturnType<typeof fileLines>>): readonly (readonly [string, number])[] {
  if (end.line !== start.line)
    return [
      ['line', start.line],
      ['endLine', end.line],
    ];
  return [
    ['line', start.line],
    ['endLine', end.line],
    ['col', start.column],
    ['endColumn', Math.max(start.column, end.column - 1)],
  ];
}

/** What a name in a message would make GitHub do is written out first; then what would end the message. */
function escapedData(text: string): string {
  return visibleText(text).replaceAll('%', '%25');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
