import { codeLimits } from '../../../core/limits';
import type { Expression } from '../../program/program';
import { readAttribute } from './attributes';
import { builtinNames } from './builtins';
import { comprehension, item, joinedText, record, sequence } from './collections';
import { settled } from './imported-names';
import { ellipsis, sliceMap, sliceValue } from './slices';
import { consume } from '../sites/feature-maps';
import { rangeIn } from '../values/frame';
import { calculate, compare } from './operators';
import { noteOtherWays } from './other-ways';
import { doubtsOf } from '../values/doubt';
import { paid, spend, type Run } from '../run';
import { JudgingStopped, tooDeep } from '../../program/stop';
import { assign } from './targets';
import { booleanValue, join, none, numberValue, tensorValue, truth, unknown, type Value, type Frame } from '../values/value';
import { evaluateCall } from './written-call';

/** The value of an expression, as far as the file shows it. Visits every subexpression, so that layers inside are seen. */
export function evaluate(run: Run, frame: Frame, expression: Expression): Value {
  spend(run, 1);
  if (++run.depth > codeLimits.depth) throw new JudgingStopped(tooDeep);
  const value = valueOf(run, frame, expression);
  run.depth--;
  return paid(run, value);
}

function valueOf(run: Run, frame: Frame, expression: Expression): Value {
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
      return settled(run, readName(run, frame, expression.name));
    case 'attribute':
      return settled(run, readAttribute(run, frame, evaluate(run, frame, expression.object), expression.name, rangeIn(frame, expression)));
    case 'subscript': {
      const object = evaluate(run, frame, expression.object);
      const index = evaluate(run, frame, expression.index);
      return sliceMap(run, frame, { expression, object, index }) ?? item(object, index);
    }
    case 'slice':
      return sliceValue(run, frame, expression);
    case 'ellipsis':
      return ellipsis;
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
      const operand = evaluate(run, frame, expression.operand);
      const known = truth(operand);
      return known === undefined ? unknown : booleanValue(!known, doubtsOf(operand));
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
      const test = evaluate(run, frame, expression.test);
      const known = truth(test);
      if (known !== undefined) noteOtherWays(run, test, rangeIn(frame, expression.test));
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
  spend(run, run.wildcards.size);
  for (const module of [...run.wildcards, ...(run.modules?.wildcards ?? [])]) {
    const path = `${module}.${name}`;
    if (run.find(path) !== undefined) return { kind: 'symbol', path };
  }
  return builtinNames.has(name) ? { kind: 'symbol', path: `builtins.${name}` } : unknown;
}

function logical(run: Run, frame: Frame, expression: Extract<Expression, { kind: 'logical' }>): Value {
  const left = evaluate(run, frame, expression.left);
  const known = expression.operator === '??' ? isGiven(left) : truth(left);
  const stops = expression.operator === 'and' ? false : true;
  if (known === stops) return left;
  const right = evaluate(run, frame, expression.right);
  if (known === undefined) return join(left, right);
  const doubts = doubtsOf(left);
  // Where both sides agree, the other truth of either is the other truth of all.
  const isAgreed = doubts.length > 0 && truth(right) === known;
  return isAgreed ? booleanValue(known, [...doubts, ...doubtsOf(right)]) : right;
}

function isGiven(value: Value): boolean | undefined {
  return value.kind === 'none' ? false : value.kind === 'unknown' || value.kind === 'union' ? undefined : true;
}

/** What arithmetic leaves of a value that is no number. */
function derived(value: Value): Value {
  if (value.kind !== 'tensor') return unknown;
  consume(value);
  return tensorValue();
}
