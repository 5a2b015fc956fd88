import type { SourceRange } from '../../finding';
import { endOf } from '../../program/end-of-text';
import type { Argument, Expression } from '../../program/program';
import { call } from './calls';
import { evaluate } from './expressions';
import { rangeIn } from '../values/frame';
import { textOf, type CallPlace, type Run } from '../run';
import { outsideOf, type Arguments, type Value, type Frame } from '../values/value';

type CallExpression = Extract<Expression, { kind: 'call' }>;

/** A call in the program: its callee, then its arguments, then what it does. */
export function evaluateCall(run: Run, frame: Frame, expression: CallExpression): Value {
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
    private readonly expression: CallExpression,
  ) {
    this.range = rangeIn(frame, expression);
  }

  get syntax(): readonly Argument[] {
    return this.expression.arguments;
  }

  /** The callee as written; a chain of calls is named by its last link. */
  get callee(): string {
    const text = textOf(this.run, rangeIn(this.frame, this.expression.callee));
    return /[(\n]/.test(text) ? endOf(text, /[\w$]/) || text : text;
  }
}

function evaluateArguments(run: Run, frame: Frame, syntax: readonly Argument[]): Arguments {
  const positional: Value[] = [];
  const named = syntax.some(({ name, spread }) => name !== null || spread === 'entries') ? new Map<string, Value>() : nothingNamed;
  let open = false;
  let outside: ReturnType<typeof outsideOf> = {};
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
      outside = outsideOf(outside, value);
    } else open = true;
  }
  return { positional, named, open, ...outside };
}
