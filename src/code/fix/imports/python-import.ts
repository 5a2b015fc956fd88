import type { Node } from 'web-tree-sitter';
import type { Change } from '../change';
import { childrenOf } from '../syntax/nodes';
import { endOfLine, indentationAt, lineEnd } from '../syntax/statements';
import { lineWidthOf } from '../layout/line-width';
import type { BlurName } from './blur-name';
import { nameKey, placeAmong } from './import-order';

/** What a file calls a name of a module, null where it does not import it at its top level. */
export function importedIntoPython(root: Node, module: string, exported: string): string | null {
  for (const statement of statementsFrom(root, module)) {
    if (childrenOf(statement).some(({ type }) => type === 'wildcard_import')) return exported;
    for (const node of statement.childrenForFieldName('name')) {
      const [name, alias] = node.type === 'aliased_import' ? childrenOf(node) : [node, node];
      if (name?.text === exported && alias !== undefined) return alias.text;
    }
  }
  return null;
}

function statementsFrom(root: Node, module: string): Node[] {
  return childrenOf(root).filter((node) => node.type === 'import_from_statement' && moduleOf(node) === module);
}

function moduleOf(statement: Node): string | undefined {
  return statement.childForFieldName('module_name')?.text;
}

/**
 * Adds names to the import from the module, or a new import where isort and ruff would put it; behind the last one at the top
 * of the file where the imports stand in another order. `isOwnModule` where they would find the module in the project.
 */
export function importIntoPython(
  root: Node,
  source: string,
  { module, isOwnModule }: { readonly module: string; readonly isOwnModule: boolean },
  names: readonly BlurName[],
): readonly Change[] {
  const written = names.map(({ exported, local }) => (local === exported ? exported : `${exported} as ${local}`));
  const known = statementsFrom(root, module).at(-1);
  if (known !== undefined) return mergedInto(known, source, written);
  const eol = endOfLine(source);
  const statement = statementsOf(module, written, { eol, width: lineWidthOf(source) });
  const place = placeAmong(runOfImports(root, module), source, module, isOwnModule);
  if (place !== null) {
    const gap = place.isNewSection ? eol : '';
    const { anchor } = place;
    if (place.side === 'before') return [{ kind: 'insert', offset: anchor.startIndex, text: `${statement}${eol}${gap}` }];
    return [{ kind: 'insert', offset: lineEnd(source, anchor.endIndex), text: `${eol}${gap}${statement}` }];
  }
  const anchor = anchorOf(root);
  if (anchor !== null) {
    const isDocstring = anchor.type === 'expression_statement';
    return [{ kind: 'insert', offset: lineEnd(source, anchor.endIndex), text: `${isDocstring ? eol : ''}${eol}${statement}` }];
  }
  const first = childrenOf(root)[0];
  return [
    {
      kind: 'insert',
      offset: first?.startIndex ?? 0,
      text: `${statement}${eol}${first === undefined || importTypes.has(first.type) ? '' : eol}`,
    },
  ];
}

/** The plain names in one statement and each alias in its own, as isort and ruff have them, in the order of their first names. */
function statementsOf(module: string, written: readonly string[], lines: Lines): string {
  const isAlias = (name: string) => name.includes(' as ');
  const plain = written.filter((name) => !isAlias(name));
  return [...(plain.length > 0 ? [plain] : []), ...written.filter(isAlias).map((name) => [name])]
    .sort(([a = ''], [b = '']) => (nameKey(a) < nameKey(b) ? -1 : 1))
    .map((names) => statementOf(module, names, lines))
    .join(lines.eol);
}

/** How the file ends its lines, and how wide they are. */
interface Lines {
  readonly eol: string;
  readonly width: number;
}

/** In one line where it is wide enough, else a name a line. */
function statementOf(module: string, written: readonly string[], { eol, width }: Lines): string {
  const line = `from ${module} import ${written.join(', ')}`;
  if (line.length <= width) return line;
  return `from ${module} import (${eol}${written.map((name) => `    ${name},${eol}`).join('')})`;
}

/** Names into a statement that has some, each behind those that stand before it in the order of names. */
function mergedInto(statement: Node, source: string, written: readonly string[]): readonly Change[] {
  const there = statement.childrenForFieldName('name');
  const [first] = there;
  if (first === undefined) return [];
  const eol = endOfLine(source);
  const isListed = there.length > 0 && first.startPosition.row > statement.startPosition.row;
  const all = [...there.map(({ text }) => text), ...written].sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1));
  const line = `from ${moduleOf(statement) ?? ''} import ${all.join(', ')}`;
  const isPlain = statement.text === `from ${moduleOf(statement) ?? ''} import ${there.map(({ text }) => text).join(', ')}`;
  const width = lineWidthOf(source);
  if (isPlain && line.length > width) {
    const text = statementOf(moduleOf(statement) ?? '', all, { eol, width });
    return [{ kind: 'replace', range: { start: statement.startIndex, end: statement.endIndex }, text }];
  }
  const separator = isListed ? `,${eol}${indentationAt(source, first.startIndex)}` : ', ';
  return there.flatMap((node, index): Change[] => {
    const belongsHere = (name: string) => {
      const before = there.findLastIndex(({ text }) => nameKey(text) <= nameKey(name));
      return before === index;
    };
    const behind = written.filter(belongsHere).map((name) => `${separator}${name}`);
    const inFront = index === 0 ? written.filter((name) => there.every(({ text }) => nameKey(text) > nameKey(name))) : [];
    return [
      ...(inFront.length === 0
        ? []
        : [{ kind: 'insert' as const, offset: node.startIndex, text: inFront.map((name) => `${name}${separator}`).join('') }]),
      ...(behind.length === 0 ? [] : [{ kind: 'insert' as const, offset: node.endIndex, text: behind.join('') }]),
    ];
  });
}

const importTypes: ReadonlySet<string> = new Set(['import_statement', 'import_from_statement', 'future_import_statement']);

/** Imports at the top of the file that nothing else divides: those with relative ones for a relative module, else the last. */
function runOfImports(root: Node, module: string): readonly Node[] {
  const runs: Node[][] = [[]];
  for (const [index, statement] of childrenOf(root).entries()) {
    if (importTypes.has(statement.type)) runs.at(-1)?.push(statement);
    else if (holdsImports(statement)) runs.push([]);
    else if (index > 0 || !isString(statement)) break;
  }
  const filled = runs.filter(({ length }) => length > 0);
  const relative = filled.findLast((run) => run.some((statement) => moduleOf(statement)?.startsWith('.') === true));
  return (module.startsWith('.') ? relative : undefined) ?? filled.at(-1) ?? [];
}

/** The last import of the block at the top of the file, else its docstring; null where there is neither. */
function anchorOf(root: Node): Node | null {
  let docstring: Node | null = null;
  let plain: Node | null = null;
  let held: Node | null = null;
  for (const [index, statement] of childrenOf(root).entries()) {
    if (importTypes.has(statement.type)) plain = statement;
    else if (holdsImports(statement)) held = statement;
    else if (index === 0 && isString(statement)) docstring = statement;
    else break;
  }
  return plain?.type === 'future_import_statement' ? (held ?? plain) : (plain ?? held ?? docstring);
}

function isString(statement: Node): boolean {
  return statement.type === 'expression_statement' && childrenOf(statement)[0]?.type === 'string';
}

/** `try: import … except ImportError: …`, `if TYPE_CHECKING: import …` among the imports. */
function holdsImports(statement: Node): boolean {
  return (
    (statement.type === 'try_statement' || statement.type === 'if_statement') && statement.descendantsOfType([...importTypes]).length > 0
  );
}
