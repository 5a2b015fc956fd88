import type { Node } from 'web-tree-sitter';
import { bindingsOf, classAround, mentionsOf, methodAround } from './bindings';
import { around, functionAround, functionTypes } from './nodes';

const scopeTypes: ReadonlySet<string> = new Set([
  ...functionTypes,
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);

/** True where an expression has no names: a number, a tuple of numbers. */
export function isConstant(expression: Node): boolean {
  return namesIn(expression).length === 0 && !mentionsThis(expression);
}

/** True where an expression would give the same value at another place: the same names, not given a new value between the two. */
export function meansTheSameAt(expression: Node, to: Node): boolean {
  if (mentionsThis(expression) && !sharesReceiver(expression, to)) return false;
  return namesIn(expression).every((name) => {
    if (name === 'self') return sharesReceiver(expression, to);
    const scope = scopeOf(name, expression);
    if (scopeOf(name, to)?.id !== scope?.id) return false;
    const bindings = bindingsOf(name, scope ?? expression.tree.rootNode);
    const isTravelling = functionAround(expression)?.id !== functionAround(to)?.id;
    if (isTravelling) return bindings.length === 1;
    const [first, last] =
      expression.startIndex < to.startIndex ? [expression.endIndex, to.startIndex] : [to.endIndex, expression.startIndex];
    return !bindings.some(({ startIndex }) => startIndex >= first && startIndex < last);
  });
}

function namesIn(expression: Node): readonly string[] {
  const identifiers = [expression, ...expression.descendantsOfType(['identifier', 'shorthand_property_identifier'])];
  const names = identifiers.filter(({ type }) => type === 'identifier' || type === 'shorthand_property_identifier').map(({ text }) => text);
  return [...new Set(names)].filter((name) => mentionsOf(name, expression).length > 0);
}

function mentionsThis(expression: Node): boolean {
  return expression.type === 'this' || expression.descendantsOfType('this').length > 0;
}

/** Fields of one object: the same method, or another of the same class where nothing but its constructor assigns them. */
function sharesReceiver(expression: Node, to: Node): boolean {
  const owner = classAround(expression);
  if (owner === null || classAround(to)?.id !== owner.id) return false;
  if (methodAround(expression)?.id === methodAround(to)?.id) return true;
  const attributes = [expression, ...expression.descendantsOfType(['attribute', 'member_expression'])].filter(
    ({ type }) => type === 'attribute' || type === 'member_expression',
  );
  return attributes.every(({ text }) =>
    owner
      .descendantsOfType(['assignment', 'assignment_expression', 'augmented_assignment'])
      .filter((node) => node.childForFieldName('left')?.text === text)
      .every(isInConstructor),
  );
}

const constructors: ReadonlySet<string> = new Set(['__init__', 'setup', 'build', '__post_init__', 'constructor']);

function isInConstructor(node: Node): boolean {
  return constructors.has(methodAround(node)?.childForFieldName('name')?.text ?? '');
}

/** The innermost function or comprehension around a place that binds a name; null where the module does, or nothing. */
function scopeOf(name: string, from: Node): Node | null {
  for (const scope of around(from)) {
    if (scopeTypes.has(scope.type) && bindingsOf(name, scope).some((binding) => bindsIn(binding, scope))) return scope;
  }
  return null;
}

function bindsIn(binding: Node, scope: Node): boolean {
  for (const outer of around(binding)) {
    const isOwnName = functionTypes.has(outer.type) && outer.childForFieldName('name')?.id === binding.id;
    if (outer.id === scope.id) return !isOwnName;
    if (scopeTypes.has(outer.type) && !isOwnName) return false;
  }
  return false;
}
