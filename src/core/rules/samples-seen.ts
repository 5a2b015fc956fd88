import type { Layer } from '../graph/model-graph';

/**
 * How many neighbouring samples a resize by a whole stride weighs for one of its own, along an axis: the nearest one, or those that
 * interpolation lies between. At a sample itself interpolation sees no other; half-pixel centres lie between two for even strides.
 */
export function samplesSeenByResize({ operation }: Layer, step: number): number {
  if (operation.kind !== 'resize' || operation.mode.startsWith('nearest')) return 1;
  const isBetween = !Number.isInteger(step) || operation.alignsCorners === true || (operation.halfPixel === true && step % 2 === 0);
  if (!isBetween) return 1;
  return operation.mode === 'cubic' ? 4 : 2;
}

/** True for a resize that leaves no sample out, though it does not widen its filter: half-pixel interpolation by 1/2. */
export function seesEverySample(layer: Layer, stride: readonly number[]): boolean {
  const { operation } = layer;
  if (operation.kind !== 'resize' || operation.halfPixel !== true) return false;
  return stride.every((step) => step <= 1 || (Number.isInteger(step) && samplesSeenByResize(layer, step) >= step));
}
