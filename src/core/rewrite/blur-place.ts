import { t } from '@vscode/l10n';
import type { IndexedGraph } from '../graph/dataflow';
import { labelOf } from '../graph/layer-labels';
import type { Layer, ModelGraph } from '../graph/model-graph';
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
  model: IndexedGraph,
  layer: Layer,
  operation: Extract<Layer['operation'], { kind: 'convolution' }>,
): BlurPlace {
  if (operation.activation !== null) return { recipe: 'convolution-then-blur', blurAfter: layer.name, notes: [] };
  const activation = followingActivation(model, layer);
  if (activation !== undefined) {
    const readers = activation.outputs.flatMap((tensor) => model.flow.readers(tensor));
    const shared = readers.length > 1 ? [t`All ${readers.length} readers of "${labelOf(activation)}" get the blurred map.`] : [];
    return { recipe: 'convolution-then-blur', blurAfter: activation.name, notes: shared };
  }
  if (operation.window.kernel.every((length) => length === 1)) {
    return { recipe: 'blur-then-convolution', blurAfter: layer.name, notes: [] };
  }
  const scaled = scaledBehind(model, layer);
  return {
    recipe: 'convolution-then-blur',
    blurAfter: scaled.name,
    notes: [
      scaled === layer
        ? t`No activation follows "${labelOf(layer)}" directly, so the blur stands right behind the convolution.`
        : t`No activation follows "${labelOf(layer)}" directly, so the blur stands behind "${labelOf(scaled)}", which gives the values that its whole numbers stand for.`,
    ],
  };
}

/** The layer itself, or where it gives whole numbers the first one behind it that gives fractions; itself too where there is none. */
function scaledBehind(model: IndexedGraph, layer: Layer): Layer {
  const isWhole = ({ outputs: [tensor = ''] }: Layer): boolean => model.graph.tensors.get(tensor)?.wholeNumbers !== undefined;
  let current = layer;
  while (isWhole(current)) {
    const next = soleReader(model, current);
    if (next === undefined) return layer;
    current = next;
  }
  // A sum of products becomes a value by the scale behind the cast to a fraction.
  const scale = current === layer || current.op !== 'Cast' ? undefined : soleReader(model, current);
  return scale ?? current;
}

/**
 * The first activation behind a layer, of one layer or several, with nothing but pointwise layers between and no other reader on the
 * way.
 */
function followingActivation(model: IndexedGraph, layer: Layer): Layer | undefined {
  const { flow } = model;
  let current = layer;
  for (;;) {
    const chained = flow.chainFrom(current.outputs[0] ?? '');
    if (chained !== undefined && !flow.isModelOutput(current.outputs[0] ?? '')) return chained;
    const reader = soleReader(model, current);
    if (reader === undefined) return undefined;
    if (reader.operation.kind === 'pointwise' && reader.operation.role === 'activation') return reader;
    current = reader;
  }
}

/** The only layer that reads a layer's result, where it treats each value alone; undefined for all else. */
function soleReader({ graph, flow }: IndexedGraph, { outputs: [tensor] }: Layer): Layer | undefined {
  if (tensor === undefined || flow.isModelOutput(tensor)) return undefined;
  const [reader, ...others] = flow.readers(tensor);
  if (reader === undefined || others.length > 0) return undefined;
  return reader.operation.kind === 'pointwise' || isScaled(graph, reader, tensor) ? reader : undefined;
}

/** True for a merge of a map with single values, as the scales of a map that is quantized while the model runs. */
function isScaled(graph: ModelGraph, { operation, inputs }: Layer, tensor: string): boolean {
  const isSingle = (other: string): boolean => graph.tensors.get(other)?.shape?.length === 0;
  return operation.kind === 'merge' && inputs.every((other) => other === tensor || isSingle(other));
}
