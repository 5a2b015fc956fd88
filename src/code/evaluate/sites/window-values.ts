import type { Callable, Interpolation, WindowParameter } from '../../frameworks/callable';
import { callAround } from '../values/frame';
import type { Lengths } from './lengths';
import { blocksOfPattern } from './rearrangement';
import type { CallPlace } from '../run';
import type { StrideCase } from './site';
import { alternatives, unknown, type Arguments, type Value } from '../values/value';

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
  if (callable.interpolation === undefined) return read(callable, given, callable.kernel).map(({ lengths }) => lengths);
  const { interpolation } = callable;
  return strideLengths(callable, given).map(({ lengths }) => lengths.map((step) => samplesSeen(callable, interpolation, given, step ?? 1)));
}

/** How many samples a resize weighs for one of its own along an axis; null where that differs from place to place. */
function samplesSeen(callable: Callable, { mode, alignCorners }: Interpolation, given: Arguments, step: number): number | null {
  const value = 'always' in mode ? null : parameterValue(callable, given, mode.parameter);
  const way =
    'always' in mode ? mode.always : value === undefined || value === null ? 'nearest' : value.kind === 'string' ? value.value : null;
  if (way === null) return null;
  if (way.startsWith('nearest')) return 1;
  if (way === 'area') return step;
  const aligned = alignCorners === null ? undefined : parameterValue(callable, given, alignCorners);
  if (aligned !== undefined && aligned.kind !== 'none' && !(aligned.kind === 'boolean' && !aligned.value)) return null;
  if (Number.isInteger(step) && step % 2 === 1) return 1;
  return way === 'bicubic' ? 4 : 2;
}

/** Every stride the call may have, and the offset of the number that decides it, or -1. */
export function strideLengths(callable: Callable, given: Arguments): readonly Lengths[] {
  if (callable.readsPattern === true) return [blocksOfPattern(parameterValue(callable, given, 'pattern'), given)];
  const fraction = stepsOfSize(callable, given);
  if (fraction !== null) return [{ lengths: fraction, at: -1 }];
  const steps = read(callable, given, callable.stride);
  // A window over all of a map leaves nothing to alias, like one of a single sample.
  return steps.map((one) => (one.isWhole === true ? { lengths: constant(callable, 1), at: -1 } : one));
}

/** A resize to a part of its own map: `size=(x.shape[2] // 2, x.shape[3] // 2)`; null for any other size. */
function stepsOfSize({ interpolation, ...callable }: Callable, given: Arguments): readonly number[] | null {
  const size = interpolation?.size === undefined ? undefined : parameterValue(callable, given, interpolation.size);
  if (size?.kind !== 'list' || size.open || size.items.length === 0) return null;
  const [map] = given.positional;
  const steps = size.items.map((item) =>
    item.kind === 'extent' && item.of !== null && item.of === map ? Math.max(1, item.divisor) : null,
  );
  return steps.includes(null) ? null : steps.filter((step) => step !== null);
}

/** A stride that a call may have, the call that passes it, and the offset of the number that decides it, or -1. */
export interface FoundStride extends Pick<StrideCase, 'stride' | 'givenBy'> {
  readonly at: number;
}

/** Every stride the call may have, and the call that passes each. */
export function strideCases(callable: Callable, given: Arguments, { frame, range }: CallPlace): readonly FoundStride[] {
  return strideLengths(callable, given).map(({ lengths, at }) => {
    const isWrittenHere = at < 0 || (range.start <= at && at < range.end);
    return { stride: lengths, givenBy: isWrittenHere ? null : callAround(frame, at), at };
  });
}

function read(callable: Callable, given: Arguments, parameter: WindowParameter | null): readonly Lengths[] {
  if (parameter === null) return [{ lengths: constant(callable, 1), at: -1 }];
  const value = parameterValue(callable, given, parameter.name);
  if (value !== undefined) {
    return alternatives(value).flatMap((one) => {
      if (one.kind === 'none') return fallback(callable, given, parameter);
      const lengths = lengthsOf(callable, parameter, one);
      return one.kind === 'number' && one.isFromOutside === true ? [lengths, anyLengths(callable)] : [lengths];
    });
  }
  const usual = fallback(callable, given, parameter);
  if (given.isFromOutside !== true || parameter !== callable.stride || parameter.isScale === true) return usual;
  return [...usual, anyLengths(callable)];
}

/** What another file gives. */
function anyLengths(callable: Callable): Lengths {
  return { lengths: constant(callable, null), at: -1 };
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
  if (callable.role.endsWith('pool') && isExtent(value)) return { lengths: constant(callable, null), at: -1, isWhole: true };
  if (value.kind === 'number') return { lengths: constant(callable, lengthOf(parameter, value.value)), at: value.at };
  // Most resizes of a size that is not known make maps larger.
  if (value.kind !== 'list' || value.open) return { lengths: constant(callable, parameter.isScale === true ? 1 : null), at: -1 };
  const numbers = value.items.map((item) => (item.kind === 'number' ? item : null));
  const axes = parameter.batchEntries !== 'none' ? withoutBatch(numbers, callable.dimensions) : numbers;
  const largest = axes.reduce((best, item) => ((item?.value ?? 0) > (best?.value ?? 0) ? item : best), null);
  const lengths = axes.map((item) => (item === null ? (parameter.isScale === true ? 1 : null) : lengthOf(parameter, item.value)));
  return { lengths: lengths.length === 1 ? constant(callable, lengths[0] ?? null) : lengths, at: largest?.at ?? -1 };
}

function isExtent(value: Value): boolean {
  return (
    (value.kind === 'extent' && value.divisor === 1) || (value.kind === 'list' && value.items.length > 0 && value.items.every(isExtent))
  );
}

/** A scale below 1 as the stride that it is. */
function lengthOf({ isScale }: WindowParameter, value: number): number {
  if (isScale !== true) return value;
  const step = value > 0 && value < 1 ? 1 / value : 1;
  return Math.abs(step - Math.round(step)) < 1e-3 ? Math.round(step) : step;
}

/** `[1, 2, 2, 1]`, or `[1, 1, 2, 2]` with channels first, stands for two axes. */
function withoutBatch<T extends { readonly value: number } | null>(numbers: readonly T[], dimensions: number): readonly T[] {
  const batched = dimensions === 0 ? numbers.length > 2 : numbers.length === dimensions + 2;
  if (!batched) return numbers;
  return numbers[1]?.value === 1 && numbers.at(-1)?.value !== 1 ? numbers.slice(2) : numbers.slice(1, -1);
}
