import type { SourceRange } from '../finding';
import type { Argument, Expression } from '../program/expression';
import { readAttribute } from './attributes';
import { builtinNames } from './builtins';
import { call } from './calls';
import { rangeIn, type Frame } from './frame';
import { consume } from './feature-maps';
import { calculate, compare } from './operators';
import type { CallPlace, Run } from './run';
import { Scope } from './scope';
import { assign } from './targets';
import {
  alternatives,
  booleanValue,
  join,
  listValue,
  none,
  numberValue,
  tensorValue,
  truth,
  unknown,
  type Arguments,
  type ListValue,
  type RecordValue,
  type Value,
} from './value';

/** Items of one list that a loop or comprehension visits; later ones rarely tell anything new. */
const mostIterations = 48;

/** The value of an expression, as far as the file shows it. Visits every subexpression, so that layers inside are seen. */
export function evaluate(run: Run, frame: Frame, expression: Expression): Value {
  if (run.budget-- <= 0) return unknown;
  switch (expression.kind) {
    case 'number':
      return numberValue(expression.value, frame.base + expression.start);
    case 'string':
      return { kind: 'string', value: expression.value };
    case 'boolean':
      return booleanValue(expression.value);
    case 'none':
      return none;
    case 'name':
      return readName(run, frame, expression.name);
    case 'attribute':
      return readAttribute(run, frame, evaluate(run, frame, expression.object), expression.name, rangeIn(frame, expression));
    case 'subscript':
      return item(evaluate(run, frame, expression.object), evaluate(run, frame, expression.index));
    case 'call':
      return evaluateCall(run, frame, expression);
    case 'sequence':
      return sequence(run, frame, expression.items);
    case 'record':
      return record(run, frame, expression.entries);
    case 'negation': {
      const value = evaluate(run, frame, expression.operand);
      return value.kind === 'number' ? numberValue(-value.value, value.at) : derived(value);
    }
    case 'not': {
      const known = truth(evaluate(run, frame, expression.operand));
      return known === undefined ? unknown : booleanValue(!known);
    }
    case 'binary': {
      const left = evaluate(run, frame, expression.left);
      return calculate(expression.operator, left, evaluate(run, frame, expression.right));
    }
    case 'comparison': {
      const left = evaluate(run, frame, expression.left);
      return compare(expression.operator, left, evaluate(run, frame, expression.right));
    }
    case 'logical':
      return logical(run, frame, expression);
    case 'conditional': {
      const known = truth(evaluate(run, frame, expression.test));
      if (known === true) return evaluate(run, frame, expression.whenTrue);
      if (known === false) return evaluate(run, frame, expression.whenFalse);
      return join(evaluate(run, frame, expression.whenTrue), evaluate(run, frame, expression.whenFalse));
    }
    case 'function': {
      const { definition } = expression;
      const value = {
        kind: 'function' as const,
        definition: () => definition,
        name: definition.name,
        scope: frame.scope,
        base: frame.base,
        // A function expression inside a method sees the method's `this`.
        receiver: null,
        owner: frame.owner,
        definer: frame,
        text: null,
      };
      run.functions.push(value);
      return value;
    }
    case 'comprehension':
      return comprehension(run, frame, expression);
    case 'text':
      return joinedText(expression.parts.map((part) => evaluate(run, frame, part)));
    case 'assignment': {
      const value = evaluate(run, frame, expression.value);
      assign(run, frame, expression.target, value);
      return value;
    }
    case 'other':
      for (const part of expression.parts) consume(evaluate(run, frame, part));
      return unknown;
  }
}

function readName(run: Run, frame: Frame, name: string): Value {
  const bound = frame.scope.get(name);
  if (bound !== undefined) return bound;
  // JavaScript's `super` is a name, Python's a function.
  if (name === 'super' && !run.traits.explicitReceiver) {
    return frame.receiver === null || frame.owner === null ? unknown : { kind: 'super', instance: frame.receiver, owner: frame.owner };
  }
  for (const module of run.wildcards) {
    const path = `${module}.${name}`;
    if (run.find(path) !== undefined) return { kind: 'symbol', path };
  }
  return builtinNames.has(name) ? { kind: 'symbol', path: `builtins.${name}` } : unknown;
}

function evaluateCall(run: Run, frame: Frame, expression: Extract<Expression, { kind: 'call' }>): Value {
  const callee = evaluate(run, frame, expression.callee);
  const given = evaluateArguments(run, frame, expression.arguments);
  return call(run, callee, given, new WrittenCall(run, frame, expression));
}

const nothingNamed: ReadonlyMap<string, Value> = new Map();

/** A call of the program. Few are asked for their name, so it is read when it is. */
class WrittenCall implements CallPlace {
  readonly range: SourceRange;

  constructor(
    private readonly run: Run,
    readonly frame: Frame,
    private readonly expression: Extract<Expression, { kind: 'call' }>,
  ) {
    this.range = rangeIn(frame, expression);
  }

  get syntax(): readonly Argument[] {
    return this.expression.arguments;
  }

  /** The callee as written; a chain of calls is named by its last link. */
  get callee(): string {
    const { start, end } = rangeIn(this.frame, this.expression.callee);
    const text = this.run.source.slice(start, end);
    return /[(\n]/.test(text) ? (/[\w$]+$/.exec(text)?.[0] ?? text) : text;
  }
}

function evaluateArguments(run: Run, frame: Frame, syntax: readonly Argument[]): Arguments {
  const positional: Value[] = [];
  const named = syntax.some(({ name, spread }) => name !== null || spread === 'entries') ? new Map<string, Value>() : nothingNamed;
  let open = false;
  for (const { name, spread, value: expression } of syntax) {
    const value = evaluate(run, frame, expression);
    if (name !== null) (named as Map<string, Value>).set(name, value);
    else if (spread === null) positional.push(value);
    else if (value.kind === 'list' && spread === 'items') {
      positional.push(...value.items);
      open ||= value.open;
    } else if (value.kind === 'record' && spread === 'entries') {
      for (const [key, entry] of value.entries) (named as Map<string, Value>).set(key, entry);
      open ||= value.open;
    } else open = true;
  }
  return { positional, named, open };
}

function sequence(run: Run, frame: Frame, items: Extract<Expression, { kind: 'sequence' }>['items']): ListValue {
  const list = listValue([]);
  for (const { spread, value: expression } of items) {
    const value = evaluate(run, frame, expression);
    if (!spread) list.items.push(value);
    else if (value.kind === 'list') {
      list.items.push(...value.items);
      list.open ||= value.open;
    } else list.open = true;
  }
  return list;
}

function record(run: Run, frame: Frame, entries: Extract<Expression, { kind: 'record' }>['entries']): RecordValue {
  const result: RecordValue = { kind: 'record', entries: new Map(), open: false };
  for (const { key, value: expression } of entries) {
    const value = evaluate(run, frame, expression);
    const name = key === null ? null : keyOf(evaluate(run, frame, key));
    if (name !== null) result.entries.set(name, value);
    else if (key === null && value.kind === 'record') {
      for (const [inner, entry] of value.entries) result.entries.set(inner, entry);
      result.open ||= value.open;
    } else result.open = true;
  }
  return result;
}

/** How a value names an entry of a record; null where it is not known. */
export function keyOf(value: Value): string | null {
  return value.kind === 'string' || value.kind === 'number' ? String(value.value) : null;
}

/** An item of a list or an entry of a record. An unknown index may mean any of them. */
function item(object: Value, index: Value): Value {
  if (object.kind === 'union') return object.values.map((value) => item(value, index)).reduce(join);
  if (object.kind === 'layer' && object.items !== null) return item(object.items, index);
  if (object.kind === 'tensor') {
    consume(object);
    return tensorValue();
  }
  if (object.kind === 'record') {
    const key = keyOf(index);
    if (key !== null) return object.entries.get(key) ?? unknown;
    return [...object.entries.values()].reduce(join, unknown);
  }
  if (object.kind !== 'list') return unknown;
  if (index.kind === 'number') return object.items.at(index.value) ?? unknown;
  return index.kind === 'unknown' ? object.items.reduce(join, unknown) : unknown;
}

function logical(run: Run, frame: Frame, expression: Extract<Expression, { kind: 'logical' }>): Value {
  const left = evaluate(run, frame, expression.left);
  const known = expression.operator === '??' ? isGiven(left) : truth(left);
  const stops = expression.operator === 'and' ? false : true;
  if (known === stops) return left;
  const right = evaluate(run, frame, expression.right);
  return known === undefined ? join(left, right) : right;
}

function isGiven(value: Value): boolean | undefined {
  return value.kind === 'none' ? false : value.kind === 'unknown' || value.kind === 'union' ? undefined : true;
}

function comprehension(run: Run, frame: Frame, { key, element, clauses }: Extract<Expression, { kind: 'comprehension' }>): Value {
  const inner: Frame = { ...frame, scope: new Scope(frame.scope) };
  const list = listValue([]);
  const entries = new Map<string, Value>();
  const visit = (depth: number): void => {
    const clause = clauses[depth];
    if (clause === undefined) {
      const name = key === null ? null : keyOf(evaluate(run, inner, key));
      const value = evaluate(run, inner, element);
      list.items.push(value);
      if (name !== null) entries.set(name, value);
      else list.open ||= key !== null;
      return;
    }
    const values = iterate(evaluate(run, inner, clause.iterable));
    list.open ||= values.open;
    for (const value of values.items) {
      assign(run, inner, clause.target, value);
      const tests = clause.conditions.map((condition) => truth(evaluate(run, inner, condition)));
      if (!tests.includes(false)) visit(depth + 1);
    }
  };
  visit(0);
  return key === null ? list : { kind: 'record', entries, open: list.open };
}

/** Text made of known strings and numbers. */
export function joinedText(parts: readonly Value[]): Value {
  const texts = parts.map(keyOf);
  return texts.every((text) => text !== null) ? { kind: 'string', value: texts.join('') } : unknown;
}

/** What a loop over a value visits: known items, or one that stands for all. */
export function iterate(iterable: Value): { readonly items: readonly Value[]; readonly open: boolean } {
  const lists = alternatives(iterable).filter((value) => value.kind === 'list');
  const list = lists.length === 1 && iterable.kind !== 'union' ? lists[0] : undefined;
  if (list !== undefined) {
    const items = list.items.slice(0, mostIterations);
    return items.length === 0 && list.open ? { items: [unknown], open: true } : { items, open: list.open };
  }
  if (lists.length > 0) return { items: lists.flatMap(({ items }) => items).slice(0, mostIterations), open: true };
  if (iterable.kind === 'record') return { items: [...iterable.entries.keys()].map((value) => ({ kind: 'string', value })), open: iterable.open };
  if (iterable.kind === 'layer' && iterable.items !== null) return iterate(iterable.items);
  return { items: [unknown], open: true };
}

/** What arithmetic leaves of a value that is no number. */
function derived(value: Value): Value {
  if (value.kind !== 'tensor') return unknown;
  consume(value);
  return tensorValue();
}
