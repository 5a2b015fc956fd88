import type { Callable } from '../../frameworks/callable';
import { alternatives, unknown, type Arguments, type KernelValue, type Value } from '../values/value';

/** Makers of arrays from numbers that belong to no framework. */
const arrays = new Set([
  ...'array asarray ones zeros full outer linspace arange hanning hamming poly1d'.split(' ').map((name) => `numpy.${name}`),
  ...['scipy.signal', 'scipy.signal.windows'].flatMap((module) => ['firwin', 'gaussian', 'get_window'].map((name) => `${module}.${name}`)),
]);

/** The array of numbers that a call of a library makes; undefined for any other call. */
export function arrayOf(path: string, given: Arguments): KernelValue | undefined {
  return arrays.has(path) ? kernelFrom(given) : undefined;
}

/** The tensor of numbers that a call of a framework makes; null for one that is trained. */
export function constantOf(callable: Callable, given: Arguments): KernelValue | null {
  if (callable.trainedUnless === undefined) return kernelFrom(given);
  const trains = given.named.get(callable.trainedUnless);
  return trains?.kind === 'boolean' && !trains.value ? bufferOf(given.positional[0] ?? unknown) : null;
}

function kernelFrom({ positional }: Arguments): KernelValue {
  return { kind: 'kernel', isLowPass: !positional.some(hasNegative) };
}

/** A buffer is never trained, whatever it is computed from. */
export function bufferOf(value: Value): KernelValue {
  return value.kind === 'kernel' ? value : { kind: 'kernel', isLowPass: !hasNegative(value) };
}

/** What a function that is not known makes of tensors of numbers; null where it is given none. */
export function computedFrom(values: readonly Value[]): KernelValue | null {
  const kernels = values.flatMap((value) => (value.kind === 'list' ? value.items : [value])).filter(({ kind }) => kind === 'kernel');
  if (kernels.length === 0) return null;
  return { kind: 'kernel', isLowPass: kernels.every((value) => value.kind !== 'kernel' || value.isLowPass) };
}

/** True for the low-pass filter that a call is given as its weights. */
export function isLowPass(value: Value | undefined): boolean {
  return value !== undefined && alternatives(value).every((one) => one.kind === 'kernel' && one.isLowPass);
}

function hasNegative(value: Value): boolean {
  if (value.kind === 'list') return value.items.some(hasNegative);
  return value.kind === 'kernel' ? !value.isLowPass : value.kind === 'number' && value.value < 0;
}
