import { placesOf, type LintedFile, type LintError } from '../../core/report/lint-report';
import { printLine, printLines } from '../print';

/** Prints what was found for people, and how much it is. @param accepted how many findings a baseline has kept back */
export function printText(files: readonly LintedFile[], accepted: number): void {
  for (const file of files) {
    printLines(file.errors.map(({ message }: LintError) => `${file.path}: error: ${message}`));
    printLines(linesOf(file));
  }
  const findings = files.reduce((total, file) => total + file.findings.length, 0);
  const unread = files.filter(({ errors }) => errors.length > 0).length;
  const besides = [
    ...(unread > 0 ? [`${unread} could not be read`] : []),
    ...(accepted > 0 ? [`${accepted} accepted by the baseline`] : []),
  ];
  printLine(
    `${[`${count(findings, 'finding')} in ${count(new Set(files.map(({ path }) => path)).size, 'file')}`, ...besides].join(', ')}.`,
  );
}

/** Prints how many findings each rule has, the most first. */
export function printStatistics(files: readonly LintedFile[]): void {
  const perRule = new Map<string, number>();
  for (const { rule } of files.flatMap(({ findings }): readonly { readonly rule: string }[] => findings))
    perRule.set(rule, (perRule.get(rule) ?? 0) + 1);
  const rows = [...perRule].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  const width = String(rows[0]?.[1] ?? 0).length;
  printLines(rows.map(([rule, findings]) => `${String(findings).padStart(width)}  ${rule}`));
}

/**
 * Findings, and what kept a source from being judged whole. For source code `file:line:column`, which terminals and editors turn into a
 * link, and for notebooks `file:cell number:line:column`.
 */
function linesOf(file: LintedFile): readonly string[] {
  if (!('text' in file)) {
    return [
      ...file.notes.map((note) => `${file.path}: note: ${note}`),
      ...file.findings.map(({ severity, message, rule }) => `${file.path}: ${severity}: ${message} [${rule}]`),
    ];
  }
  const places = placesOf(file);
  const at = (offset: number): string => {
    const { cell, line, column } = places.at(offset);
    return `${file.path}:${cell === undefined ? '' : `cell ${cell}:`}${line}:${column}`;
  };
  return [
    ...file.findings.flatMap(({ severity, message, rule, range, related }) => [
      `${at(range.start)}: ${severity}: ${message} [${rule}]`,
      ...related.flatMap(({ elsewhere, message: why }) =>
        elsewhere === undefined ? [] : [`  ${elsewhere.file}:${elsewhere.start.line}:${elsewhere.start.column}: ${why}`],
      ),
    ]),
    ...file.notices.map(({ severity, message, code, offset }) => `${at(offset)}: ${severity}: ${message} [${code}]`),
  ];
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
