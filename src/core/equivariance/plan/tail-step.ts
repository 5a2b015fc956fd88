import type { AxisPair } from '../../graph/model-graph';
import { greatestCommonDivisor } from '../../graph/period';

/** Layers with a value of their own for every shift of the image (flatten + dense) are run for at most so many of them. */
export const tailShiftBudget = 4096;
/** Multiply-adds that these runs may take, well within a minute; but some shifts are always run. */
const tailMultiplyAdds = 1e12;
const fewestShifts = 64;

/**
 * Pixels between the shifts that a tail is run for. The step has no divisor in common with the network's period, so that the
 * shifts meet all its phases alike: every fourth pixel would show a network of stride 4 as perfect.
 *
 * @param size of the image; @param period of the layers before the tail
 * @param multiplyAdds of the tail, for one shift
 */
export function tailStep(size: AxisPair, period: AxisPair, multiplyAdds: number): AxisPair {
  const affordable = Math.floor(tailMultiplyAdds / Math.max(1, multiplyAdds));
  const budget = Math.max(fewestShifts, Math.min(tailShiftBudget, affordable));
  const longest = Math.max(...size);
  for (let step = 1; step < longest; step++) {
    const [y, x] = latticeSize(size, [step, step]);
    const meetsAllPhases = greatestCommonDivisor(step, period[0]) === 1 && greatestCommonDivisor(step, period[1]) === 1;
    if (y * x <= budget && meetsAllPhases) return [step, step];
  }
  return [longest, longest];
}

/** Number of shifts along each axis from none on, `step` pixels apart, within a period. */
export function latticeSize(period: AxisPair, step: AxisPair): AxisPair {
  return [Math.ceil(period[0] / step[0]), Math.ceil(period[1] / step[1])];
}
