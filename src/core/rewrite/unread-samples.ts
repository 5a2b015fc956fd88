import type { ExplicitPadding } from '../graph/window';
import { cutAndPadded } from './padded-map';
import { blurPosition, sitesOf, type BlurPlan } from './plan';

/** Samples at the sides of what layers give that the blurs behind them cut off, so that nothing reads them: by layer, per axis. */
export function unreadSamples(plans: readonly BlurPlan[]): ReadonlyMap<string, ExplicitPadding> {
  const behind = plans.filter((plan) => blurPosition(plan) === 'behind').flatMap(sitesOf);
  return new Map(behind.map(({ layer, blur }) => [layer, cutAndPadded(blur).cut]));
}
