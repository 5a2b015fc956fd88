import type { AxisPair } from '../../graph/model-graph';
import { greatestCommonDivisor } from '../../graph/period';

/** Layers with a value of their own for every shift of the image (flatten + dense) are run for at most so many of them. */
export const tailShiftBudget = 4096;
/** Multiply-adds that these runs may take, well within a minute; but some shifts are always run. */
const tailMultiplyAdds = 1e12;
const fewestShifts = 64;
/** Among so many numbers in a row, one has no divisor in common with two others: products of the first primes grow too fast. */
const longestSearch = 1024;

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
  const shortest = shortestStep(size, budget);
  for (let step = shortest; step < Math.min(longest, shortest + longestSearch); step++) {
    if (greatestCommonDivisor(step, period[0]) === 1 && greatestCommonDivisor(step, period[1]) === 1) return [step, step];
  }
  return [longest, longest];
}

/** The shortest step that leaves no more shifts than the budget: longer ones leave fewer, so halving finds it in an image of any size. */
function shortestStep(size: AxisPair, budget: number): number {
  let [low, high] = [1, Math.max(...size)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [y, x] = latticeSize(size, [middle, middle]);
    if (y * x <= budget) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Number of shifts along each axis from none on, `step` pixels apart, within a period. */
export function latticeSize(period: AxisPair, step: AxisPair): AxisPair {
  return [Math.ceil(period[0] / step[0]), Math.ceil(period[1] / step[1])];
}
