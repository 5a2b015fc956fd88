import { area } from '../../graph/period';
import type { LevelPlan } from '../contracts';
import { latticeSize } from './tail-step';

/**
 * Multiply-adds that a walk of a plan takes, about: every level runs once for each shift within its period.
 * @param shifts how many of the image's are wanted; all by default
 */
export function planWork({ levels }: Pick<LevelPlan, 'levels'>, shifts = Infinity): number {
  return levels.reduce((sum, { multiplyAdds, period, step }) => sum + multiplyAdds * Math.min(shifts, area(latticeSize(period, step))), 0);
}
