import type { Dataflow } from '../graph/dataflow';
import { labelOf } from '../graph/layer-labels';
import type { Layer } from '../graph/model-graph';
import type { BlurPlan } from './plan';

/** Where a window layer's blur goes. */
export type BlurPlace = Pick<BlurPlan, 'recipe' | 'blurAfter' | 'notes'>;

/** Behind the pool itself. */
export function behindPool(layer: Layer): BlurPlace {
  return { recipe: 'max-then-blur', blurAfter: layer.name, notes: [] };
}

/**
 * The blur belongs behind the nonlinearity (Zhang 2019, section 3.3). A 1x1 convolution without one commutes with the
 * blur, so there the blur goes first and the convolution runs on 1/s^2 of the samples.
 */
export function aroundConvolution(
  flow: Dataflow,
  layer: Layer,
  operation: Extract<Layer['operation'], { kind: 'convolution' }>,
): BlurPlace {
  if (operation.activation !== null) return { recipe: 'convolution-then-blur', blurAfter: layer.name, notes: [] };
  const activation = followingActivation(flow, layer);
  if (activation !== undefined) {
    const readers = activation.outputs.flatMap((tensor) => flow.readers(tensor));
    const shared = readers.length > 1 ? [`All ${readers.length} readers of "${labelOf(activation)}" get the blurred map.`] : [];
    return { recipe: 'convolution-then-blur', blurAfter: activation.name, notes: shared };
  }
  if (operation.window.kernel.every((length) => length === 1)) {
    return { recipe: 'blur-then-convolution', blurAfter: layer.name, notes: [] };
  }
  return {
    recipe: 'convolution-then-blur',
    blurAfter: layer.name,
    notes: [`No activation follows "${labelOf(layer)}" directly, so the blur stands right behind the convolution.`],
  };
}

/**
 * The first activation behind a layer, of one layer or several, with nothing but pointwise layers between and no other reader on the
 * way.
 */
function followingActivation(flow: Dataflow, layer: Layer): Layer | undefined {
  let current = layer;
  for (;;) {
    const tensor = current.outputs[0];
    if (tensor === undefined || flow.isModelOutput(tensor)) return undefined;
    const chained = flow.chainFrom(tensor);
    if (chained !== undefined) return chained;
    const [reader, ...others] = flow.readers(tensor);
    if (reader?.operation.kind !== 'pointwise' || others.length > 0) return undefined;
    if (reader.operation.role === 'activation') return reader;
    current = reader;
  }
}
