import type { Node } from 'web-tree-sitter';
import type { Change } from '../change';
import { childrenOf } from '../syntax/nodes';
import { endOfLine, lineEnd } from '../syntax/statements';
import type { BlurName } from './blur-name';

/** One name that a statement takes from a module. */
interface Taken {
  readonly exported: string;
  readonly local: string;
  readonly node: Node;
}

/** What a file calls a name of a module, null where it does not import it at its top level. */
export function importedIntoJavaScript(root: Node, module: string, exported: string): string | null {
  for (const statement of childrenOf(root)) {
    const taken = moduleOf(statement) === module ? takenBy(statement).find((one) => one.exported === exported) : undefined;
    if (taken !== undefined) return taken.local;
  }
  return null;
}

/** Adds names to the import from the module, or a new import or `require` behind the last one at the top of the file. */
export function importIntoJavaScript(root: Node, source: string, module: string, names: readonly BlurName[]): readonly Change[] {
  const statements = childrenOf(root);
  const known = statements
    .filter((statement) => moduleOf(statement) === module && !isTypeOnly(statement))
    .flatMap((statement) => takenBy(statement).slice(-1))
    .at(-1);
  const isRequire = known === undefined ? usesRequire(statements) : known.node.type !== 'import_specifier';
  const written = names
    .map(({ exported, local }) => (local === exported ? exported : isRequire ? `${exported}: ${local}` : `${exported} as ${local}`))
    .join(', ');
  if (known !== undefined) return [{ kind: 'insert', offset: known.node.endIndex, text: `, ${written}` }];
  const anchor = anchorOf(statements);
  const sample = anchor?.text ?? source;
  const quote = (sample.match(/['"]/)?.[0] ?? "'") === '"' ? '"' : "'";
  const end = anchor === null || anchor.text.endsWith(';') ? ';' : '';
  const isTight = statements.some(({ text }) => /^(?:import\b[^'"{]*|const )\{[^\s}]/.test(text));
  const inside = isTight ? written : ` ${written} `;
  const from = `${quote}${module}${quote}`;
  const statement = isRequire ? `const {${inside}} = require(${from})${end}` : `import {${inside}} from ${from}${end}`;
  const eol = endOfLine(source);
  if (anchor !== null) return [{ kind: 'insert', offset: lineEnd(source, anchor.endIndex), text: `${eol}${statement}` }];
  return [{ kind: 'insert', offset: statements[0]?.startIndex ?? 0, text: `${statement}${eol}` }];
}

function isTypeOnly(statement: Node): boolean {
  return /^import\s+type\b/.test(statement.text);
}

/** Where a statement imports from, by `import` or by `require`. */
function moduleOf(statement: Node): string | null {
  const literal =
    statement.type === 'import_statement'
      ? statement.childForFieldName('source')
      : (requireCall(statement)?.childForFieldName('arguments')?.namedChildren[0] ?? null);
  return literal?.type === 'string' ? literal.text.slice(1, -1) : null;
}

/** `require('…')` in `const … = require('…')`. */
function requireCall(statement: Node): Node | null {
  if (statement.type !== 'lexical_declaration' && statement.type !== 'variable_declaration') return null;
  const value = childrenOf(statement)[0]?.childForFieldName('value');
  const call = value?.type === 'call_expression' ? value : null;
  return call?.childForFieldName('function')?.text === 'require' ? call : null;
}

function takenBy(statement: Node): readonly Taken[] {
  if (statement.type === 'import_statement') {
    return statement.descendantsOfType('import_specifier').map((node) => {
      const exported = node.childForFieldName('name')?.text ?? '';
      return { exported, local: node.childForFieldName('alias')?.text ?? exported, node };
    });
  }
  const pattern = childrenOf(statement)[0]?.childForFieldName('name');
  if (pattern?.type !== 'object_pattern') return [];
  return childrenOf(pattern).map((node) => {
    const exported = node.childForFieldName('key')?.text ?? node.text;
    return { exported, local: node.childForFieldName('value')?.text ?? exported, node };
  });
}

function usesRequire(statements: readonly Node[]): boolean {
  return (
    !statements.some(({ type }) => type === 'import_statement' || type === 'export_statement') &&
    statements.some((statement) => requireCall(statement) !== null)
  );
}

/** The last import or `require` of the block at the top of the file. */
function anchorOf(statements: readonly Node[]): Node | null {
  let anchor: Node | null = null;
  for (const statement of statements) {
    if (statement.type === 'import_statement' || requireCall(statement) !== null) anchor = statement;
    else if (statement.type !== 'hash_bang_line' && !isDirective(statement) && !isRequireUse(statement)) break;
  }
  return anchor;
}

/** `'use strict'` */
function isDirective(statement: Node): boolean {
  return statement.type === 'expression_statement' && childrenOf(statement)[0]?.type === 'string';
}

/** `require('@tensorflow/tfjs-node');`, run for its effect. */
function isRequireUse(statement: Node): boolean {
  return statement.type === 'expression_statement' && /^require\(/.test(statement.text);
}
