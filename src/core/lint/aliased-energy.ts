import type { KernelSample } from '../graph/model-graph';

/**
 * Share of the kernels' energy beyond the Nyquist limit of the grid that the stride leaves, 0 to 1: what can alias even if
 * all frequencies were alike in the map. White kernels have 1 - 1/(s_y * s_x).
 *
 * By Parseval's theorem the energy of w within |omega| < pi/s is the double sum of w[m] w[n] sin(pi d/s) / (pi d) over
 * d = m - n, per axis the same factor; no transform is needed.
 *
 * @param stride one entry per axis of the kernels @param dilation distance of the taps
 */
export function aliasedEnergy({ shape, values }: KernelSample, stride: readonly number[], dilation: readonly number[]): number | undefined {
  const size = shape.reduce((product, length) => product * length, 1);
  const weights = bandWeights(shape, stride, dilation);
  let [within, total] = [0, 0];
  for (let start = 0; start + size <= values.length; start += size) {
    for (let m = 0; m < size; m++) {
      const value = values[start + m] ?? 0;
      total += value * value;
      for (let n = 0; n < size; n++) within += value * (values[start + n] ?? 0) * (weights[m * size + n] ?? 0);
    }
  }
  return total > 0 && Number.isFinite(total) ? Math.min(1, Math.max(0, 1 - within / total)) : undefined;
}

/** Factor of w[m] w[n] for every pair of taps. */
function bandWeights(shape: readonly number[], stride: readonly number[], dilation: readonly number[]): Float64Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const weights = new Float64Array(size * size);
  for (let m = 0; m < size; m++) {
    for (let n = 0; n < size; n++) {
      let [weight, left, right] = [1, m, n];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const length = shape[axis] ?? 1;
        weight *= lowBand(((left % length) - (right % length)) * (dilation[axis] ?? 1), stride[axis] ?? 1);
        [left, right] = [Math.floor(left / length), Math.floor(right / length)];
      }
      weights[m * size + n] = weight;
    }
  }
  return weights;
}

/** (1 / 2 pi) times the integral of exp(i omega d) over |omega| < pi / s. */
function lowBand(distance: number, step: number): number {
  if (distance === 0) return 1 / step;
  return step === 1 ? 0 : Math.sin((Math.PI * distance) / step) / (Math.PI * distance);
}
