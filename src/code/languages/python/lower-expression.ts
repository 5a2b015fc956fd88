import type { Node } from 'web-tree-sitter';
import type {
  Argument,
  BinaryOperator,
  ComparisonOperator,
  ComprehensionClause,
  Entry,
  Expression,
  Item,
} from '../../program/expression';
import type { ClassDefinition, Parameter, Target } from '../../program/statement';
import { childrenOf } from './nodes';

const binaryOperators: readonly string[] = ['+', '-', '*', '/', '//', '%', '**', '|', '<<', '>>'] satisfies BinaryOperator[];
const comparisonOperators: readonly string[] = ['==', '!=', '<', '<=', '>', '>=', 'is', 'is not', 'in', 'not in'] satisfies ComparisonOperator[];

/** A name or an integer; everything that is no space or ASCII punctuation. */
const wordPattern = /[^\s!-/:-@[-^`{-~]*/y;

const chainPattern = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+/y;

/**
 * Turns Python's syntax tree into expressions with positions relative to the unit that starts at `base`. Every question to a
 * node is a call into WebAssembly, so what the text tells is taken from the text.
 */
export class Lowering {
  private readonly hasComments: boolean;

  constructor(
    private readonly source: string,
    private readonly base: number,
    end: number,
  ) {
    this.hasComments = source.slice(base, end).includes('#');
  }

  span(node: Node): { start: number; end: number } {
    return { start: node.startIndex - this.base, end: node.endIndex - this.base };
  }

  /** Named children without comments, which may stand anywhere. */
  children(node: Node): Node[] {
    return this.hasComments ? childrenOf(node) : node.namedChildren;
  }

  /** A text that stands alone, as a docstring does, has no value for anything. */
  isDocstring(node: Node): boolean {
    return this.source.startsWith('"""', node.startIndex) || this.source.startsWith("'''", node.startIndex);
  }

  /** `self.conv1`, `nn.functional.relu`: most attributes are chains of names, which the text tells; undefined for any other. */
  private chain(node: Node): Expression | undefined {
    chainPattern.lastIndex = node.startIndex;
    const text = chainPattern.exec(this.source)?.[0];
    if (text === undefined || node.startIndex + text.length !== node.endIndex) return undefined;
    const start = node.startIndex - this.base;
    const [first = '', ...names] = text.split('.');
    let end = start + first.length;
    let expression: Expression = { start, end, kind: 'name', name: first };
    for (const name of names) {
      end += name.length + 1;
      expression = { start, end, kind: 'attribute', object: expression, name };
    }
    return expression;
  }

  /** The name or integer that begins at an offset. */
  private word(start: number): string {
    wordPattern.lastIndex = start;
    return wordPattern.exec(this.source)?.[0] ?? '';
  }

  text(node: Node): string {
    return this.source.slice(node.startIndex, node.endIndex);
  }

  /** The operator written between two operands, without spaces, brackets and line breaks around it. */
  between(left: Node, right: Node): string {
    return this.source.slice(left.endIndex, right.startIndex).replace(/[()\\]/g, ' ').trim().replace(/\s+/g, ' ');
  }

  expression(node: Node, type = node.type): Expression {
    const start = node.startIndex - this.base;
    switch (type) {
      case 'identifier': {
        const name = this.word(node.startIndex);
        return { start, end: start + name.length, kind: 'name', name };
      }
      case 'integer': {
        const digits = this.word(node.startIndex);
        return { start, end: start + digits.length, kind: 'number', value: Number(digits.replaceAll('_', '')) };
      }
      case 'attribute': {
        const chain = this.chain(node);
        if (chain !== undefined) return chain;
        const [object, name] = this.children(node);
        if (object === undefined || name === undefined) break;
        const attribute = this.word(name.startIndex);
        return { start, end: name.startIndex - this.base + attribute.length, kind: 'attribute', object: this.expression(object), name: attribute };
      }
      case 'parenthesized_expression':
      case 'await': {
        // Brackets and `await` leave what they are put around as it is.
        const [inner, ...others] = this.children(node);
        if (inner !== undefined && others.length === 0) return this.expression(inner);
        break;
      }
    }
    return { ...this.shape(node, type), start, end: node.endIndex - this.base };
  }

  private expressions(nodes: readonly Node[]): Expression[] {
    return nodes.map((node) => this.expression(node));
  }

  private other(node: Node): Shape {
    return { kind: 'other', parts: this.expressions(this.children(node)) };
  }

  private shape(node: Node, type: string): Shape {
    switch (type) {
      case 'float':
        return { kind: 'number', value: Number(this.text(node).replaceAll('_', '')) };
      case 'true':
      case 'false':
        return { kind: 'boolean', value: type === 'true' };
      case 'none':
        return { kind: 'none' };
      case 'string':
        return this.string(node);
      case 'call':
        return this.call(node);
      case 'tuple':
      case 'list':
      case 'set':
      case 'expression_list':
      case 'pattern_list':
        return { kind: 'sequence', items: this.children(node).map((item) => this.item(item)) };
      case 'dictionary':
        return { kind: 'record', entries: this.children(node).flatMap((entry) => this.entry(entry)) };
      case 'unary_operator':
        return this.unary(node);
      case 'not_operator':
        return this.operand(node, 'not');
      case 'binary_operator':
        return this.binary(node);
      case 'boolean_operator':
        return this.logical(node);
      case 'comparison_operator':
        return this.comparison(node);
      case 'conditional_expression':
        return this.conditional(node);
      case 'subscript':
        return this.subscript(node);
      case 'named_expression':
      case 'assignment':
        return this.assignment(node);
      case 'lambda':
        return { kind: 'function', definition: this.lambda(node) };
      case 'dictionary_comprehension':
      case 'list_comprehension':
      case 'generator_expression':
      case 'set_comprehension':
        return this.comprehension(node);
      default:
        return this.other(node);
    }
  }

  private string(node: Node): Shape {
    const match = /^([a-zA-Z]*)("""|'''|"|')([\s\S]*)\2$/.exec(this.text(node));
    if (match === null) return this.other(node);
    if (/f/i.test(match[1] ?? '')) return this.formatted(node);
    return { kind: 'string', value: match[3] ?? '' };
  }

  /** An f-string: its literal pieces and the values between them. A format (`:03d`) makes a value unknown. */
  private formatted(node: Node): Shape {
    const parts = this.children(node).flatMap((part): Expression[] => {
      if (part.type === 'string_content') return [{ ...this.span(part), kind: 'string', value: this.text(part) }];
      if (part.type !== 'interpolation') return [];
      const [value, ...formats] = this.children(part);
      if (value === undefined) return [];
      return [formats.length === 0 ? this.expression(value) : { ...this.span(part), kind: 'other', parts: [this.expression(value)] }];
    });
    return { kind: 'text', parts };
  }

  private call(node: Node): Shape {
    const [callee, list] = this.children(node);
    if (callee === undefined || list === undefined) return this.other(node);
    const given = list.type === 'argument_list' ? this.children(list) : [list];
    return { kind: 'call', callee: this.expression(callee), arguments: given.map((argument) => this.argument(argument)) };
  }

  private argument(node: Node): Argument {
    const { type } = node;
    if (type !== 'keyword_argument' && type !== 'list_splat' && type !== 'dictionary_splat') {
      const value = this.expression(node, type);
      return { start: value.start, end: value.end, name: null, spread: null, value };
    }
    const start = node.startIndex - this.base;
    const [first, second] = this.children(node);
    if (first === undefined) return { ...this.span(node), name: null, spread: null, value: { ...this.span(node), kind: 'other', parts: [] } };
    const value = this.expression(type === 'keyword_argument' && second !== undefined ? second : first);
    if (type === 'keyword_argument') return { start, end: value.end, name: this.word(first.startIndex), spread: null, value };
    return { start, end: value.end, name: null, spread: type === 'list_splat' ? 'items' : 'entries', value };
  }

  private item(node: Node): Item {
    const { type } = node;
    const [inner] = type === 'list_splat' || type === 'list_splat_pattern' ? this.children(node) : [];
    return inner === undefined
      ? { spread: false, value: this.expression(node, type) }
      : { spread: true, value: this.expression(inner) };
  }

  private entry(node: Node): Entry[] {
    const [key, value] = this.children(node);
    if (key === undefined) return [];
    if (node.type === 'dictionary_splat') return [{ key: null, value: this.expression(key) }];
    return value === undefined ? [] : [{ key: this.expression(key), value: this.expression(value) }];
  }

  private unary(node: Node): Shape {
    const [operand] = this.children(node);
    if (operand === undefined) return this.other(node);
    const sign = this.source.charAt(node.startIndex);
    if (sign === '-') return this.operand(node, 'negation');
    return sign === '+' ? this.shape(operand, operand.type) : this.other(node);
  }

  private operand(node: Node, kind: 'negation' | 'not'): Shape {
    const [operand] = this.children(node);
    return operand === undefined ? this.other(node) : { kind, operand: this.expression(operand) };
  }

  private binary(node: Node): Shape {
    const [left, right] = this.children(node);
    if (left === undefined || right === undefined) return this.other(node);
    const operator = this.between(left, right);
    if (!binaryOperators.includes(operator)) return this.other(node);
    return { kind: 'binary', operator: operator as BinaryOperator, left: this.expression(left), right: this.expression(right) };
  }

  private logical(node: Node): Shape {
    const [left, right] = this.children(node);
    if (left === undefined || right === undefined) return this.other(node);
    const operator = this.between(left, right) === 'or' ? 'or' : 'and';
    return { kind: 'logical', operator, left: this.expression(left), right: this.expression(right) };
  }

  private comparison(node: Node): Shape {
    const [left, right, ...others] = this.children(node);
    if (left === undefined || right === undefined || others.length > 0) return this.other(node);
    const operator = this.between(left, right);
    if (!comparisonOperators.includes(operator)) return this.other(node);
    return { kind: 'comparison', operator: operator as ComparisonOperator, left: this.expression(left), right: this.expression(right) };
  }

  private conditional(node: Node): Shape {
    const [whenTrue, test, whenFalse] = this.children(node);
    if (whenTrue === undefined || test === undefined || whenFalse === undefined) return this.other(node);
    return { kind: 'conditional', test: this.expression(test), whenTrue: this.expression(whenTrue), whenFalse: this.expression(whenFalse) };
  }

  private subscript(node: Node): Shape {
    const [object, index, ...others] = this.children(node);
    if (object === undefined || index === undefined || others.length > 0) return this.other(node);
    return { kind: 'subscript', object: this.expression(object), index: this.expression(index) };
  }

  private assignment(node: Node): Shape {
    const parts = this.children(node);
    const target = parts[0];
    const value = parts.at(-1);
    if (target === undefined || value === undefined || parts.length < 2) return this.other(node);
    return { kind: 'assignment', target: this.target(target), value: this.expression(value) };
  }

  private lambda(node: Node) {
    const children = this.children(node);
    const body = children.at(-1);
    const parameters = children.length > 1 && children[0] !== undefined ? this.parameters(children[0]) : [];
    const statements = body === undefined ? [] : [{ ...this.span(body), kind: 'return' as const, value: this.expression(body) }];
    return { ...this.span(node), name: '', parameters, body: statements, decorators: [] };
  }

  private comprehension(node: Node): Shape {
    const [element, ...rest] = this.children(node);
    if (element === undefined) return this.other(node);
    const clauses: ComprehensionClause[] = [];
    for (const clause of rest) {
      const [target, iterable] = this.children(clause);
      const last = clauses.at(-1);
      if (clause.type === 'for_in_clause' && target !== undefined && iterable !== undefined) {
        clauses.push({ target: this.target(target), iterable: this.expression(iterable), conditions: [] });
      } else if (clause.type === 'if_clause' && target !== undefined && last !== undefined) {
        clauses[clauses.length - 1] = { ...last, conditions: [...last.conditions, this.expression(target)] };
      }
    }
    const [key, value] = element.type === 'pair' ? this.children(element) : [];
    if (key !== undefined && value !== undefined) return { kind: 'comprehension', key: this.expression(key), element: this.expression(value), clauses };
    return { kind: 'comprehension', key: null, element: this.expression(element), clauses };
  }

  /** What stands left of `=`, after `for`, or after `as`. */
  target(node: Node): Target {
    const { type } = node;
    if (type === 'identifier') return { kind: 'name', name: this.word(node.startIndex) };
    const children = this.children(node);
    const [first, second] = children;
    switch (type) {
      case 'attribute':
        if (first !== undefined && second !== undefined) return { kind: 'attribute', object: this.expression(first), name: this.text(second) };
        break;
      case 'subscript':
        if (first !== undefined && second !== undefined) return { kind: 'subscript', object: this.expression(first), index: this.expression(second) };
        break;
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'expression_list':
      case 'tuple':
      case 'list':
        return {
          kind: 'items',
          targets: children.map((child) => ({ target: this.target(child), fallback: null })),
          rest: children.findIndex(({ type }) => type === 'list_splat_pattern' || type === 'list_splat'),
        };
      case 'list_splat_pattern':
      case 'list_splat':
      case 'as_pattern_target':
      case 'parenthesized_expression':
        if (first !== undefined) return this.target(first);
        break;
    }
    return { kind: 'name', name: this.text(node) };
  }

  parameters(node: Node): Parameter[] {
    let keywordOnly = false;
    return this.children(node).flatMap((parameter): Parameter[] => {
      if (parameter.type === 'keyword_separator') keywordOnly = true;
      const [first] = parameter.type === 'typed_parameter' ? this.children(parameter) : [parameter];
      const children = first === undefined ? [] : this.children(first);
      const plain = keywordOnly ? 'keyword' : 'plain';
      switch (first?.type) {
        case 'identifier':
          return [{ target: this.target(first), kind: plain, fallback: null }];
        case 'default_parameter':
        case 'typed_default_parameter': {
          const [name] = children;
          const value = children.at(-1);
          return name === undefined || value === undefined
            ? []
            : [{ target: this.target(name), kind: plain, fallback: this.expression(value) }];
        }
        case 'list_splat_pattern':
          keywordOnly = true;
          return [{ target: this.target(first), kind: 'rest-items', fallback: null }];
        case 'dictionary_splat_pattern':
          return children[0] === undefined ? [] : [{ target: this.target(children[0]), kind: 'rest-entries', fallback: null }];
        default:
          return [];
      }
    });
  }

  /** Everything of a class but its body. `outer` is the decorated definition around it, or the class itself. */
  classHead(node: Node, outer: Node): Omit<ClassDefinition, 'members'> {
    const bases = node.childForFieldName('superclasses');
    return {
      ...this.span(outer),
      name: node.childForFieldName('name')?.text ?? '',
      bases: bases === null ? [] : this.expressions(this.children(bases).filter(({ type }) => type !== 'keyword_argument')),
      decorators: this.decorators(outer),
    };
  }

  decorators(outer: Node): string[] {
    if (outer.type !== 'decorated_definition') return [];
    return this.children(outer)
      .filter(({ type }) => type === 'decorator')
      .map((decorator) => this.text(decorator).slice(1).replace(/\([\s\S]*$/, '').trim());
  }
}

type Shape = DistributiveOmit<Expression, 'start' | 'end'>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
