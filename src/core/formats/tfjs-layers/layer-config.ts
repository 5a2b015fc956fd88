import type { Layout, Padding, Window } from '../../graph/model-graph';
import { isJsonArray, numberAt, stringAt, type JsonObject } from './json';

/** A value per spatial axis; Keras writes a single number where all axes agree. */
export function perAxis(config: JsonObject, key: string, axes: number): readonly number[] | undefined {
  const value = config[key];
  if (typeof value === 'number') return Array.from({ length: axes }, () => value);
  if (!isJsonArray(value)) return undefined;
  const numbers = value.filter((entry): entry is number => typeof entry === 'number');
  if (numbers.length !== value.length) return undefined;
  if (numbers.length === axes) return numbers;
  const [only] = numbers;
  return numbers.length === 1 && only !== undefined ? Array.from({ length: axes }, () => only) : undefined;
}

/** Keras' `padding` of a window layer; "causal" (1-D) pads the begin only. */
export function paddingOf(config: JsonObject, extents: readonly number[]): Padding {
  switch (stringAt(config, 'padding')) {
    case 'same':
      return { kind: 'same-upper' };
    case 'causal':
      return { kind: 'explicit', begin: extents.map((extent) => extent - 1), end: extents.map(() => 0) };
    default:
      return { kind: 'valid' };
  }
}

/** The window of a layer, undefined where its configuration lacks the kernel. `strideDefault` is the pools' rule: stride by the kernel. */
export function windowOf(config: JsonObject, kernelKey: string, axes: number, strideDefault: 'one' | 'kernel'): Window | undefined {
  const kernel = perAxis(config, kernelKey, axes);
  if (kernel === undefined) return undefined;
  const ones = kernel.map(() => 1);
  const dilation = perAxis(config, 'dilation_rate', axes) ?? ones;
  const stride = perAxis(config, 'strides', axes) ?? (strideDefault === 'kernel' ? kernel : ones);
  const extents = kernel.map((length, axis) => (length - 1) * (dilation[axis] ?? 1) + 1);
  return { kernel, stride, dilation, padding: paddingOf(config, extents), ceilMode: false };
}

/** `[begin, end]` per spatial axis, as ZeroPadding and Cropping layers take it: a number, a pair of numbers or pairs. */
export function amountsOf(config: JsonObject, key: string, axes: number): { readonly begin: readonly number[]; readonly end: readonly number[] } | undefined {
  const value = config[key];
  const same = perAxis(config, key, axes);
  if (axes === 1 && isJsonArray(value) && typeof value[0] === 'number' && typeof value[1] === 'number') return { begin: [value[0]], end: [value[1]] };
  if (same !== undefined) return { begin: same, end: same };
  if (!isJsonArray(value) || value.length !== axes) return undefined;
  const begin: number[] = [];
  const end: number[] = [];
  for (const pair of value) {
    const [first, second] = isJsonArray(pair) ? pair : [];
    if (typeof first !== 'number' || typeof second !== 'number') return undefined;
    begin.push(first);
    end.push(second);
  }
  return { begin, end };
}

/** Name of the activation fused into a layer, null where it is none or linear. */
export function activationOf(config: JsonObject): string | null {
  const activation = config['activation'];
  if (activation === undefined || activation === null || activation === 'linear') return null;
  return typeof activation === 'string' ? activation : 'custom';
}

/** Layout named by a layer, undefined where it has no say. */
export function layoutOf(config: JsonObject): Layout | undefined {
  switch (stringAt(config, 'data_format')) {
    case 'channels_first':
    case 'channelsFirst':
      return 'channels-first';
    case 'channels_last':
    case 'channelsLast':
      return 'channels-last';
    default:
      return undefined;
  }
}

/** A layer's axis as an index from 0. */
export function axisOf(config: JsonObject, rank: number): number {
  const axis = numberAt(config, 'axis') ?? -1;
  return axis < 0 ? axis + rank : axis;
}
