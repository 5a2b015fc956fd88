import type { Node } from 'web-tree-sitter';
import type { SourceRange } from '../../finding';
import { bare, childrenOf, nodeAt } from './nodes';

/** An argument of a call, or an entry of an options object. */
export interface ArgumentSyntax {
  /** Keyword or key; null for positional arguments and spreads. */
  readonly name: string | null;
  readonly isSpread: boolean;
  /** The whole argument: `stride=2`. */
  readonly node: Node;
  /** Its value; for the shorthand `{strides}` the same node. */
  readonly value: Node;
}

/** A call as written. */
export interface CallSyntax {
  readonly node: Node;
  readonly callee: Node;
  /** The brackets with the arguments inside. */
  readonly list: Node;
  readonly arguments: readonly ArgumentSyntax[];
}

/** The call that covers exactly a range. */
export function callAt(root: Node, range: SourceRange): CallSyntax | null {
  const node = nodeAt(root, range);
  return node === null ? null : callOf(node);
}

/** A node as a call; null where it is none, or one whose only argument is a comprehension. */
export function callOf(node: Node): CallSyntax | null {
  if (node.type !== 'call' && node.type !== 'call_expression') return null;
  const callee = node.childForFieldName('function');
  const list = node.childForFieldName('arguments');
  if (callee === null || list === null || (list.type !== 'argument_list' && list.type !== 'arguments')) return null;
  return { node, callee, list, arguments: childrenOf(list).map(argumentOf) };
}

function argumentOf(node: Node): ArgumentSyntax {
  switch (node.type) {
    case 'keyword_argument': {
      const name = node.childForFieldName('name');
      const value = node.childForFieldName('value');
      return { name: name?.text ?? null, isSpread: false, node, value: value ?? node };
    }
    case 'list_splat':
    case 'dictionary_splat':
    case 'spread_element':
      return { name: null, isSpread: true, node, value: childrenOf(node)[0] ?? node };
    default:
      return { name: null, isSpread: false, node, value: node };
  }
}

/** The entries of the object literal that a call is given as options; null where it is none. */
export function optionsOf({ arguments: given }: CallSyntax): readonly ArgumentSyntax[] | null {
  const options = given[0] === undefined ? undefined : bare(given[0].value);
  return options?.type === 'object' ? childrenOf(options).map(entryOf) : null;
}

function entryOf(node: Node): ArgumentSyntax {
  switch (node.type) {
    case 'pair': {
      const key = node.childForFieldName('key')?.text.replace(/^(['"])(.*)\1$/, '$2') ?? null;
      return { name: key, isSpread: false, node, value: node.childForFieldName('value') ?? node };
    }
    case 'shorthand_property_identifier':
      return { name: node.text, isSpread: false, node, value: node };
    default:
      return { name: null, isSpread: node.type === 'spread_element', node, value: childrenOf(node)[0] ?? node };
  }
}

/** The object and the name of `object.name`; null for anything else. */
export function memberOf(node: Node): { readonly object: Node; readonly name: string } | null {
  if (node.type !== 'attribute' && node.type !== 'member_expression') return null;
  const object = node.childForFieldName('object');
  const name = node.childForFieldName(node.type === 'attribute' ? 'attribute' : 'property');
  return object === null || name === null ? null : { object, name: name.text };
}

/** Last part of a callee: `MaxPool2d` of `nn.MaxPool2d`. */
export function lastNameOf(callee: Node): string {
  return memberOf(callee)?.name ?? callee.text;
}
