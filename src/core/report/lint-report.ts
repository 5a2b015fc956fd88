import type { NamedLayer } from '../graph/layer-labels';
import type { AxisPair, FormatId, SourceOrigin } from '../graph/model-graph';
import type { ModelErrorCode } from '../model-error';
import type { PlanPrice } from '../rewrite/plan';
import type { Finding } from '../rules/finding';
import type { RuleId } from '../rules/registry';
import type { Severity } from '../rules/rule';

/** One model file as judged, or the reason why it could not be. */
export interface LintedModel {
  readonly path: string;
  readonly format: FormatId | null;
  readonly findings: readonly Finding[];
  /** What was left out of judging, and why, as full sentences. */
  readonly notes: readonly string[];
  readonly errors: readonly LintError[];
}

/** Why a file was not judged. */
export interface LintError {
  readonly code: ModelErrorCode;
  readonly message: string;
}

/** A finding in source code; offsets in UTF-16 code units. */
export interface SourceFinding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly callee: string;
  readonly message: string;
  readonly range: { readonly start: number; readonly end: number };
  readonly stride: readonly (number | null)[];
  readonly related: readonly RelatedSource[];
}

/** A further place that explains a finding. */
export interface RelatedSource {
  readonly range: { readonly start: number; readonly end: number };
  readonly message: string;
  /** Where it lies in another file. */
  readonly elsewhere?: { readonly file: string; readonly start: TextPosition; readonly end: TextPosition };
}

/** One source file as judged. */
export interface LintedSource {
  readonly path: string;
  readonly language: string;
  readonly text: string;
  /** The cells that the text is joined of, in order, where the file is a notebook. */
  readonly cells?: readonly SourceCell[];
  readonly findings: readonly SourceFinding[];
  /** What kept it from being judged whole. */
  readonly notices: readonly SourceNotice[];
  readonly errors: readonly LintError[];
}

/** A cell's share of the text of a notebook. */
export interface SourceCell {
  /** Its place among all cells of the notebook, from 1. */
  readonly number: number;
  /** The whole cell. */
  readonly text: string;
  /** Where its share begins, in the notebook's text and in the cell. */
  readonly start: number;
  readonly skipped: number;
}

/** A part of a source was not judged: like a finding, so that what was not looked at is never taken for clean. */
export interface SourceNotice {
  readonly code: 'stopped-early' | 'imports-in-part';
  readonly severity: Severity;
  readonly message: string;
  /** Where the part begins. */
  readonly offset: number;
}

export type LintedFile = LintedModel | LintedSource;

/** What `shiftlint lint --json` prints; a public contract. */
export interface LintReport {
  readonly files: readonly (ReportedModel | ReportedSource)[];
}

export interface ReportedModel {
  readonly path: string;
  readonly format: FormatId | null;
  readonly findings: readonly ReportedFinding[];
  readonly notes: readonly string[];
  readonly errors: readonly LintError[];
}

/** A finding in a model as scripts see it. */
export interface ReportedFinding extends NamedLayer {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly op: string;
  readonly message: string;
  /** One entry per spatial axis. */
  readonly stride: readonly number[];
  /** Along the image's axes; null where it is not known. */
  readonly cumulativeStride: AxisPair | null;
  /** Share of the layer's own kernels' energy beyond the new sampling limit; null where its weights were not read. */
  readonly aliasedEnergy: number | null;
  /** Where the layer was exported from; null where the file does not tell. */
  readonly origin: SourceOrigin | null;
  readonly fixable: boolean;
  /** What the fix costs; null where there is none or the model leaves a size open. */
  readonly price: PlanPrice | null;
}

export interface ReportedSource {
  readonly path: string;
  readonly language: string;
  readonly findings: readonly ReportedSourceFinding[];
  readonly notices: readonly ReportedSourceNotice[];
  readonly errors: readonly LintError[];
}

/** What kept a source from being judged whole; lines and columns count from 1. */
export interface ReportedSourceNotice extends SourcePosition {
  readonly code: SourceNotice['code'];
  readonly severity: Severity;
  readonly message: string;
}

/** A finding in source code as scripts see it; lines and columns count from 1. */
export interface ReportedSourceFinding extends SourcePosition {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly callee: string;
  readonly message: string;
  readonly endLine: number;
  readonly endColumn: number;
  readonly stride: readonly (number | null)[];
  /** `path` where the place lies in another file. */
  readonly related: readonly (SourcePosition & { readonly message: string; readonly path?: string })[];
}

export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A place in a source; in a notebook that of a cell, from 1, whose lines are counted. */
export interface SourcePosition extends TextPosition {
  readonly cell?: number;
}

/** Shapes findings for scripts. */
export function lintReport(files: readonly LintedFile[]): LintReport {
  return { files: files.map((file) => ('text' in file ? reportSource(file) : reportModel(file))) };
}

function reportModel({ path, format, findings, notes, errors }: LintedModel): ReportedModel {
  return { path, format, findings: findings.map(reportFinding), notes, errors };
}

function reportFinding({
  rule,
  severity,
  layer,
  label,
  node,
  tensor,
  op,
  message,
  stride,
  cumulativeStride,
  aliasedEnergy,
  origin,
  fix,
}: Finding): ReportedFinding {
  const price = fix.ok ? (fix.price ?? null) : null;
  return {
    rule,
    severity,
    layer,
    label,
    node,
    tensor,
    op,
    message,
    stride,
    cumulativeStride,
    aliasedEnergy: aliasedEnergy ?? null,
    origin: origin ?? null,
    fixable: fix.ok,
    price,
  };
}

function reportSource(source: LintedSource): ReportedSource {
  const { path, language, findings, notices, errors } = source;
  const places = placesOf(source);
  const reported = findings.map(({ rule, severity, callee, message, range, stride, related }) => {
    const end = places.at(range.end);
    return {
      rule,
      severity,
      callee,
      message,
      ...places.at(range.start),
      endLine: end.line,
      endColumn: end.column,
      stride,
      related: related.map(({ range: place, message: why, elsewhere }) =>
        elsewhere === undefined ? { ...places.at(place.start), message: why } : { ...elsewhere.start, message: why, path: elsewhere.file },
      ),
    };
  });
  return {
    path,
    language,
    findings: reported,
    notices: notices.map(({ code, severity, message, offset }) => ({ code, severity, message, ...places.at(offset) })),
    errors,
  };
}

/** Tells the places of a source as people count them. */
export function placesOf({ text, cells }: Pick<LintedSource, 'text' | 'cells'>): { at(offset: number): SourcePosition } {
  if (cells === undefined) return new SourcePlaces(text);
  const places = cells.map((cell) => ({ ...cell, lines: new SourcePlaces(cell.text) }));
  return {
    at: (offset) => {
      const cell = places.findLast(({ start }) => start <= offset);
      return cell === undefined ? { line: 1, column: 1 } : { cell: cell.number, ...cell.lines.at(offset - cell.start + cell.skipped) };
    },
  };
}

/** Tells lines and columns of a text, as compilers count them: the text is walked once, however many places are asked for. */
export class SourcePlaces {
  private readonly lineStarts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
  }

  at(offset: number): TextPosition {
    let [low, high] = [0, this.lineStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }
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
