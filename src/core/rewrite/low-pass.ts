import type { Operation, SharedKernel } from '../graph/model-graph';

/** How far the sum of a blur's weights may be from 1; float16 files round each weight to 1e-3. */
const sumTolerance = 5e-3;

/** A layer that only smooths: a fixed depthwise filter, or an average-pool of stride 1. */
export interface LowPass {
  /** Samples with weight along each axis. */
  readonly taps: readonly number[];
  readonly stride: readonly number[];
  readonly normalised: boolean;
}

/**
 * What smooths in a layer: a depthwise convolution whose channels share one non-negative, point-symmetric kernel, as BlurPool
 * writes it, or a dense average. Undefined for all else, for a kernel with a single weight too.
 */
export function lowPass(operation: Operation): LowPass | undefined {
  if (operation.kind === 'average-pool') {
    const { kernel, stride } = operation.window;
    const smooths = operation.power === undefined && stride.every((step) => step === 1) && kernel.some((length) => length > 1);
    return smooths ? { taps: kernel, stride, normalised: true } : undefined;
  }
  if (operation.kind !== 'convolution' || operation.sharedKernel === undefined) return undefined;
  const { sharedKernel, window } = operation;
  const sum = sharedKernel.values.reduce((total, value) => total + value, 0);
  if (!isSmoothing(sharedKernel, sum)) return undefined;
  const taps = sharedKernel.shape.map((_, axis) => weightedPlaces(sharedKernel, axis, sum));
  if (taps.every((count) => count <= 1)) return undefined;
  return { taps, stride: window.stride, normalised: Math.abs(sum - 1) < sumTolerance };
}

/** How many samples a filter sees: those with a weight that counts. A wide binomial filter has more taps, the outer ones next to 0. */
export function samplesSeen(weights: ArrayLike<number>, sum = 1): number {
  return Array.from(weights).filter((weight) => weight > sum * 1e-3).length;
}

/** True where the filter smooths along every axis with a step above 1. */
export function covers({ taps }: LowPass, stride: readonly number[]): boolean {
  return stride.every((step, axis) => step <= 1 || (taps[axis] ?? 1) > 1);
}

function isSmoothing({ values }: SharedKernel, sum: number): boolean {
  const tolerance = (sumTolerance / values.length) * sum;
  return sum > 0 && values.every((value, index) => value >= 0 && Math.abs(value - (values.at(-1 - index) ?? 0)) <= tolerance);
}

/** Places along an axis at which the kernel, summed over the other axes, has weight. */
function weightedPlaces({ shape, values }: SharedKernel, axis: number, sum: number): number {
  const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const length = shape[axis] ?? 1;
  const marginal = new Float64Array(length);
  for (const [index, value] of values.entries()) {
    const place = Math.floor(index / inner) % length;
    marginal[place] = (marginal[place] ?? 0) + value;
  }
  return samplesSeen(marginal, sum);
}
