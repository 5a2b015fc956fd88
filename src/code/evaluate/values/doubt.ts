import type { ComparisonOperator } from '../../program/program';
import type { Doubts, OpenParameter, Value } from './value';

/** An argument that a run was given in the place of another, and those that led to it. */
export interface OtherArgument {
  readonly parameter: OpenParameter;
  readonly argument: Value;
  /** Names the test of another file, and the outcome there, that it leads to; null for a test of the judged document. */
  readonly side: string | null;
  readonly before: OtherArgument | null;
}

const noDoubts: Doubts = [];

/** The doubts of a value. */
export function doubtsOf(value: Value): Doubts {
  return 'doubts' in value ? (value.doubts ?? noDoubts) : noDoubts;
}

/** The value with a doubt about its truth: the parameter that holds it could be given another. */
export function doubted(value: Value, parameter: OpenParameter): Value {
  switch (value.kind) {
    case 'number':
      return { ...value, doubts: [{ parameter, otherwise: { kind: 'number', value: value.value === 0 ? 1 : 0, at: -1 } }] };
    case 'boolean':
      return { ...value, doubts: [{ parameter, otherwise: { kind: 'boolean', value: !value.value } }] };
    case 'string':
      return { ...value, doubts: [{ parameter, otherwise: value.value === '' ? { kind: 'unknown' } : { kind: 'none' } }] };
    case 'none':
      return { ...value, doubts: [{ parameter, otherwise: { kind: 'unknown' } }] };
    default:
      return value;
  }
}

const opposites: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  is: 'is not',
  'is not': 'is',
  in: 'not in',
  'not in': 'in',
};

const mirrored: Readonly<Partial<Record<ComparisonOperator, ComparisonOperator>>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** The doubts about a comparison whose outcome is known: either side may be a parameter that could be given another argument. */
export function doubtsOfComparison(operator: ComparisonOperator, left: Value, right: Value, outcome: boolean): Doubts {
  const [ofLeft, ofRight] = [doubtsOf(left), doubtsOf(right)];
  if (ofLeft.length === 0 && ofRight.length === 0) return noDoubts;
  const wanted = outcome ? opposites[operator] : operator;
  return [
    ...ofLeft.map(({ parameter }) => ({ parameter, otherwise: satisfying(wanted, right) })),
    ...(operator === 'in' || operator === 'not in' ? [] : ofRight).map(({ parameter }) => ({
      parameter,
      otherwise: satisfying(mirrored[wanted] ?? wanted, left),
    })),
  ];
}

/** The plainest value for which `value operator other` holds. */
function satisfying(operator: ComparisonOperator, other: Value): Value {
  if (operator === '==' || operator === 'is') return plain(other);
  if (operator === 'in') return other.kind === 'list' && other.items[0] !== undefined ? plain(other.items[0]) : { kind: 'unknown' };
  if (other.kind === 'boolean') return { kind: 'boolean', value: !other.value };
  if (other.kind !== 'number') return { kind: 'unknown' };
  switch (operator) {
    case '>':
    case '!=':
    case 'is not':
      return { kind: 'number', value: other.value + 1, at: -1 };
    case '<':
      return { kind: 'number', value: other.value - 1, at: -1 };
    case '>=':
    case '<=':
      return { kind: 'number', value: other.value, at: -1 };
    default:
      return { kind: 'unknown' };
  }
}

/** Without doubts, and without the place where it is written. */
function plain(value: Value): Value {
  switch (value.kind) {
    case 'number':
      return { kind: 'number', value: value.value, at: -1 };
    case 'string':
      return { kind: 'string', value: value.value };
    case 'boolean':
      return { kind: 'boolean', value: value.value };
    case 'none':
      return { kind: 'none' };
    default:
      return { kind: 'unknown' };
  }
}
