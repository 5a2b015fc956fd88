import { t } from '@vscode/l10n';
import type { Node } from 'web-tree-sitter';
import type { RuleId } from '../../core/rules/registry';
import type { TextEdit } from '../../core/formats/format';
import type { CodeFix } from '../finding';
import { endOf } from '../program/end-of-text';
import { around } from './syntax/nodes';
import { endOfLine, indentationAt, lineEnd } from './syntax/statements';

/** What of a document the comments that silence a rule depend on. */
export interface CommentPlace {
  /** Null for a text without strings over several lines. */
  readonly root: Node | null;
  readonly source: string;
  readonly isPython: boolean;
  /** Start of the flagged call. */
  readonly offset: number;
}

/** Comments that silence a rule for the line of a call and for the whole file. */
export function disablingFixes(place: CommentPlace, rule: RuleId): readonly CodeFix[] {
  const line = place.isPython ? pythonLine(place, rule) : javaScriptLine(place, rule);
  const file = fileEdit(place, rule);
  return [
    ...(line === null ? [] : [{ kind: 'disable-line' as const, title: t`Disable ${rule} for this line`, edits: [line], template: null }]),
    { kind: 'disable-file' as const, title: t`Disable ${rule} for this file`, edits: [file], template: null },
  ];
}

/** The same in a model description, whose comments are Python's. */
export function ofDescription(source: string, offset: number, rule: RuleId): readonly CodeFix[] {
  return disablingFixes({ root: null, source, isPython: true, offset }, rule);
}

function insertion(offset: number, text: string): TextEdit {
  return { offset, length: 0, text };
}

/** At the end of the line; null where the line goes on behind a backslash or inside a string. */
function pythonLine({ root, source, offset }: CommentPlace, rule: RuleId): TextEdit | null {
  const end = lineEnd(source, offset);
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const known = /#\s*shiftlint:\s*disable\s*=\s*[\w, -]*\w/.exec(source.slice(start, end));
  if (known !== null) return insertion(start + known.index + known[0].length, `, ${rule}`);
  if (source.charAt(end - 1) === '\\' || isInText(root, end)) return null;
  const trailing = endOf(source.slice(start, end), /[ \t]/);
  return { offset: end - trailing.length, length: trailing.length, text: `  # shiftlint: disable=${rule}` };
}

/** On a line of its own above; null where that line would be part of a string or of markup. */
function javaScriptLine({ root, source, offset }: CommentPlace, rule: RuleId): TextEdit | null {
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const above = source.lastIndexOf('\n', start - 2) + 1;
  const known = /\/\/\s*shiftlint-disable-next-line\s+[\w, -]*\w/.exec(source.slice(above, Math.max(above, start - 1)));
  if (known !== null) return insertion(above + known.index + known[0].length, `, ${rule}`);
  if (isInText(root, start)) return null;
  return insertion(start, `${indentationAt(source, offset)}// shiftlint-disable-next-line ${rule}${endOfLine(source)}`);
}

const textTypes: ReadonlySet<string> = new Set(['string', 'string_content', 'template_string', 'jsx_element', 'jsx_fragment', 'jsx_text']);

/** True where a line break at an offset is part of a string or of markup. */
function isInText(root: Node | null, offset: number): boolean {
  const node = root?.descendantForIndex(offset, offset) ?? null;
  if (node === null) return false;
  return [node, ...around(node)].some(({ type, startIndex, endIndex }) => textTypes.has(type) && startIndex < offset && offset < endIndex);
}

/** The first line behind the shebang and Python's declaration of the encoding, or one more rule in the comment that is there. */
function fileEdit({ source, isPython }: CommentPlace, rule: RuleId): TextEdit {
  const pattern = isPython ? /^#\s*shiftlint:\s*disable-file\s*=\s*[\w, -]*\w/m : /^\/\*\s*shiftlint-disable\s+[\w, -]*\w(?=\s*\*\/)/m;
  const known = pattern.exec(source);
  if (known !== null) return insertion(known.index + known[0].length, `, ${rule}`);
  const head =
    (isPython ? /^\uFEFF?(?:#!.*(?:\r?\n|$))?(?:#.*coding[:=].*(?:\r?\n|$))?/ : /^\uFEFF?(?:#!.*(?:\r?\n|$))?/).exec(source)?.[0] ?? '';
  const comment = isPython ? `# shiftlint: disable-file=${rule}` : `/* shiftlint-disable ${rule} */`;
  const eol = endOfLine(source);
  return insertion(head.length, `${head !== '' && !/[\n\uFEFF]$/.test(head) ? eol : ''}${comment}${eol}`);
}
