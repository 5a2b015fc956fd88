import type { Node } from 'web-tree-sitter';
import type { Change } from '../change';
import { childrenOf } from '../syntax/nodes';
import { endOfLine, lineEnd } from '../syntax/statements';
import type { BlurName } from './blur-name';

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

/** Adds names to the import from the module, or a new import behind the last one at the top of the file. */
export function importIntoPython(root: Node, source: string, module: string, names: readonly BlurName[]): readonly Change[] {
  const written = names.map(({ exported, local }) => (local === exported ? exported : `${exported} as ${local}`)).join(', ');
  const last = statementsFrom(root, module).at(-1)?.childrenForFieldName('name').at(-1);
  if (last !== undefined) return [{ kind: 'insert', offset: last.endIndex, text: `, ${written}` }];
  const statement = `from ${module} import ${written}`;
  const eol = endOfLine(source);
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

const importTypes: ReadonlySet<string> = new Set(['import_statement', 'import_from_statement', 'future_import_statement']);

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
