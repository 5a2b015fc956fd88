import { t } from '@vscode/l10n';
import { endOf } from '../../program/end-of-text';
import type { Expression } from '../../program/program';
import { findMember, lineage, foreignBases, initialiseBase, instantiate, runInstance } from './classes';
import { callBuiltin } from './builtins';
import { callMethod } from './methods';
import { evaluate } from './expressions';
import { arrayOf, computedFrom, constantOf } from './kernels';
import { activate, consume, mapsIn, passThrough } from '../sites/feature-maps';
import { applyLayer, buildLayer, runOperation } from './layers';
import { argumentOf, type ReachedCall } from './other-ways';
import { isElsewhere } from '../values/offset-space';
import { once } from '../values/repeats';
import { importsSpent, spend, type CallPlace, type Run } from '../run';
import { Scope } from '../values/scope';
import { runStatements } from './statements';
import { assign } from './targets';
import {
  join,
  listValue,
  noArguments,
  none,
  outsideOf,
  tensorValue,
  unknown,
  type Arguments,
  type ClassValue,
  type FunctionValue,
  type InstanceValue,
  type RecordValue,
  type Value,
  type Frame,
} from '../values/value';

/** Calls within calls; deeper ones are not followed. */
const deepestCall = 48;

/**
 * A function is entered this often at most, and at most twice on one way down. What a method does is another thing for each of its
 * objects, of which deep networks have many.
 */
const mostEntries = { shallow: 4000, deepMethod: 2000, deep: 400 };

/** Calls within calls from which on what grows grows without end. */
const deepCall = 8;

/** What a call gives. */
export function call(run: Run, callee: Value, given: Arguments, place: CallPlace): Value {
  spend(run, 1);
  switch (callee.kind) {
    case 'union':
      return callee.values.map((value) => call(run, value, given, place)).reduce(join);
    case 'symbol':
      return callSymbol(run, callee.path, given, place);
    case 'function':
      return once(run.repeats, callee, given, () => invoke(run, callee, given, place));
    case 'class':
      return once(run.repeats, callee, given, () => instantiate(run, callee, given, place));
    case 'instance':
      return runInstance(run, callee, given, place) ?? callUnknown(run, given, place);
    case 'layer':
      return applyLayer(run, callee, inputOf(given), place);
    case 'method':
      return callMethod(run, callee.receiver, callee.name, given, place);
    case 'partial':
      return call(run, callee.callee, mergeArguments(callee.given, given), place);
    case 'super':
      callConstructorOfBase(run, callee, given, place);
      return none;
    default:
      return callUnknown(run, given, place);
  }
}

/** The feature map that a layer is called with. */
export function inputOf(given: Arguments): Value {
  return given.positional[0] ?? given.named.values().next().value ?? unknown;
}

function callSymbol(run: Run, path: string, given: Arguments, place: CallPlace): Value {
  const found = run.find(path);
  if (found?.callable.role === 'constant') return constantOf(found.callable, given) ?? unknown;
  if (found !== undefined) {
    return found.callable.form === 'layer'
      ? buildLayer(run, { found, importedAs: path, given, place, derived: false })
      : runOperation(run, found, path, given, place);
  }
  return callBuiltin(run, path, given, place) ?? arrayOf(path, given) ?? callUnknown(run, given, place);
}

/**
 * A callee that the file does not show. Functions that are passed to it are run, since it will call them. What is called
 * `norm` or `act` in a model is taken for one, so that the place for a blur is still found.
 */
export function callUnknown(run: Run, given: Arguments, place: CallPlace): Value {
  const values = [...given.positional, ...given.named.values()];
  const results = values.flatMap((value) => (value.kind === 'function' ? [invoke(run, value, noArguments, place)] : []));
  const name = endOf(place.callee.toLowerCase(), /\w/);
  const [input] = values;
  if (input !== undefined && mapsIn(input).length > 0) {
    if (/bn|norm|drop|identity/.test(name)) return passThrough(input);
    if (/nonlin|(?:relu|act|activation|gelu|silu|swish|mish)\d*$/.test(name)) return activate(run, input, 'applied', place.range);
  }
  const reads = values.some((value) => mapsIn(value).length > 0);
  if (!reads && results.length === 0) {
    const kernel = computedFrom(values);
    if (kernel !== null) return kernel;
  }
  for (const value of values) consumeDeep(value);
  return results[0] ?? (reads ? tensorValue() : unknown);
}

/** Lists of maps are read too: `torch.cat([a, b])`. */
function consumeDeep(value: Value): void {
  if (value.kind === 'list') for (const item of value.items) consume(item);
  else consume(value);
}

export function mergeArguments(first: Arguments, second: Arguments): Arguments {
  return {
    positional: [...first.positional, ...second.positional],
    named: new Map([...first.named, ...second.named]),
    open: first.open || second.open,
    ...outsideOf(first, second),
  };
}

/** Runs a function of the file with the given arguments. */
export function invoke(run: Run, callee: FunctionValue, given: Arguments, place: CallPlace): Value {
  const definition = callee.definition();
  if (definition === undefined) return unknown;
  const key = callee.base + definition.start;
  const entries = (run.entries.get(key) ?? 0) + 1;
  const active = run.active.filter((other) => other === key).length;
  run.executed.add(key);
  if (active >= 2) return unknown;
  const reason = whyNotEntered(run, callee, entries);
  if (reason !== null) {
    run.cut ??= reason;
    return unknown;
  }
  run.entries.set(key, entries);
  const frame: Frame = {
    scope: new Scope(callee.scope),
    base: callee.base,
    receiver: callee.receiver ?? null,
    owner: callee.owner,
    call: place.range,
    caller: place.frame,
    definer: callee.definer ?? callee.receiver?.made ?? null,
    result: null,
  };
  const caller = run.payer;
  run.payer = isElsewhere(callee.base) ? 'imported' : 'document';
  run.active.push(key);
  bindParameters(run, frame, { callee, definition, given, place });
  runStatements(run, frame, definition.body);
  run.active.pop();
  run.payer = caller;
  return frame.result ?? none;
}

/** Why a function is not followed another time; null where it is. */
function whyNotEntered(run: Run, { base, name, receiver }: FunctionValue, entries: number): string | null {
  if (run.active.length >= deepestCall) return t`calls are nested more than ${deepestCall} deep`;
  if (isElsewhere(base)) return importsSpent(run);
  const deep = receiver === null ? mostEntries.deep : mostEntries.deepMethod;
  const most = run.active.length > deepCall ? deep : mostEntries.shallow;
  return entries > most ? t`"${name}" is called in more than ${most} ways` : null;
}

function bindParameters(run: Run, frame: Frame, reached: ReachedCall): void {
  const { callee, definition, given } = reached;
  const positional = [...given.positional];
  const receiver = callee.receiver ?? (definition.decorators.includes('classmethod') ? callee.owner : null);
  if (receiver !== null) {
    if (run.traits.explicitReceiver) positional.unshift(receiver);
    else frame.scope.set('this', receiver);
  }
  const named = new Map(given.named);
  const isOpen = given.open || (given.isFromOutside === true && buildsWindow(run, reached));
  let next = 0;
  for (const parameter of definition.parameters) {
    const { target, kind, fallback } = parameter;
    if (kind === 'rest-items') {
      assign(run, frame, target, listValue(positional.slice(next), given.open));
      next = positional.length;
    } else if (kind === 'rest-entries') {
      const rest: RecordValue = { kind: 'record', entries: named, open: given.open, ...outsideOf(given) };
      assign(run, frame, target, rest);
    } else {
      const name = target.kind === 'name' ? target.name : '';
      const byPosition = kind === 'plain' ? positional[next] : undefined;
      const index = kind === 'plain' ? next - (positional.length - given.positional.length) : Infinity;
      const value =
        byPosition ??
        named.get(name) ??
        (fallback === null || isOpen ? openDefault(run, frame, fallback, isOpen) : usualDefault(run, frame, { name, fallback, given }));
      if (kind === 'plain') next++;
      named.delete(name);
      assign(run, frame, target, fallback === null ? value : argumentOf(run, reached, parameter, index, value));
    }
  }
}

/** The default of a parameter that is left to it. A stride that no call of the file gives is for other files to say. */
function usualDefault(run: Run, frame: Frame, { name, fallback, given }: LeftToDefault): Value {
  const value = evaluate(run, frame, fallback);
  const isStride = given.isFromOutside === true && value.kind === 'number' && strideNames.has(name);
  return isStride ? { ...value, isFromOutside: true } : value;
}

interface LeftToDefault {
  readonly name: string;
  readonly fallback: Expression;
  readonly given: Arguments;
}

/** What programs call the stride of a block. */
const strideNames: ReadonlySet<string> = new Set(['stride', 'strides']);

/** Where unknown arguments may have been given, a parameter may have its default or anything else. */
function openDefault(run: Run, frame: Frame, fallback: Expression | null, isOpen: boolean): Value {
  if (fallback === null) return unknown;
  const value = evaluate(run, frame, fallback);
  return isOpen ? join(value, unknown) : value;
}

/** True for the constructor of a class that is itself a layer with a stride: its arguments are that layer's. */
function buildsWindow(run: Run, { callee: { receiver }, definition }: ReachedCall): boolean {
  if (receiver === null || definition.name !== run.traits.constructorName) return false;
  return foreignBases(receiver.class).some((path) => (run.find(path)?.callable.stride ?? null) !== null);
}

/** Fields of a dataclass or of a Flax module, in the order of the class body. */
export function bindFields(instance: InstanceValue, given: Arguments, from: ClassValue = instance.class): void {
  const names = allFields(from);
  for (const [index, name] of names.entries()) {
    const value = given.named.get(name) ?? given.positional[index];
    if (value !== undefined) instance.attributes.set(name, value);
    else if (given.open) instance.attributes.set(name, join(findMember(instance.class, name) ?? unknown, unknown));
  }
  for (const [name, value] of given.named) if (!names.includes(name)) instance.attributes.set(name, value);
}

/** Those of bases first. */
function allFields(value: InstanceValue['class']): string[] {
  return [...new Set([...lineage(value)].reverse().flatMap(({ fields }) => fields))];
}

/** `super(...)` of JavaScript and `super().__init__(...)` of Python. */
export function callConstructorOfBase(
  run: Run,
  { instance, owner }: Extract<Value, { kind: 'super' }>,
  given: Arguments,
  place: CallPlace,
): void {
  for (const base of owner.bases) {
    if (base.kind !== 'class') continue;
    const constructor = findMember(base, run.traits.constructorName);
    if (constructor?.kind === 'function') {
      invoke(run, { ...constructor, receiver: instance }, given, place);
      return;
    }
    if (foreignBases(base).length > 0) {
      initialiseBase(run, instance, base, given, place);
      return;
    }
    // A dataclass has its constructor from its fields.
    if (given.positional.length + given.named.size > 0) {
      bindFields(instance, given, base);
      return;
    }
  }
  if (owner.bases.some(({ kind }) => kind === 'symbol')) initialiseBase(run, instance, owner, given, place);
}
