import type { SyntaxNode } from '../syntax-node';
import type { Parameter, Target } from '../../program/program';
import type { ExpressionLowering } from './lowering';

/** What stands left of `=`, after `for`, or after `as`. */
export function lowerTarget(lowering: ExpressionLowering, node: SyntaxNode): Target {
  const { type } = node;
  if (type === 'identifier') return { kind: 'name', name: lowering.word(node.startIndex) };
  const children = lowering.children(node);
  const [first, second] = children;
  switch (type) {
    case 'attribute':
      if (first !== undefined && second !== undefined)
        return { kind: 'attribute', object: lowering.expression(first), name: lowering.text(second) };
      break;
    case 'subscript':
      if (first !== undefined && second !== undefined)
        return { kind: 'subscript', object: lowering.expression(first), index: lowering.expression(second) };
      break;
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'expression_list':
    case 'tuple':
    case 'list':
      return {
        kind: 'items',
        targets: children.map((child) => ({ target: lowerTarget(lowering, child), fallback: null })),
        rest: children.findIndex(({ type }) => type === 'list_splat_pattern' || type === 'list_splat'),
      };
    case 'list_splat_pattern':
    case 'list_splat':
    case 'as_pattern_target':
    case 'parenthesized_expression':
      if (first !== undefined) return lowerTarget(lowering, first);
      break;
  }
  return { kind: 'name', name: lowering.text(node) };
}

/** The parameters of a function or lambda. */
export function lowerParameters(lowering: ExpressionLowering, node: SyntaxNode): Parameter[] {
  let keywordOnly = false;
  return lowering.children(node).flatMap((parameter): Parameter[] => {
    if (parameter.type === 'keyword_separator') keywordOnly = true;
    const [first] = parameter.type === 'typed_parameter' ? lowering.children(parameter) : [parameter];
    const children = first === undefined ? [] : lowering.children(first);
    const plain = keywordOnly ? 'keyword' : 'plain';
    switch (first?.type) {
      case 'identifier':
        return [{ target: lowerTarget(lowering, first), kind: plain, fallback: null }];
      case 'default_parameter':
      case 'typed_default_parameter': {
        const [name] = children;
        const value = children.at(-1);
        return name === undefined || value === undefined
          ? []
          : [{ target: lowerTarget(lowering, name), kind: plain, fallback: lowering.expression(value) }];
      }
      case 'list_splat_pattern':
        keywordOnly = true;
        return [{ target: lowerTarget(lowering, first), kind: 'rest-items', fallback: null }];
      case 'dictionary_splat_pattern':
        return children[0] === undefined ? [] : [{ target: lowerTarget(lowering, children[0]), kind: 'rest-entries', fallback: null }];
      default:
        return [];
    }
  });
}
