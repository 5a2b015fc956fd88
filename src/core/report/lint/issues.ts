import type { Severity } from '../../rules/rule';
import { placesOf, type LintedFile, type LintedModel, type LintedSource, type SourcePosition } from '../lint-report';

/** One thing that linting has to say of a file, in the one form that reports for other programs are made of. */
export interface LintIssue {
  /** What was found, what was not looked at, or why nothing was. */
  readonly kind: 'finding' | 'notice' | 'error';
  readonly path: string;
  /** A rule, or what kind of notice or error it is. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** The layer, as people call it, or what the source calls; null where it is about the whole file. */
  readonly subject: string | null;
  /** In a source; the layers of a model have none. */
  readonly place: IssuePlace | null;
  readonly related: readonly RelatedPlace[];
  /** The same in every run, wherever its lines have moved, and another for every issue of a run. */
  readonly fingerprint: string;
}

/** The end is the first position behind it. */
export interface IssuePlace {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

export interface RelatedPlace {
  readonly path: string;
  readonly start: SourcePosition;
  readonly message: string;
}

/** An issue before it is told apart from others like it. */
interface Unmarked extends Omit<LintIssue, 'fingerprint'> {
  /** What it is about, without where it stands. */
  readonly about: string;
}

/**
 * Everything that files have to say, in their order.
 *
 * @param digest a short name for a text, such as a hash: fingerprints are made by it
 */
export function lintIssues(files: readonly LintedFile[], digest: (text: string) => string): readonly LintIssue[] {
  const met = new Map<string, number>();
  return files.flatMap(unmarkedIssues).map(({ about, ...issue }) => {
    const identity = [issue.path, issue.code, about].join('\0');
    const before = met.get(identity) ?? 0;
    met.set(identity, before + 1);
    return { ...issue, fingerprint: digest(before === 0 ? identity : `${identity}\0${before}`) };
  });
}

function unmarkedIssues(file: LintedFile): readonly Unmarked[] {
  const errors = file.errors.map(({ code, message }): Unmarked => ({
    ...{ kind: 'error', path: file.path, code, severity: 'error', message },
    ...{ subject: null, place: null, related: [], about: '' },
  }));
  return [...errors, ...('text' in file ? issuesOfSource(file) : issuesOfModel(file))];
}

function issuesOfModel({ path, findings }: LintedModel): readonly Unmarked[] {
  return findings.map(({ rule, severity, message, label, layer }) => ({
    ...{ kind: 'finding', path, code: rule, severity, message },
    ...{ subject: label, place: null, related: [], about: layer },
  }));
}

function issuesOfSource(source: LintedSource): readonly Unmarked[] {
  const { path, text, findings, notices } = source;
  const places = placesOf(source);
  const found = findings.map(({ rule, severity, message, callee, range, related }): Unmarked => {
    const place = { start: places.at(range.start), end: places.at(range.end) };
    return {
      ...{ kind: 'finding', path, code: rule, severity, message, subject: callee, place },
      related: related.map((one) =>
        one.elsewhere === undefined
          ? { path, start: places.at(one.range.start), message: one.message }
          : { path: one.elsewhere.file, start: one.elsewhere.start, message: one.message },
      ),
      about: `${callee}\0${linesAround(text, range)}`,
    };
  });
  const unseen = notices.map(({ code, severity, message, offset }): Unmarked => {
    const start = places.at(offset);
    return {
      ...{ kind: 'notice', path, code, severity, message },
      ...{ subject: null, place: { start, end: start }, related: [], about: linesAround(text, { start: offset, end: offset }) },
    };
  });
  return [...found, ...unseen];
}

/** The whole lines of a range, without what only lays them out. */
function linesAround(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  const last = text.indexOf('\n', Math.max(start, end - 1));
  return text
    .slice(text.lastIndexOf('\n', start - 1) + 1, last < 0 ? text.length : last)
    .replace(/\s+/g, ' ')
    .trim();
}

/** A message that stands without its place: of a notebook, whose cells have lines of their own, it tells the cell. */
export function messageOutside({ message, place }: Pick<LintIssue, 'message' | 'place'>): string {
  return place?.start.cell === undefined ? message : `Cell ${place.start.cell}, line ${place.start.line}: ${message}`;
}

/** The place as lines of the file; undefined for a model and for a notebook. */
export function fileLines({ place }: Pick<LintIssue, 'place'>): IssuePlace | undefined {
  return place === null || place.start.cell !== undefined ? undefined : place;
}
