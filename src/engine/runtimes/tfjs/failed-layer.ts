import type { GraphModel, layers as tfLayers, LayersModel, Tensor } from '@tensorflow/tfjs';
import type { Layer, ModelGraph } from '../../../core/graph/model-graph';
import type { ModelPayload } from '../../protocol/payload';
import { ofLayer, type FailedLayer } from './runtime-error';

/** Lets every layer of a model say which one it is where it fails, those inside models that are layers too. */
export function nameFailingLayers(payload: Pick<ModelPayload, 'path'>, { layers }: Pick<LayersModel, 'layers'>): void {
  for (const layer of layers) {
    if ('layers' in layer) nameFailingLayers(payload, { layers: layer.layers as tfLayers.Layer[] });
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => ofLayer(payload, { name: layer.name, op: layer.getClassName() }, () => call(inputs, kwargs));
  }
}

/** The layer of whose class TensorFlow.js says, as it loads a layers-model, that it does not know it. */
export function layerOfUnknownClass({ layers }: Pick<ModelGraph, 'layers'>, error: unknown): FailedLayer | undefined {
  const [, unknown] = /^Unknown layer: (\w+)/.exec(error instanceof Error ? error.message : '') ?? [];
  return layers.find(({ op }) => op === unknown);
}

/** How some values of a graph-model are computed. */
export type Execute = (tensors: string[]) => Promise<readonly Tensor[]> | readonly Tensor[];

/**
 * The first layer of a graph-model that fails; its runtime names none. So it is searched: the first so many layers run, or they do not.
 * @param layers in topological order @param execute as it failed, for values of layers
 */
export async function firstFailing(layers: readonly Layer[], execute: Execute): Promise<Layer | undefined> {
  const runs = async (count: number): Promise<boolean> => {
    try {
      const tensors = await execute(layers.slice(0, count).flatMap(({ outputs }) => outputs.slice(0, 1)));
      for (const tensor of tensors) tensor.dispose();
      return true;
    } catch {
      return false;
    }
  };
  if (await runs(layers.length)) return undefined;
  let [running, failing] = [0, layers.length];
  while (failing - running > 1) {
    const middle = Math.floor((running + failing) / 2);
    if (await runs(middle)) running = middle;
    else failing = middle;
  }
  return layers[failing - 1];
}

/** Control flow and sizes that depend on values need the slower way, which TensorFlow.js says only when it is asked. */
export async function execute(model: GraphModel, inputs: Record<string, Tensor>, outputs: string[]): Promise<readonly Tensor[]> {
  try {
    return [model.execute(inputs, outputs)].flat();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('executeAsync')) throw error;
    return [await model.executeAsync(inputs, outputs)].flat();
  }
}
