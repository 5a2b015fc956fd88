import type { BinaryOperator, ComparisonOperator } from '../../program/program';
import { requireItems, requireLength } from '../../program/stop';
import { consume } from '../sites/feature-maps';
import { doubtsOfComparison } from '../values/doubt';
import {
  alternatives,
  booleanValue,
  join,
  listValue,
  numberValue,
  tensorValue,
  unknown,
  type ExtentValue,
  type Value,
} from '../values/value';

/** The longest list that repeating another may make. */
const longestRepeat = 256;

/** Arithmetic on numbers, lists and strings; arithmetic on feature maps is a reader of both. @throws JudgingStopped */
export function calculate(operator: BinaryOperator, left: Value, right: Value): Value {
  if (left.kind === 'union' || right.kind === 'union') {
    const pairs = alternatives(left).flatMap((a) => alternatives(right).map((b) => calculate(operator, a, b)));
    return pairs.reduce(join);
  }
  if (left.kind === 'boolean') return calculate(operator, numberValue(Number(left.value)), right);
  if (right.kind === 'boolean') return calculate(operator, left, numberValue(Number(right.value)));
  if (left.kind === 'tensor' || right.kind === 'tensor') {
    consume(left);
    consume(right);
    return tensorValue();
  }
  if (left.kind === 'kernel' || right.kind === 'kernel') return kernelOf(operator, left, right);
  if (left.kind === 'number' && right.kind === 'number') {
    const result = arithmetic(operator, left.value, right.value);
    return Number.isFinite(result) ? numberValue(result, left.at >= 0 ? left.at : right.at) : unknown;
  }
  if (left.kind === 'extent' && right.kind === 'number') return extentTimes(operator, left, right.value);
  if (left.kind === 'string' && right.kind === 'string' && operator === '+') {
    requireLength(left.value.length + right.value.length);
    return { kind: 'string', value: left.value + right.value };
  }
  if (left.kind === 'list' && right.kind === 'list' && operator === '+') {
    requireItems(left.items.length + right.items.length);
    return listValue([...left.items, ...right.items], left.open || right.open);
  }
  if (operator === '*' && left.kind === 'list' && right.kind === 'number') return repeat(left, right.value);
  if (operator === '*' && left.kind === 'number' && right.kind === 'list') return repeat(right, left.value);
  if (operator === '|' && left.kind === 'record' && right.kind === 'record') {
    return { kind: 'record', entries: new Map([...left.entries, ...right.entries]), open: left.open || right.open };
  }
  if (left.kind === 'string' && operator === '%') return formatted(left.value, right);
  return unknown;
}

/** `x.shape[2] // 2`. */
function extentTimes(operator: BinaryOperator, extent: ExtentValue, factor: number): Value {
  if (!(factor > 0)) return unknown;
  if (operator === '/' || operator === '//') return { ...extent, divisor: extent.divisor * factor };
  return operator === '*' ? { ...extent, divisor: extent.divisor / factor } : unknown;
}

/** What arithmetic makes of numbers that are not trained: a difference need not be a low-pass filter. */
function kernelOf(operator: BinaryOperator, left: Value, right: Value): Value {
  const isDifference = operator === '-' && right.kind === 'kernel' && left.kind !== 'unknown';
  const isLowPass = [left, right].every((value) => value.kind !== 'kernel' || value.isLowPass);
  return { kind: 'kernel', isLowPass: isLowPass && !isDifference };
}

/** Python's `"AvgPool%dd" % 2` with one value. */
function formatted(text: string, value: Value): Value {
  const one = value.kind === 'list' && value.items.length === 1 ? (value.items[0] ?? unknown) : value;
  const places = text.match(/%[sdi]/g)?.length ?? 0;
  if (places !== 1 || (one.kind !== 'number' && one.kind !== 'string')) return unknown;
  return { kind: 'string', value: text.replace(/%[sdi]/, String(one.value)) };
}

function arithmetic(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return a - b * Math.floor(a / b);
    case '**':
      return a ** b;
    case '|':
      return a | b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
  }
}

function repeat({ items, open }: { items: readonly Value[]; open: boolean }, times: number): Value {
  const count = Math.max(0, Math.min(times, Math.floor(longestRepeat / Math.max(1, items.length))));
  return listValue(Array.from({ length: count }, () => items).flat(), open || count < times);
}

/** A comparison of known scalars; unknown for anything else. */
export function compare(operator: ComparisonOperator, left: Value, right: Value): Value {
  if (operator === 'in' || operator === 'not in') {
    const found = contains(right, left);
    return found === undefined ? unknown : compared(operator, left, right, found === (operator === 'in'));
  }
  const [a, b] = [scalar(left), scalar(right)];
  if (a === undefined || b === undefined) return differentKinds(operator, left, right);
  switch (operator) {
    case '==':
    case 'is':
      return compared(operator, left, right, a === b);
    case '!=':
    case 'is not':
      return compared(operator, left, right, a !== b);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return typeof a === 'number' && typeof b === 'number' ? compared(operator, left, right, ordered(operator, a, b)) : unknown;
  }
}

function compared(operator: ComparisonOperator, left: Value, right: Value, outcome: boolean): Value {
  return booleanValue(outcome, doubtsOfComparison(operator, left, right, outcome));
}

function ordered(operator: '<' | '<=' | '>' | '>=', a: number, b: number): boolean {
  return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
}

function scalar(value: Value): number | string | boolean | null | undefined {
  if (value.kind === 'number' || value.kind === 'string' || value.kind === 'boolean') return value.value;
  return value.kind === 'none' ? null : undefined;
}

/** `block is None` and the like: a thing that is there is not nothing. */
function differentKinds(operator: ComparisonOperator, left: Value, right: Value): Value {
  const other = left.kind === 'none' ? right : right.kind === 'none' ? left : undefined;
  if (other === undefined || other.kind === 'unknown' || other.kind === 'extent' || other.kind === 'union')
    return sameThing(operator, left, right);
  if (operator === '==' || operator === 'is') return compared(operator, left, right, false);
  return operator === '!=' || operator === 'is not' ? compared(operator, left, right, true) : unknown;
}

function sameThing(operator: ComparisonOperator, left: Value, right: Value): Value {
  if (left.kind !== 'class' || right.kind !== 'class') return unknown;
  const same = left.definition === right.definition && left.base === right.base;
  if (operator === '==' || operator === 'is') return booleanValue(same);
  return operator === '!=' || operator === 'is not' ? booleanValue(!same) : unknown;
}

function contains(container: Value, value: Value): boolean | undefined {
  const wanted = scalar(value);
  if (wanted === undefined) return undefined;
  if (container.kind === 'record') return container.open ? undefined : container.entries.has(String(wanted));
  if (container.kind !== 'list') return undefined;
  const items = container.items.map(scalar);
  if (items.includes(wanted)) return true;
  return container.open || items.includes(undefined) ? undefined : false;
}
