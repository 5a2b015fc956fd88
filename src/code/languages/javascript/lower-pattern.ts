import type { SyntaxNode } from '../syntax-node';
import type { ItemTarget, Parameter, Target, TargetEntry } from '../../program/program';
import type { ExpressionLowering } from './lowering';
import { childrenOf } from './nodes';

/** What stands left of `=`: a name, a property, or a pattern that takes a value apart. */
export function lowerTarget(lowering: ExpressionLowering, node: SyntaxNode): Target {
  const children = childrenOf(node);
  const [first, second] = children;
  switch (node.type) {
    case 'member_expression':
      if (first !== undefined && second !== undefined)
        return { kind: 'attribute', object: lowering.expression(first), name: lowering.text(second) };
      break;
    case 'subscript_expression':
      if (first !== undefined && second !== undefined)
        return { kind: 'subscript', object: lowering.expression(first), index: lowering.expression(second) };
      break;
    case 'object_pattern':
    case 'object':
      return lowerObjectPattern(lowering, children);
    case 'array_pattern':
    case 'array':
      return lowerArrayPattern(lowering, node);
    case 'assignment_pattern':
    case 'rest_pattern':
    case 'spread_element':
    case 'non_null_expression':
    case 'parenthesized_expression':
    case 'as_expression':
      if (first !== undefined) return lowerTarget(lowering, first);
      break;
  }
  return { kind: 'name', name: lowering.text(node) };
}

function lowerObjectPattern(lowering: ExpressionLowering, children: readonly SyntaxNode[]): Target {
  const entries: TargetEntry[] = [];
  let rest: Target | null = null;
  for (const child of children) {
    const [first, second] = childrenOf(child);
    if (child.type === 'shorthand_property_identifier_pattern' || child.type === 'shorthand_property_identifier') {
      const name = lowering.text(child);
      entries.push({ key: name, target: { kind: 'name', name }, fallback: null });
    } else if (child.type === 'object_assignment_pattern' && first !== undefined && second !== undefined) {
      const target = lowerTarget(lowering, first);
      entries.push({ key: lowering.text(first), target, fallback: lowering.expression(second) });
    } else if ((child.type === 'pair_pattern' || child.type === 'pair') && first !== undefined && second !== undefined) {
      const [inner, fallback] = second.type === 'assignment_pattern' ? childrenOf(second) : [second];
      if (inner === undefined) continue;
      entries.push({
        key: lowering.keyText(first),
        target: lowerTarget(lowering, inner),
        fallback: fallback === undefined ? null : lowering.expression(fallback),
      });
    } else if (child.type === 'rest_pattern' && first !== undefined) {
      rest = lowerTarget(lowering, first);
    }
  }
  return { kind: 'entries', entries, rest };
}

/** Holes count: `[a, , b]` binds the first and the third item. */
function lowerArrayPattern(lowering: ExpressionLowering, node: SyntaxNode): Target {
  const targets: (ItemTarget | null)[] = [];
  let rest = -1;
  let open: ItemTarget | null = null;
  for (const child of node.children.slice(1)) {
    if (child.type === ',' || child.type === ']') {
      if (child.type === ',' || open !== null) targets.push(open);
      open = null;
    } else if (child.isNamed && child.type !== 'comment') {
      if (child.type === 'rest_pattern' || child.type === 'spread_element') rest = targets.length;
      const [, fallback] = child.type === 'assignment_pattern' ? childrenOf(child) : [];
      open = { target: lowerTarget(lowering, child), fallback: fallback === undefined ? null : lowering.expression(fallback) };
    }
  }
  return { kind: 'items', targets, rest };
}

/** The parameters of a function: a list, or the one name of an arrow function. */
export function lowerParameters(lowering: ExpressionLowering, node: SyntaxNode): Parameter[] {
  if (node.type !== 'formal_parameters') return [{ target: lowerTarget(lowering, node), kind: 'plain', fallback: null }];
  return childrenOf(node).flatMap((parameter): Parameter[] => {
    const [pattern, value] =
      parameter.type === 'required_parameter' || parameter.type === 'optional_parameter'
        ? valueParts(parameter)
        : assignmentParts(parameter);
    if (pattern === undefined || pattern.type === 'this') return [];
    const kind = pattern.type === 'rest_pattern' ? 'rest-items' : 'plain';
    return [{ target: lowerTarget(lowering, pattern), kind, fallback: value === undefined ? null : lowering.expression(value) }];
  });
}

/** Names of the parameters that declare a property too: `constructor(private readonly stride = 2)`. */
export function parameterProperties(lowering: ExpressionLowering, parameters: SyntaxNode): string[] {
  return parameters.namedChildren
    .filter((parameter) =>
      parameter.children.some(({ type }) => type === 'accessibility_modifier' || type === 'readonly' || type === 'override_modifier'),
    )
    .flatMap((parameter) => {
      const [pattern] = valueParts(parameter);
      return pattern?.type === 'identifier' ? [lowering.text(pattern)] : [];
    });
}

function valueParts(parameter: SyntaxNode): readonly (SyntaxNode | undefined)[] {
  return [parameter.childForFieldName('pattern') ?? undefined, parameter.childForFieldName('value') ?? undefined];
}

function assignmentParts(parameter: SyntaxNode): readonly (SyntaxNode | undefined)[] {
  return parameter.type === 'assignment_pattern' ? childrenOf(parameter) : [parameter];
}
