import type { Statement, Target } from '../../program/program';
import { defineClass } from './classes';
import { iterate } from './collections';
import { evaluate } from './expressions';
import { consume } from '../sites/feature-maps';
import { readAttribute } from './attributes';
import { rangeIn } from '../values/frame';
import { calculate } from './operators';
import { importName } from './imported-names';
import { noteOtherWays } from './other-ways';
import { paid, spend, type Run } from '../run';
import { assign } from './targets';
import { join, none, truth, unknown, type FunctionValue, type Value, type Frame } from '../values/value';

/** Runs statements in order. False where control does not reach the end of them. */
export function runStatements(run: Run, frame: Frame, statements: readonly Statement[]): boolean {
  for (const statement of statements) {
    if (!runStatement(run, frame, statement)) return false;
  }
  return true;
}

function runStatement(run: Run, frame: Frame, statement: Statement): boolean {
  // A branch keeps the names of its scope by themselves.
  if (statement.kind === 'if' || statement.kind === 'loop' || statement.kind === 'branches') spend(run, frame.scope.size >> 3);
  switch (statement.kind) {
    case 'expression':
      evaluate(run, frame, statement.expression);
      return true;
    case 'assign':
      runAssignment(run, frame, statement);
      return true;
    case 'import':
      for (const binding of statement.bindings) importName(run, frame, binding);
      return true;
    case 'function': {
      const { definition } = statement;
      const value: FunctionValue = {
        kind: 'function',
        definition: () => definition,
        name: definition.name,
        scope: frame.scope,
        base: frame.base,
        receiver: null,
        owner: null,
        definer: frame,
        text: null,
      };
      run.functions.push(value);
      frame.scope.set(definition.name, value);
      return true;
    }
    case 'class':
      defineClass(run, frame, statement);
      return true;
    case 'if':
      return runConditional(run, frame, statement);
    case 'for': {
      const { items } = iterate(evaluate(run, frame, statement.iterable));
      for (const item of items) {
        assign(run, frame, statement.target, item);
        runStatements(run, frame, statement.body);
      }
      return true;
    }
    case 'loop':
      frame.scope.branch([() => (runStatements(run, frame, statement.body), true), () => true]);
      return true;
    case 'branches':
      if (statement.branches.length === 0) return true;
      return frame.scope.branch([() => true, ...statement.branches.map((branch) => () => runStatements(run, frame, branch))]);
    case 'block':
      return runStatements(run, frame, statement.body);
    case 'return': {
      const value = statement.value === null ? none : evaluate(run, frame, statement.value);
      frame.result = frame.result === null ? value : join(frame.result, value);
      return false;
    }
    case 'leave':
      return false;
    case 'other':
      for (const part of statement.parts) consume(evaluate(run, frame, part));
      return true;
  }
}

function runConditional(run: Run, frame: Frame, statement: Extract<Statement, { kind: 'if' }>): boolean {
  const test = evaluate(run, frame, statement.test);
  const known = truth(test);
  if (known !== undefined) {
    const [taken, other] = known ? [statement.body, statement.orelse] : [statement.orelse, statement.body];
    const ends = runStatements(run, frame, taken);
    if (!ends || other.some(mayMatter)) noteOtherWays(run, test, rangeIn(frame, statement.test));
    return ends;
  }
  return frame.scope.branch([() => runStatements(run, frame, statement.body), () => runStatements(run, frame, statement.orelse)]);
}

/** False for what cannot lead to another layer or another stride: an exception, a message. */
function mayMatter({ kind }: Statement): boolean {
  return kind !== 'leave' && kind !== 'other';
}

function runAssignment(run: Run, frame: Frame, { target, operator, value: expression }: Extract<Statement, { kind: 'assign' }>): void {
  const value = evaluate(run, frame, expression);
  if (operator === null) {
    assign(run, frame, target, value);
    return;
  }
  const before = currentValue(run, frame, target);
  if (operator === '+' && before.kind === 'list') {
    // `+=` extends the list that other names hold too.
    const { items, open } = iterate(value);
    before.items.push(...items);
    before.open ||= open;
    paid(run, before);
    return;
  }
  assign(run, frame, target, paid(run, calculate(operator, before, value)));
}

function currentValue(run: Run, frame: Frame, target: Target): Value {
  switch (target.kind) {
    case 'name':
      return frame.scope.get(target.name) ?? unknown;
    case 'attribute':
      return readAttribute(run, frame, evaluate(run, frame, target.object), target.name, rangeIn(frame, target.object));
    default:
      return unknown;
  }
}
