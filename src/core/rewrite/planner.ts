import { dataflow, sourceTensor, type Dataflow } from '../graph/dataflow';
import type { Layer, ModelGraph, Window } from '../graph/model-graph';
import { spatialShape } from '../graph/sampling';
import { alignBlur } from './alignment';
import type { BlurFilter } from './filters';
import type { BlurPlan, PlanResult } from './plan';

/** Plans the fix of one strided layer with the given filter, at the position the paper gives for its kind. */
export function planFix(graph: ModelGraph, layerName: string, filter: BlurFilter): PlanResult {
  const flow = dataflow(graph);
  const layer = flow.layer(layerName);
  if (layer === undefined) return refuse(`The model has no layer named "${layerName}".`);
  const { operation } = layer;
  if (operation.kind === 'average-pool') {
    return refuse(`Shiftlint does not rewrite average pooling yet, so "${layer.name}" is only reported.`);
  }
  if (operation.kind !== 'max-pool' && operation.kind !== 'convolution') {
    return refuse(`"${layer.name}" is neither a max-pool nor a convolution; Shiftlint has no rewrite for ${layer.op}.`);
  }
  if ((layer.calls ?? 1) > 1) {
    return refuse(`"${layer.name}" is shared by several calls; a fix would have to serve all of them.`);
  }
  const obstacle = alignmentObstacle(graph, layer, operation.window, filter);
  if (obstacle !== undefined) return refuse(`"${layer.name}" cannot be rewritten: ${obstacle}.`);
  const place = operation.kind === 'max-pool' ? afterMaximum(layer) : aroundConvolution(flow, layer, operation);
  const plan: BlurPlan = {
    ...place,
    layer: layer.name,
    filter,
    stride: operation.window.stride,
    padding: 'reflect',
  };
  return { ok: true, plan, inFixAll: !isStem(graph, flow, layer) };
}

type Place = Pick<BlurPlan, 'recipe' | 'blurAfter' | 'notes'>;

function afterMaximum(layer: Layer): Place {
  return { recipe: 'max-then-blur', blurAfter: layer.name, notes: [] };
}

/**
 * The blur belongs behind the nonlinearity (Zhang 2019, section 3.3). A 1x1 convolution without one commutes with the
 * blur, so there the blur goes first and the convolution runs on 1/s^2 of the samples.
 */
function aroundConvolution(flow: Dataflow, layer: Layer, operation: Extract<Layer['operation'], { kind: 'convolution' }>): Place {
  if (operation.activation !== null) return { recipe: 'convolution-then-blur', blurAfter: layer.name, notes: [] };
  const activation = followingActivation(flow, layer);
  if (activation !== undefined) {
    const readers = activation.outputs.flatMap((tensor) => flow.readers(tensor));
    const shared = readers.length > 1 ? [`All ${readers.length} readers of "${activation.name}" get the blurred map.`] : [];
    return { recipe: 'convolution-then-blur', blurAfter: activation.name, notes: shared };
  }
  if (operation.window.kernel.every((length) => length === 1)) {
    return { recipe: 'blur-then-convolution', blurAfter: layer.name, notes: [] };
  }
  return {
    recipe: 'convolution-then-blur',
    blurAfter: layer.name,
    notes: [`No activation follows "${layer.name}" directly, so the blur stands right behind the convolution.`],
  };
}

/** The first activation behind a layer with nothing but pointwise layers between and no other reader on the way. */
function followingActivation(flow: Dataflow, layer: Layer): Layer | undefined {
  let current = layer;
  for (;;) {
    const tensor = current.outputs[0];
    if (tensor === undefined || flow.isModelOutput(tensor)) return undefined;
    const [reader, ...others] = flow.readers(tensor);
    if (reader?.operation.kind !== 'pointwise' || others.length > 0) return undefined;
    if (reader.operation.role === 'activation') return reader;
    current = reader;
  }
}

function alignmentObstacle(graph: ModelGraph, layer: Layer, window: Window, filter: BlurFilter): string | undefined {
  const input = spatialShape(graph, layer.inputs[0] ?? '');
  const size = input?.size ?? window.kernel.map(() => null);
  const channels = spatialShape(graph, layer.outputs[0] ?? '')?.channels ?? null;
  if (channels === null) return 'the number of its output channels is not known';
  const alignment = alignBlur(window, size, filter.taps.length);
  return alignment.ok ? undefined : alignment.reason;
}

/** A convolution on the image itself: blurred at full resolution, which is costly and left out in the paper. */
function isStem(graph: ModelGraph, flow: Dataflow, layer: Layer): boolean {
  return layer.operation.kind === 'convolution' && graph.inputs.includes(sourceTensor(flow, layer.inputs[0] ?? ''));
}

function refuse(reason: string): PlanResult {
  return { ok: false, reason };
}
