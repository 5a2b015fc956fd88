import type { FormatId, AxisPair } from '../graph/model-graph';
import type { ModelErrorCode } from '../formats/format';
import type { Finding, RuleId, Severity } from '../rules/rule';

/** One file as judged, or the reason why it could not be. */
export interface LintedFile {
  readonly path: string;
  readonly format: FormatId | null;
  readonly findings: readonly Finding[];
  readonly errors: readonly { readonly code: ModelErrorCode; readonly message: string }[];
}

/** What `shiftlint lint --json` prints; a public contract. */
export interface LintReport {
  readonly files: readonly {
    readonly path: string;
    readonly format: FormatId | null;
    readonly findings: readonly ReportedFinding[];
    readonly errors: LintedFile['errors'];
  }[];
}

/** A finding as scripts see it. */
export interface ReportedFinding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly layer: string;
  readonly op: string;
  readonly message: string;
  readonly stride: AxisPair;
  readonly cumulativeStride: AxisPair;
  readonly fixable: boolean;
}

/** Shapes findings for scripts. */
export function lintReport(files: readonly LintedFile[]): LintReport {
  return {
    files: files.map(({ path, format, findings, errors }) => ({ path, format, findings: findings.map(reportFinding), errors })),
  };
}

function reportFinding({ rule, severity, layer, op, message, stride, cumulativeStride, fix }: Finding): ReportedFinding {
  return { rule, severity, layer, op, message, stride, cumulativeStride, fixable: fix.ok };
}

/** Least severe first, so that "at or above" is a comparison of ranks. */
const severityOrder: readonly Severity[] = ['hint', 'information', 'warning', 'error'];

/** True where a severity is at or above a threshold. */
export function reaches(severity: Severity, threshold: Severity): boolean {
  return severityOrder.indexOf(severity) >= severityOrder.indexOf(threshold);
}

/** Narrows user input to a severity. */
export function isSeverity(text: string): text is Severity {
  return (severityOrder as readonly string[]).includes(text);
}
