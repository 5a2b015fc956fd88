import type { Dataflow, IndexedGraph } from '../graph/dataflow';
import { layerCost, multiplyAddsPerValue, type LayerCost } from '../graph/cost';
import type { Dimension, Layer, ModelGraph } from '../graph/model-graph';
import { spatialShape } from '../graph/sampling';
import { kernelSize } from './filters';
import { blurStride, type BlurPlan, type PlanPrice } from './plan';

/** What a plan costs per image, in all and as a share of the model; undefined where the model leaves a size open. */
export function planPrice({ graph, flow, cost }: IndexedGraph, plan: BlurPlan): PlanPrice | undefined {
  const total = cost();
  if (total === undefined) return undefined;
  const sites = [plan, ...plan.furtherCalls.map((call) => ({ ...plan, ...call }))];
  const extra = sites.map((site) => siteCost(graph, flow, site));
  if (extra.includes(undefined)) return undefined;
  const sum = (key: keyof LayerCost): number => extra.reduce((result, cost) => result + (cost?.[key] ?? 0), 0);
  const [multiplyAdds, values] = [sum('multiplyAdds'), sum('values')];
  return {
    multiplyAdds,
    multiplyAddShare: share(multiplyAdds, total.multiplyAdds),
    activationValues: values,
    activationShare: share(values, total.values),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Cost of one blur and of the larger maps in front of it. */
function siteCost(graph: ModelGraph, flow: Dataflow, plan: BlurPlan): LayerCost | undefined {
  const layer = flow.layer(plan.layer);
  if (layer === undefined) return undefined;
  const window = 'window' in layer.operation ? layer.operation.window : undefined;
  const taps = kernelSize(plan.filter, plan.stride, plan.recipe === 'average-to-blur' ? window?.kernel : []);
  const input = mapValues(graph, layer.inputs[0]);
  const output = mapValues(graph, layer.outputs[0]);
  if (input === undefined || output === undefined) return undefined;
  switch (plan.recipe) {
    case 'average-to-blur':
      return { multiplyAdds: output.values * (taps - multiplyAddsPerValue(layer)), values: 0 };
    case 'blur-then-subsample':
      return { multiplyAdds: input.values * taps, values: input.values };
    case 'blur-then-convolution': {
      const values = input.channels * output.positions;
      return { multiplyAdds: values * taps, values };
    }
    case 'max-then-blur':
    case 'convolution-then-blur':
      return withLargerMaps(graph, flow, plan, layer, { multiplyAdds: output.values * taps, values: output.values });
  }
}

/** Every layer from the strided one to the blur works on a map that is larger by the stride. */
function withLargerMaps(graph: ModelGraph, flow: Dataflow, plan: BlurPlan, first: Layer, blur: LayerCost): LayerCost | undefined {
  const growth = blurStride(plan).reduce((product, step) => product * step, 1) - 1;
  let { multiplyAdds, values } = blur;
  for (let layer: Layer | undefined = first; layer !== undefined; layer = flow.readers(layer.outputs[0] ?? '')[0]) {
    const cost = layerCost(graph, layer);
    if (cost === undefined) return undefined;
    multiplyAdds += cost.multiplyAdds * growth;
    values += cost.values * growth;
    if (layer.name === plan.blurAfter) break;
  }
  return { multiplyAdds, values };
}

function mapValues(graph: ModelGraph, tensor: string | undefined): { channels: number; positions: number; values: number } | undefined {
  const shape = spatialShape(graph, tensor ?? '');
  if (shape === undefined || shape.channels === null) return undefined;
  const positions = shape.size.reduce<Dimension>((product, length) => (product === null || length === null ? null : product * length), 1);
  return positions === null ? undefined : { channels: shape.channels, positions, values: shape.channels * positions };
}
