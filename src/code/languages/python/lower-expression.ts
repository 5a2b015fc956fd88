import type { SyntaxNode } from '../syntax-node';
import { codeLimits } from '../../../core/limits';
import type { Argument, ClassDefinition, ComprehensionClause, Entry, Expression, Item } from '../../program/program';
import { JudgingStopped, tooDeep } from '../../program/stop';
import { binary, comparison, conditional, logical, operand, unary } from './lower-operator';
import { lowerParameters, lowerTarget } from './lower-pattern';
import type { ExpressionLowering, Shape } from './lowering';
import { SourceReader } from './source-reader';

/** Turns Python's syntax tree into expressions with positions relative to the unit that starts at `base`. */
export class Lowering extends SourceReader implements ExpressionLowering {
  private depth = 0;

  /** @throws JudgingStopped where expressions are nested too deeply */
  expression(node: SyntaxNode, type = node.type): Expression {
    if (++this.depth > codeLimits.nesting) throw new JudgingStopped(tooDeep);
    const expression = this.read(node, type);
    this.depth--;
    return expression;
  }

  private read(node: SyntaxNode, type: string): Expression {
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
        return {
          start,
          end: name.startIndex - this.base + attribute.length,
          kind: 'attribute',
          object: this.expression(object),
          name: attribute,
        };
      }
      case 'parenthesized_expression':
      case 'await': {
        // Brackets and `await` leave what they are put around as it is.
        const [inner, ...others] = this.children(node);
        if (inner !== undefined && others.length === 0) return this.expression(inner);
        break;
      }
    }
    return { start, end: node.endIndex - this.base, ...this.shape(node, type) };
  }

  private expressions(nodes: readonly SyntaxNode[]): Expression[] {
    return nodes.map((node) => this.expression(node));
  }

  /** Anything that has no value here: its parts are looked at all the same. */
  other(node: SyntaxNode): Shape {
    return { kind: 'other', parts: this.expressions(this.children(node)) };
  }

  shape(node: SyntaxNode, type: string): Shape {
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
        return unary(this, node);
      case 'not_operator':
        return operand(this, node, 'not');
      case 'binary_operator':
        return binary(this, node);
      case 'boolean_operator':
        return logical(this, node);
      case 'comparison_operator':
        return comparison(this, node);
      case 'conditional_expression':
        return conditional(this, node);
      case 'subscript':
        return this.subscript(node);
      case 'slice':
        return this.slice(node);
      case 'ellipsis':
        return { kind: 'ellipsis' };
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

  private string(node: SyntaxNode): Shape {
    const match = /^([a-zA-Z]*)("""|'''|"|')([\s\S]*)\2$/.exec(this.text(node));
    if (match === null) return this.other(node);
    if (/f/i.test(match[1] ?? '')) return this.formatted(node);
    return { kind: 'string', value: match[3] ?? '' };
  }

  /** An f-string: its literal pieces and the values between them. A format (`:03d`) makes a value unknown. */
  private formatted(node: SyntaxNode): Shape {
    const parts = this.children(node).flatMap((part): Expression[] => {
      if (part.type === 'string_content') return [{ kind: 'string', value: this.text(part), ...this.span(part) }];
      if (part.type !== 'interpolation') return [];
      const [value, ...formats] = this.children(part);
      if (value === undefined) return [];
      return [formats.length === 0 ? this.expression(value) : { kind: 'other', parts: [this.expression(value)], ...this.span(part) }];
    });
    return { kind: 'text', parts };
  }

  private call(node: SyntaxNode): Shape {
    const [callee, list] = this.children(node);
    if (callee === undefined || list === undefined) return this.other(node);
    const given = list.type === 'argument_list' ? this.children(list) : [list];
    return { kind: 'call', callee: this.expression(callee), arguments: given.map((argument) => this.argument(argument)) };
  }

  private argument(node: SyntaxNode): Argument {
    const { type } = node;
    if (type !== 'keyword_argument' && type !== 'list_splat' && type !== 'dictionary_splat') {
      const value = this.expression(node, type);
      return { start: value.start, end: value.end, name: null, spread: null, value };
    }
    const start = node.startIndex - this.base;
    const [first, second] = this.children(node);
    if (first === undefined)
      return { name: null, spread: null, value: { kind: 'other', parts: [], ...this.span(node) }, ...this.span(node) };
    const value = this.expression(type === 'keyword_argument' && second !== undefined ? second : first);
    if (type === 'keyword_argument') return { start, end: value.end, name: this.word(first.startIndex), spread: null, value };
    return { start, end: value.end, name: null, spread: type === 'list_splat' ? 'items' : 'entries', value };
  }

  private item(node: SyntaxNode): Item {
    const { type } = node;
    const [inner] = type === 'list_splat' || type === 'list_splat_pattern' ? this.children(node) : [];
    return inner === undefined ? { spread: false, value: this.expression(node, type) } : { spread: true, value: this.expression(inner) };
  }

  private entry(node: SyntaxNode): Entry[] {
    const [key, value] = this.children(node);
    if (key === undefined) return [];
    if (node.type === 'dictionary_splat') return [{ key: null, value: this.expression(key) }];
    return value === undefined ? [] : [{ key: this.expression(key), value: this.expression(value) }];
  }

  private subscript(node: SyntaxNode): Shape {
    const [object, index, ...others] = this.children(node);
    if (object === undefined || index === undefined) return this.other(node);
    if (others.length === 0) return { kind: 'subscript', object: this.expression(object), index: this.expression(index) };
    const items = [index, ...others].map((axis) => ({ spread: false, value: this.expression(axis) }));
    const list: Expression = {
      kind: 'sequence',
      items,
      start: index.startIndex - this.base,
      end: (others.at(-1) ?? index).endIndex - this.base,
    };
    return { kind: 'subscript', object: this.expression(object), index: list };
  }

  /** The colons tell which of its parts is written. */
  private slice(node: SyntaxNode): Shape {
    const places: (Expression | null)[] = [null, null, null];
    let place = 0;
    for (const child of node.children) {
      if (child.type === ':') place++;
      else if (child.isNamed && child.type !== 'comment') places[place] = this.expression(child);
    }
    const [from = null, to = null, step = null] = places;
    return { kind: 'slice', from, to, step };
  }

  private assignment(node: SyntaxNode): Shape {
    const parts = this.children(node);
    const target = parts[0];
    const value = parts.at(-1);
    if (target === undefined || value === undefined || parts.length < 2) return this.other(node);
    return { kind: 'assignment', target: lowerTarget(this, target), value: this.expression(value) };
  }

  private lambda(node: SyntaxNode) {
    const children = this.children(node);
    const body = children.at(-1);
    const parameters = children.length > 1 && children[0] !== undefined ? lowerParameters(this, children[0]) : [];
    const statements = body === undefined ? [] : [{ kind: 'return' as const, value: this.expression(body), ...this.span(body) }];
    return { name: '', parameters, body: statements, decorators: [], ...this.span(node) };
  }

  private comprehension(node: SyntaxNode): Shape {
    const [element, ...rest] = this.children(node);
    if (element === undefined) return this.other(node);
    const clauses: ComprehensionClause[] = [];
    for (const clause of rest) {
      const [target, iterable] = this.children(clause);
      const last = clauses.at(-1);
      if (clause.type === 'for_in_clause' && target !== undefined && iterable !== undefined) {
        clauses.push({ target: lowerTarget(this, target), iterable: this.expression(iterable), conditions: [] });
      } else if (clause.type === 'if_clause' && target !== undefined && last !== undefined) {
        clauses[clauses.length - 1] = { ...last, conditions: [...last.conditions, this.expression(target)] };
      }
    }
    const [key, value] = element.type === 'pair' ? this.children(element) : [];
    if (key !== undefined && value !== undefined)
      return { kind: 'comprehension', key: this.expression(key), element: this.expression(value), clauses };
    return { kind: 'comprehension', key: null, element: this.expression(element), clauses };
  }

  /** Everything of a class but its body. `outer` is the decorated definition around it, or the class itself. */
  classHead(node: SyntaxNode, outer: SyntaxNode): Omit<ClassDefinition, 'members'> {
    const bases = node.childForFieldName('superclasses');
    return {
      name: node.childForFieldName('name')?.text ?? '',
      bases: bases === null ? [] : this.expressions(this.children(bases).filter(({ type }) => type !== 'keyword_argument')),
      decorators: this.decorators(outer),
      ...this.span(outer),
    };
  }

  decorators(outer: SyntaxNode): string[] {
    if (outer.type !== 'decorated_definition') return [];
    return this.children(outer)
      .filter(({ type }) => type === 'decorator')
      .map((decorator) =>
        this.text(decorator)
          .slice(1)
          .replace(/\([\s\S]*$/, '')
          .trim(),
      );
  }
}
