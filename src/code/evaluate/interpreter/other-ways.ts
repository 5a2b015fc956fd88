import type { SourceRange } from '../../finding';
import type { FunctionDefinition, Parameter } from '../../program/program';
import type { CallPlace, Run } from '../run';
import { doubted, doubtsOf } from '../values/doubt';
import { rangeKey } from '../values/frame';
import { isElsewhere } from '../values/offset-space';
import type { Arguments, FunctionValue, OpenParameter, Value } from '../values/value';
import { invoke } from './calls';
import { findMember, instantiate } from './classes';

/** Notes what else a test whose outcome is known could come to, for a file that gives other arguments. */
export function noteOtherWays(run: Run, test: Value, range: SourceRange): void {
  for (const { parameter, otherwise } of doubtsOf(test)) {
    const side = `${rangeKey(range)}:${otherwise.kind}${'value' in otherwise ? otherwise.value : ''}`;
    const key = `${side}:${rangeKey(parameter.range)}`;
    if (run.seenOtherWays.has(key)) continue;
    run.seenOtherWays.add(key);
    run.otherWays.push({ parameter, argument: otherwise, side: isElsewhere(range.start) ? side : null, before: run.otherArgument });
  }
}

/**
 * Goes the ways that have been noted, those included that are noted on the way. What another file does on the other side of its test has
 * mostly nothing to do with strides (`if pretrained:`): where the first way there has shown nothing, the others are not gone.
 */
export function goOtherWays(run: Run, runInstances: () => void): void {
  const fruitless = new Set<string>();
  for (let way = run.otherWays.shift(); way !== undefined; way = run.otherWays.shift()) {
    if (way.side !== null && fruitless.has(way.side)) continue;
    const known = run.cases;
    run.otherArgument = way;
    way.parameter.again(way.argument);
    runInstances();
    run.otherArgument = null;
    if (way.side !== null && run.cases === known) fruitless.add(way.side);
  }
}

/** An argument of a parameter, in doubt where another file could give another one. */
export function argumentOf(run: Run, call: ReachedCall, parameter: Parameter, index: number, value: Value): Value {
  const { target, fallback } = parameter;
  const isLiteral = fallback !== null && literals.has(fallback.kind);
  if (!isLiteral || target.kind !== 'name' || call.given.open || !isReachable(run, call)) return value;
  const { callee } = call;
  const range = { start: callee.base + fallback.start, end: callee.base + fallback.end };
  for (let other = run.otherArgument; other !== null; other = other.before) {
    if (rangeKey(other.parameter.range) === rangeKey(range)) return value;
  }
  const open: OpenParameter = {
    name: target.name,
    range,
    again: (argument) => {
      again(run, call, target.name, index, argument);
    },
  };
  return doubted(value, open);
}

const literals: ReadonlySet<string> = new Set(['number', 'boolean', 'string', 'none']);

/** A call of a function of the file. */
export interface ReachedCall {
  readonly callee: FunctionValue;
  readonly definition: FunctionDefinition;
  readonly given: Arguments;
  readonly place: CallPlace;
}

/** True for what other files can call: functions, constructors and methods of the module, unless their names say that they are private. */
function isReachable(run: Run, { callee, definition }: ReachedCall): boolean {
  // Another file's functions are judged with that file.
  if (isElsewhere(callee.base) || callee.text === null || callee.owner?.definition.name.startsWith('_') === true) return false;
  if (definition.name === run.traits.constructorName)
    return callee.receiver !== null && constructorOf(run, callee.receiver.class) === callee.base;
  return !definition.name.startsWith('_');
}

function constructorOf(run: Run, value: Parameters<typeof findMember>[0]): number | undefined {
  const constructor = findMember(value, run.traits.constructorName);
  return constructor?.kind === 'function' ? constructor.base : undefined;
}

function again(run: Run, { callee, definition, given, place }: ReachedCall, name: string, index: number, argument: Value): void {
  const isPositional = index < given.positional.length;
  const positional = isPositional ? given.positional.map((value, at) => (at === index ? argument : value)) : given.positional;
  const named = isPositional ? given.named : new Map([...given.named, [name, argument]]);
  const other = { ...given, positional, named };
  if (definition.name === run.traits.constructorName && callee.receiver !== null) instantiate(run, callee.receiver.class, other, place);
  else invoke(run, callee, other, place);
}
