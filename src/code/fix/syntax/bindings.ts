import type { Node } from 'web-tree-sitter';
import { namedNodes } from './names';
import { around, blockTypes, childrenOf, classTypes, functionTypes } from './nodes';

const identifierTypes = ['identifier', 'shorthand_property_identifier', 'shorthand_property_identifier_pattern', 'type_identifier'];

const identifiers = namedNodes(identifierTypes, ({ text }) => text);

/** What nodes are told about them once; they live as long as their tree does. */
const labels = new WeakMap<Node, boolean>();
const binding = new WeakMap<Node, boolean>();

/** Identifiers of a name that stand for a variable: neither an attribute nor a keyword. */
export function mentionsOf(name: string, within: Node): Node[] {
  return identifiers(name, within).filter((node) => !remembered(labels, node, isLabel));
}

function remembered(answers: WeakMap<Node, boolean>, node: Node, ask: (node: Node) => boolean): boolean {
  const answer = answers.get(node) ?? ask(node);
  answers.set(node, answer);
  return answer;
}

function isLabel(node: Node): boolean {
  const { parent } = node;
  if (parent === null) return false;
  if (parent.type === 'attribute') return parent.childForFieldName('attribute')?.id === node.id;
  return parent.type === 'keyword_argument' && parent.childForFieldName('name')?.id === node.id;
}

/** What binds its first or named child. */
const binders: Readonly<Record<string, string>> = {
  assignment: 'left',
  augmented_assignment: 'left',
  for_statement: 'left',
  for_in_clause: 'left',
  named_expression: 'name',
  default_parameter: 'name',
  typed_default_parameter: 'name',
  function_definition: 'name',
  class_definition: 'name',
  variable_declarator: 'name',
  assignment_expression: 'left',
  augmented_assignment_expression: 'left',
  update_expression: 'argument',
  for_in_statement: 'left',
  function_declaration: 'name',
  class_declaration: 'name',
  arrow_function: 'parameter',
  assignment_pattern: 'left',
  catch_clause: 'parameter',
  required_parameter: 'pattern',
  optional_parameter: 'pattern',
};

/** Patterns that bind when what holds them does. */
const patterns: ReadonlySet<string> = new Set([
  'pattern_list',
  'tuple_pattern',
  'list_pattern',
  'list_splat_pattern',
  'dictionary_splat_pattern',
  'array_pattern',
  'object_pattern',
  'rest_pattern',
  'pair_pattern',
  'object_assignment_pattern',
]);

const parameterLists: ReadonlySet<string> = new Set([
  'parameters',
  'lambda_parameters',
  'formal_parameters',
  'typed_parameter',
  'as_pattern_target',
  'global_statement',
  'nonlocal_statement',
]);
const imports: ReadonlySet<string> = new Set([
  'import_statement',
  'import_from_statement',
  'aliased_import',
  'import_specifier',
  'import_clause',
  'namespace_import',
]);

/** True where an identifier gives its name a value: assignments, parameters, loops, imports, definitions. */
export function isBinding(identifier: Node): boolean {
  let node = identifier;
  for (const parent of around(identifier)) {
    if (parameterLists.has(parent.type) || imports.has(parent.type)) return true;
    const field = binders[parent.type];
    if (field !== undefined) return parent.childForFieldName(field)?.id === node.id;
    if (parent.type === 'object_assignment_pattern' && childrenOf(parent)[0]?.id !== node.id) return false;
    if (parent.type === 'dotted_name') {
      node = parent;
      continue;
    }
    if (!patterns.has(parent.type)) return false;
    node = parent;
  }
  return false;
}

/** Where a name is bound within a node. */
export function bindingsOf(name: string, within: Node): Node[] {
  return mentionsOf(name, within).filter((node) => remembered(binding, node, isBinding));
}

const assignments = namedNodes(
  ['assignment', 'assignment_expression', 'augmented_assignment'],
  (node) => node.childForFieldName('left')?.text,
);

/** How often an attribute such as `self.conv1` is assigned in a class. */
export function assignmentsOfAttribute(object: string, name: string, owner: Node): number {
  return assignments(`${object}.${name}`, owner).length;
}

/** The innermost class around a node. */
export function classAround(node: Node): Node | null {
  for (const outer of around(node)) if (classTypes.has(outer.type)) return outer;
  return null;
}

/** The function that is directly a member of the innermost class around a node. */
export function methodAround(node: Node): Node | null {
  let method: Node | null = null;
  for (const outer of around(node)) {
    if (functionTypes.has(outer.type)) method = outer;
    if (classTypes.has(outer.type)) return method;
  }
  return null;
}

/** True where a statement runs whenever its function does. */
export function isUnconditional(statement: Node, within: Node): boolean {
  const block = statement.parent;
  return block !== null && blockTypes.has(block.type) && block.parent?.id === within.id;
}
