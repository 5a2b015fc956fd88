import type { Severity } from '../../rules/rule';
import { fileLines, messageOutside, type LintIssue } from './issues';

/** A finding in the report of GitLab's Code Quality (docs.gitlab.com, *Code Quality report format*). */
export interface GitlabFinding {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: 'info' | 'minor' | 'major' | 'critical';
  readonly location: { readonly path: string; readonly lines: { readonly begin: number; readonly end?: number } };
}

const severities: Readonly<Record<Severity, GitlabFinding['severity']>> = {
  error: 'critical',
  warning: 'major',
  information: 'minor',
  hint: 'info',
};

/** The report. What has no line, as the layers of a model, stands at the file's first, since GitLab asks for one. */
export function gitlabReport(issues: readonly LintIssue[]): readonly GitlabFinding[] {
  return issues.map((issue) => {
    const lines = fileLines(issue);
    return {
      description: messageOutside(issue),
      check_name: issue.code,
      fingerprint: issue.fingerprint,
      severity: severities[issue.severity],
      location: { path: issue.path, lines: lines === undefined ? { begin: 1 } : { begin: lines.start.line, end: lines.end.line } },
    };
  });
}
