import type { Operation, SharedKernel } from '../graph/model-graph';

/** How far the sum of a blur's weights may be from 1; float16 files round each weight to 1e-3. */
const sumTolerance = 5e-3;

/**
 * True for a fixed low-pass filter as BlurPool writes it: a depthwise convolution whose channels share one non-negative,
 * point-symmetric kernel of sum 1 with more than one tap along every axis that it subsamples.
 */
export function isLowPass(operation: Operation): boolean {
  if (operation.kind !== 'convolution' || operation.sharedKernel === undefined) return false;
  const { sharedKernel, window } = operation;
  const subsampled = window.stride.map((step, axis) => ({ step, taps: sharedKernel.shape[axis] ?? 1 }));
  return sharedKernel.values.length > 1 && isSmoothing(sharedKernel) && subsampled.every(({ step, taps }) => step === 1 || taps > 1);
}

function isSmoothing({ values }: SharedKernel): boolean {
  const sum = values.reduce((total, value) => total + value, 0);
  return (
    Math.abs(sum - 1) < sumTolerance &&
    values.every((value, index) => value >= 0 && Math.abs(value - (values.at(-1 - index) ?? 0)) < sumTolerance / values.length)
  );
}
