import type { SyntaxNode } from '../syntax-node';
import { codeLimits } from '../../../core/limits';
import type { Argument, Entry, Expression, FunctionDefinition, Item, Statement, Target } from '../../program/program';
import { JudgingStopped, tooDeep } from '../../program/stop';
import { childrenOf } from './nodes';
import { assignment, binary, conditional, unary, update } from './lower-operator';
import { lowerParameters, lowerTarget } from './lower-pattern';
import type { ExpressionLowering, Shape } from './lowering';

/** Turns a statement of a function's body into statements; given from outside because statements hold expressions and these functions. */
export type LowerBody = (lowering: Lowering, node: SyntaxNode) => Statement[];

/** Turns JavaScript's and TypeScript's syntax trees into expressions with positions relative to the unit that starts at `base`. */
export class Lowering implements ExpressionLowering {
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly base: number,
    private readonly lowerBody: LowerBody,
  ) {}

  span(node: SyntaxNode): { start: number; end: number } {
    return { start: node.startIndex - this.base, end: node.endIndex - this.base };
  }

  text(node: SyntaxNode): string {
    return this.source.slice(node.startIndex, node.endIndex);
  }

  /** The operator written between two operands. */
  between(left: SyntaxNode, right: SyntaxNode): string {
    return this.source
      .slice(left.endIndex, right.startIndex)
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ')
      .trim();
  }

  /** @throws JudgingStopped where expressions are nested too deeply */
  expression(node: SyntaxNode): Expression {
    if (++this.depth > codeLimits.nesting) throw new JudgingStopped(tooDeep);
    const expression = this.read(node);
    this.depth--;
    return expression;
  }

  private read(node: SyntaxNode): Expression {
    const inner = this.inner(node);
    return inner === undefined ? { ...this.span(node), ...this.shape(node) } : this.expression(inner);
  }

  /** What brackets, types and `await` are put around, which they leave as it is. */
  private inner(node: SyntaxNode): SyntaxNode | undefined {
    switch (node.type) {
      case 'parenthesized_expression':
      case 'non_null_expression':
      case 'await_expression':
      case 'as_expression':
      case 'satisfies_expression':
        return childrenOf(node)[0];
      case 'type_assertion':
      case 'sequence_expression':
        return childrenOf(node).at(-1);
      default:
        return undefined;
    }
  }

  /** Anything that has no value here: its parts are looked at all the same. */
  other(node: SyntaxNode): Shape {
    return { kind: 'other', parts: childrenOf(node).map((child) => this.expression(child)) };
  }

  shape(node: SyntaxNode): Shape {
    switch (node.type) {
      case 'identifier':
      case 'this':
      case 'super':
      case 'shorthand_property_identifier':
        return this.text(node) === 'undefined' ? { kind: 'none' } : { kind: 'name', name: this.text(node) };
      case 'number':
        return { kind: 'number', value: Number(this.text(node).replaceAll('_', '').replace(/n$/, '')) };
      case 'true':
      case 'false':
        return { kind: 'boolean', value: node.type === 'true' };
      case 'null':
      case 'undefined':
        return { kind: 'none' };
      case 'string':
        return { kind: 'string', value: this.text(node).slice(1, -1) };
      case 'template_string':
        return this.template(node);
      case 'member_expression':
        return this.member(node);
      case 'subscript_expression':
        return this.subscript(node);
      case 'call_expression':
      case 'new_expression':
        return this.call(node);
      case 'array':
        return { kind: 'sequence', items: childrenOf(node).map((item) => this.item(item)) };
      case 'object':
        return { kind: 'record', entries: childrenOf(node).flatMap((entry) => this.entry(entry)) };
      case 'unary_expression':
        return unary(this, node);
      case 'update_expression':
        return update(this, node);
      case 'binary_expression':
        return binary(this, node);
      case 'ternary_expression':
        return conditional(this, node);
      case 'assignment_expression':
      case 'augmented_assignment_expression':
        return assignment(this, node);
      case 'arrow_function':
      case 'function_expression':
      case 'function':
      case 'generator_function':
        return { kind: 'function', definition: this.definition(node, []) };
      default:
        return this.other(node);
    }
  }

  private template(node: SyntaxNode): Shape {
    const parts = childrenOf(node).flatMap((part): Expression[] => {
      if (part.type === 'string_fragment') return [{ kind: 'string', value: this.text(part), ...this.span(part) }];
      const [value] = part.type === 'template_substitution' ? childrenOf(part) : [];
      return value === undefined ? [] : [this.expression(value)];
    });
    return { kind: 'text', parts };
  }

  private member(node: SyntaxNode): Shape {
    const [object, property] = childrenOf(node);
    if (object === undefined || property === undefined) return this.other(node);
    return { kind: 'attribute', object: this.expression(object), name: this.text(property) };
  }

  private subscript(node: SyntaxNode): Shape {
    const [object, index] = childrenOf(node);
    if (object === undefined || index === undefined) return this.other(node);
    return { kind: 'subscript', object: this.expression(object), index: this.expression(index) };
  }

  private call(node: SyntaxNode): Shape {
    const [callee, ...rest] = childrenOf(node);
    if (callee === undefined) return this.other(node);
    const list = rest.find(({ type }) => type === 'arguments');
    return {
      kind: 'call',
      callee: this.expression(callee),
      arguments: list === undefined ? [] : childrenOf(list).map((argument) => this.argument(argument)),
    };
  }

  private argument(node: SyntaxNode): Argument {
    const [spread] = node.type === 'spread_element' ? childrenOf(node) : [];
    return { name: null, spread: spread === undefined ? null : 'items', value: this.expression(spread ?? node), ...this.span(node) };
  }

  private item(node: SyntaxNode): Item {
    const [spread] = node.type === 'spread_element' ? childrenOf(node) : [];
    return { spread: spread !== undefined, value: this.expression(spread ?? node) };
  }

  private entry(node: SyntaxNode): Entry[] {
    const span = this.span(node);
    const [first, second] = childrenOf(node);
    switch (node.type) {
      case 'shorthand_property_identifier':
        return [{ key: { kind: 'string', value: this.text(node), ...span }, value: this.expression(node) }];
      case 'spread_element':
        return first === undefined ? [] : [{ key: null, value: this.expression(first) }];
      case 'method_definition': {
        const definition = this.definition(node, []);
        return [{ key: { kind: 'string', value: definition.name, ...span }, value: { kind: 'function', definition, ...span } }];
      }
      case 'pair':
        return first === undefined || second === undefined ? [] : [{ key: this.key(first), value: this.expression(second) }];
      default:
        return [];
    }
  }

  private key(node: SyntaxNode): Expression {
    const [computed] = node.type === 'computed_property_name' ? childrenOf(node) : [];
    if (computed !== undefined) return this.expression(computed);
    return { kind: 'string', value: this.keyText(node), ...this.span(node) };
  }

  /** The name of a property, without quotes. */
  keyText(node: SyntaxNode): string {
    return this.text(node).replace(/^(['"])(.*)\1$/s, '$2');
  }

  /** A function of any form: declaration, expression, arrow or method. */
  definition(node: SyntaxNode, decorators: readonly string[]): FunctionDefinition {
    const parameters = node.childForFieldName('parameters') ?? node.childForFieldName('parameter');
    const body = node.childForFieldName('body');
    const name = node.childForFieldName('name');
    const isBlock = body?.type === 'statement_block';
    return {
      name: name === null ? '' : this.keyText(name),
      parameters: parameters === null ? [] : lowerParameters(this, parameters),
      body:
        body === null ? [] : isBlock ? this.lowerBody(this, body) : [{ kind: 'return', value: this.expression(body), ...this.span(body) }],
      decorators,
      ...this.span(node),
    };
  }

  target(node: SyntaxNode): Target {
    return lowerTarget(this, node);
  }
}
