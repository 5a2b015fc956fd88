import type { LintedFile } from '../lint-report';
import type { LintIssue } from './issues';

/** A finding that a project has decided to live with for now. */
export interface AcceptedFinding {
  readonly fingerprint: string;
  /** For people who read the file; only the fingerprint counts. */
  readonly path: string;
  readonly rule: string;
  readonly subject: string | null;
}

/** What a baseline file holds; a public contract. */
export interface Baseline {
  readonly version: 1;
  readonly findings: readonly AcceptedFinding[];
}

/** A baseline of all findings among the issues, as text: one line a finding, in the order of files, so that its differences are small. */
export function baselineText(findings: readonly AcceptedFinding[]): string {
  const sorted = [...findings].sort((a, b) => compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint));
  const lines = sorted.map(({ fingerprint, path, rule, subject }) => `    ${JSON.stringify({ fingerprint, path, rule, subject })}`);
  return `{\n  "version": 1,\n  "findings": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`;
}

/** What a baseline keeps of a finding. */
export function accepted({ fingerprint, path, code, subject }: LintIssue): AcceptedFinding {
  return { fingerprint, path, rule: code, subject };
}

/**
 * The baseline after a run: entries of files that were not judged stay, as long as there is such a file; of those that were judged stay
 * what was found again, and with `adds` comes what is new.
 */
export function baselineAfter(
  before: Baseline,
  issues: readonly LintIssue[],
  judged: JudgedFiles,
  adds: boolean,
): readonly AcceptedFinding[] {
  const found = issues.filter(({ kind }) => kind === 'finding').map(accepted);
  const present = new Set(found.map(({ fingerprint }) => fingerprint));
  const kept = before.findings.filter(({ fingerprint, path }) =>
    judged.has(path) ? !adds && present.has(fingerprint) : judged.isThere(path),
  );
  return adds ? [...kept, ...found] : kept;
}

/** What remains beside a baseline. */
export interface Unaccepted {
  readonly files: readonly LintedFile[];
  readonly issues: readonly LintIssue[];
  /** How many findings were kept back. */
  readonly accepted: number;
}

/** Files as a run has met them, by their paths. */
export interface JudgedFiles {
  has(path: string): boolean;
  /** True where such a file exists, judged or not. */
  isThere(path: string): boolean;
}

/**
 * Files, and what they have to say, without the findings that a baseline has accepted.
 *
 * @param issues of all of the files
 */
export function withoutAccepted(files: readonly LintedFile[], issues: readonly LintIssue[], { findings }: Baseline): Unaccepted {
  const known = new Set(findings.map(({ fingerprint }) => fingerprint));
  const isNew = issues.filter(({ kind }) => kind === 'finding').map(({ fingerprint }) => !known.has(fingerprint));
  let at = 0;
  const rest = files.map((file): LintedFile => {
    const first = at;
    at += file.findings.length;
    const remains = (_: unknown, place: number): boolean => isNew[first + place] === true;
    return 'text' in file ? { ...file, findings: file.findings.filter(remains) } : { ...file, findings: file.findings.filter(remains) };
  });
  return {
    files: rest,
    issues: issues.filter(({ kind, fingerprint }) => kind !== 'finding' || !known.has(fingerprint)),
    accepted: isNew.filter((one) => !one).length,
  };
}

/** Reads a baseline file. @returns what is wrong with it as a sentence where it is none */
export function parseBaseline(text: string): Baseline | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'It is no JSON.';
  }
  if (typeof value !== 'object' || value === null || !('version' in value) || !('findings' in value))
    return 'It is no baseline of Shiftlint.';
  if (value.version !== 1) return 'It is of another version.';
  const { findings } = value;
  return Array.isArray(findings) && findings.every(isAccepted) ? { version: 1, findings } : 'Its findings have another form.';
}

function isAccepted(value: unknown): value is AcceptedFinding {
  if (typeof value !== 'object' || value === null) return false;
  const { fingerprint, path, rule, subject } = value as Partial<Record<keyof AcceptedFinding, unknown>>;
  return [fingerprint, path, rule].every((part) => typeof part === 'string') && (subject === null || typeof subject === 'string');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
