import type { Callable, WindowParameter } from '../../frameworks/callable';
import { callAround } from '../values/frame';
import type { CallPlace } from '../run';
import type { StrideCase } from './site';
import { alternatives, unknown, type Arguments, type Value } from '../values/value';

/** Lengths over the image axes with the offset of the number that decided, or -1. */
export interface Lengths {
  readonly lengths: readonly (number | null)[];
  readonly at: number;
}

/** The value of a parameter: by name, by position, or undefined where it is left to its default. */
export function parameterValue(callable: Callable, given: Arguments, name: string): Value | undefined {
  if (callable.options) {
    const [options] = given.positional;
    if (options?.kind !== 'record') return options === undefined ? undefined : unknown;
    return options.entries.get(name) ?? (options.open ? unknown : undefined);
  }
  const named = given.named.get(name);
  if (named !== undefined) return named;
  const position = callable.parameters.indexOf(name) + (callable.form === 'operation' ? 1 : 0);
  const value = callable.parameters.includes(name) ? given.positional[position] : undefined;
  return value ?? (given.open ? unknown : undefined);
}

/** Every kernel the call may have, best known first; one of unknown lengths where nothing is known. */
export function kernelsOf(callable: Callable, given: Arguments): readonly (readonly (number | null)[])[] {
  return read(callable, given, callable.kernel).map(({ lengths }) => lengths);
}

/** Every stride the call may have, and the offset of the number that decides it, or -1. */
export function strideLengths(callable: Callable, given: Arguments): readonly Lengths[] {
  return read(callable, given, callable.stride);
}

/** Every stride the call may have, and the call that passes each. */
export function strideCases(callable: Callable, given: Arguments, { frame, range }: CallPlace): readonly Omit<StrideCase, 'onlyWith'>[] {
  return read(callable, given, callable.stride).map(({ lengths, at }) => {
    const isWrittenHere = at < 0 || (range.start <= at && at < range.end);
    return { stride: lengths, givenBy: isWrittenHere ? null : callAround(frame, at) };
  });
}

function read(callable: Callable, given: Arguments, parameter: WindowParameter | null): readonly Lengths[] {
  if (parameter === null) return [{ lengths: constant(callable, 1), at: -1 }];
  const value = parameterValue(callable, given, parameter.name);
  if (value !== undefined) {
    return alternatives(value).flatMap((one) =>
      one.kind === 'none' ? fallback(callable, given, parameter) : [lengthsOf(callable, parameter, one)],
    );
  }
  return fallback(callable, given, parameter);
}

function fallback(callable: Callable, given: Arguments, parameter: WindowParameter): readonly Lengths[] {
  if (parameter.fallback === 'kernel') return read(callable, given, callable.kernel);
  return [{ lengths: constant(callable, parameter.fallback), at: -1 }];
}

function constant(callable: Callable, length: number | null): (number | null)[] {
  return Array.from({ length: callable.dimensions || 2 }, () => length);
}

/** A number for every axis, one number an axis, or TensorFlow's four with batch and channels around them. */
function lengthsOf(callable: Callable, parameter: WindowParameter, value: Value): Lengths {
  if (value.kind === 'number') return { lengths: constant(callable, value.value), at: value.at };
  if (value.kind !== 'list' || value.open) return { lengths: constant(callable, null), at: -1 };
  const numbers = value.items.map((item) => (item.kind === 'number' ? item : null));
  const axes = parameter.batchEntries !== 'none' ? withoutBatch(numbers, callable.dimensions) : numbers;
  const largest = axes.reduce((best, item) => ((item?.value ?? 0) > (best?.value ?? 0) ? item : best), null);
  const lengths = axes.map((item) => item?.value ?? null);
  return { lengths: lengths.length === 1 ? constant(callable, lengths[0] ?? null) : lengths, at: largest?.at ?? -1 };
}

/** `[1, 2, 2, 1]`, or `[1, 1, 2, 2]` with channels first, stands for two axes. */
function withoutBatch<T extends { readonly value: number } | null>(numbers: readonly T[], dimensions: number): readonly T[] {
  const batched = dimensions === 0 ? numbers.length > 2 : numbers.length === dimensions + 2;
  if (!batched) return numbers;
  return numbers[1]?.value === 1 && numbers.at(-1)?.value !== 1 ? numbers.slice(2) : numbers.slice(1, -1);
}
