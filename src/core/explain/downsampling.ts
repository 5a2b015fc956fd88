import { blurFilter, centredPadding, type BlurFilterName } from '../rewrite/filters';
import type { DenseStep } from '../rules/rule';

/**
 * A signal on its way through a layer that subsamples, one step after the other, as Zhang 2019 takes such layers apart in
 * section 3.2. Everything is circular, so that nothing is lost but what the subsampling loses.
 */

/** A layer of one dimension, and the low-pass filter between its two steps. */
export interface Downsampling {
  readonly step: DenseStep;
  readonly kernel: number;
  readonly stride: number;
  /** `identity` for the layer as it is. */
  readonly filter: BlurFilterName;
}

/** Each as long as the signal, but for `output`. */
export interface DownsamplingSteps {
  readonly signal: readonly number[];
  /** The layer at stride 1. */
  readonly dense: readonly number[];
  /** What the filter makes of that. */
  readonly blurred: readonly number[];
  /** F(X): every sample whose place is a multiple of the stride. */
  readonly output: readonly number[];
  /** F~(X): the output brought back to the length of the signal, each sample repeated (nearest upsampling). */
  readonly upsampled: readonly number[];
}

/** Every step, for a signal whose length is a multiple of the stride. */
export function downsample(signal: readonly number[], { step, kernel, stride, filter }: Downsampling): DownsamplingSteps {
  const dense = signal.map((_, place) => denseValue[step](windowAt(signal, place, kernel)));
  const { taps } = blurFilter(filter);
  const blurred = dense.map((_, place) => weightedSum(windowAt(dense, place, taps.length), taps));
  const output = blurred.filter((_, place) => place % stride === 0);
  return { signal, dense, blurred, output, upsampled: signal.map((_, place) => output[Math.floor(place / stride)] ?? 0) };
}

/** The signal moved `shift` places to the right, around its end. */
export function shifted(signal: readonly number[], shift: number): readonly number[] {
  return signal.map((_, place) => at(signal, place - shift));
}

/** The values that a window sees: centred as blurs and padded layers are, an even one reaching further to the right. */
function windowAt(signal: readonly number[], place: number, length: number): readonly number[] {
  const { before } = centredPadding(length);
  return Array.from({ length }, (_, offset) => at(signal, place - before + offset));
}

const denseValue: Readonly<Record<DenseStep, (values: readonly number[]) => number>> = {
  maximum: (values) => Math.max(...values),
  average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  convolution: (values) => Math.max(0, weightedSum(values, edgeDetector(values.length))),
  nothing: (values) => values[centredPadding(values.length).before] ?? 0,
};

/** Weights of a convolution that answers to rising edges: what lies right counts for, what lies left against. One weight is 1. */
export function edgeDetector(length: number): readonly number[] {
  if (length === 1) return [1];
  const middle = (length - 1) / 2;
  const half = Math.floor(length / 2);
  return Array.from({ length }, (_, place) => Math.sign(place - middle) / half);
}

function weightedSum(values: readonly number[], weights: readonly number[]): number {
  return values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);
}

function at(signal: readonly number[], place: number): number {
  const { length } = signal;
  return signal[((place % length) + length) % length] ?? 0;
}
