import type { ModelGraph } from '../../../graph/model-graph';
import type { BlurPlan, FurtherCall } from '../../../rewrite/plan';
import { fitBlur, type FittedBlur } from '../../tfjs/fit-blur';
import type { FlatCall } from '../read/flat-calls';

/** Fits a plan to one call of its layer: each call's map has a size, and so a padding, of its own. */
export function fitPlan(graph: ModelGraph, target: FlatCall, plan: BlurPlan, call: FurtherCall): FittedBlur {
  const layer = graph.layers.find(({ name }) => name === call.layer);
  const after = graph.layers.find(({ name }) => name === call.blurAfter);
  if (layer === undefined || after === undefined) return refuse(`The model has no layer named "${call.layer}".`);
  if ((layer.callOf ?? layer.name) !== target.path) return refuse(`"${layer.name}" is no call of "${target.path}".`);
  if (target.layer.config['padding'] === 'causal') {
    return refuse(`"${layer.name}" pads causally, which TensorFlow.js does not run, so there is no output that a fix could keep.`);
  }
  return fitBlur(graph, plan, layer, after);
}

function refuse(reason: string): FittedBlur {
  return { ok: false, reason };
}
