import type { Dimension, Layout, Padding, Shape, Window } from '../../../graph/model-graph';
import { isJsonArray, numberAt, stringAt, type Json, type JsonObject } from '../../tfjs/json';

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

/**
 * The window of a layer, undefined where its configuration is not one of a window. `strideDefault` is the pools' rule: stride by the
 * kernel.
 */
export function windowOf(config: JsonObject, kernelKey: string, axes: number, strideDefault: 'one' | 'kernel'): Window | undefined {
  const kernel = perAxis(config, kernelKey, axes);
  if (kernel === undefined) return undefined;
  const ones = kernel.map(() => 1);
  const dilation = isUnset(config['dilation_rate']) ? ones : perAxis(config, 'dilation_rate', axes);
  const stride = isUnset(config['strides']) ? (strideDefault === 'kernel' ? kernel : ones) : perAxis(config, 'strides', axes);
  if (dilation === undefined || stride === undefined || ![...kernel, ...stride, ...dilation].every(isCount)) return undefined;
  const extents = kernel.map((length, axis) => (length - 1) * (dilation[axis] ?? 1) + 1);
  return { kernel, stride, dilation, padding: paddingOf(config, extents), ceilMode: false };
}

function isUnset(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

/** Kernels, strides and dilations count samples; larger values than any image has are nonsense. */
function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value < 2 ** 31;
}

/** A length as a shape holds it; null for anything that is none, as `null` and -1 stand for an open length. */
export function dimensionOf(value: Json | undefined): Dimension {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31 ? value : null;
}

/** The length under a key, null where it is open. */
export function lengthAt(config: JsonObject, key: string): Dimension {
  return dimensionOf(config[key]);
}

/** Shape of what a layer without inbound layers is fed: `batch_input_shape` in Keras 2, `batch_shape` in Keras 3. */
export function declaredInput(config: JsonObject): Shape {
  const shape = config['batch_input_shape'] ?? config['batch_shape'];
  return isJsonArray(shape) ? shape.map(dimensionOf) : undefined;
}

/** `[begin, end]` per spatial axis, as ZeroPadding and Cropping layers take it: a number, a pair of numbers or pairs. */
export function amountsOf(
  config: JsonObject,
  key: string,
  axes: number,
): { readonly begin: readonly number[]; readonly end: readonly number[] } | undefined {
  const value = config[key];
  const numbers = isJsonArray(value) && value.length === 2 && axes === 1 ? [value] : value;
  const same = perAxis(config, key, axes);
  const pairs =
    isJsonArray(numbers) && numbers.length === axes
      ? numbers.flatMap((pair) => (isJsonArray(pair) && pair.length === 2 ? [pair] : []))
      : [];
  const [begin, end] =
    pairs.length === axes ? [pairs.map(([first]) => first), pairs.map(([, second]) => second)] : [same ?? [], same ?? []];
  return begin.length === axes && begin.every(isAmount) && end.every(isAmount) ? { begin, end } : undefined;
}

function isAmount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
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

/** A layer's axis as an index from 0, the last where it names none; Keras also writes it as a list of one. */
export function axisOf(config: JsonObject, rank: number): number {
  const listed = config['axis'];
  const [only] = isJsonArray(listed) ? listed : [];
  const axis = typeof only === 'number' ? only : (numberAt(config, 'axis') ?? -1);
  return axis < 0 ? axis + rank : axis;
}
