import { spatialShape } from '../../src/core/graph/sampling';
import { alignAverage, alignBlur } from '../../src/core/rewrite/alignment';
import type { RewritableModel } from '../../src/core/rewrite/capabilities';
import { blurKernel, type BlurFilter } from '../../src/core/rewrite/filters';
import { sitesOf, type BlurPlan, type BlurSite } from '../../src/core/rewrite/plan';

/** The box of `length` samples: with it, the blur in an average-pool's place reproduces the pool where no window leaves the map. */
export function box(length: number): BlurFilter {
  return { name: 'identity', label: 'Rect', taps: Array.from({ length }, () => 1 / length) };
}

/** A plan with a filter that the planner would not choose, since it is no low-pass filter or too narrow for the stride. */
export function withFilter(model: RewritableModel, plan: BlurPlan, filter: BlurFilter): BlurPlan {
  const [first, ...further] = sitesOf(plan).map((site) => ({ ...site, blur: blurWith(model, site, filter) }));
  return { ...plan, ...first, furtherCalls: further };
}

function blurWith({ graph, flow }: RewritableModel, site: BlurSite, filter: BlurFilter): BlurSite['blur'] {
  const { operation, inputs } = flow.layer(site.layer)!;
  if (!('window' in operation)) throw new Error(`"${site.layer}" has no window.`);
  const { window } = operation;
  const size = spatialShape(graph, inputs[0]!)!.size;
  const isReplaced = site.window === undefined;
  const taps = filter.taps.length;
  const alignment = isReplaced ? alignAverage(window, size, taps) : alignBlur(window, size, taps, { layerPadding: site.window.padding });
  if (!alignment.ok) throw new Error(alignment.reason);
  return { ...site.blur, kernel: blurKernel(filter, window.stride, isReplaced ? window.kernel : []), padding: alignment.blurPadding };
}
