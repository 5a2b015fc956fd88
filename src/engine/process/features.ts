import type { CancellationProbe } from '../../core/equivariance/walk/circular-model';
import { measureFeatures, planFeatures } from '../../core/equivariance/measure/feature-maps';
import { choosePreprocessing } from '../../core/input/preprocessing';
import { wasmProducts } from '../runtimes/products/wasm-products';
import type { EngineRequest } from '../protocol/protocol';
import { budgetForMaps, engineFor, nextTurn, readModel } from './resources';
import { inputFor, planFor, type Emit } from './session';

type FeaturesRequest = Extract<EngineRequest, { kind: 'features' }>;

/**
 * Feature maps of one layer for an image as it is and shifted.
 * @throws ModelError where the model, the input or the layer cannot be used
 */
export async function serveFeatures(
  { id, model, input: spec, options }: FeaturesRequest,
  emit: Emit,
  cancellation: CancellationProbe,
): Promise<void> {
  const { format, graph } = await readModel(model);
  const pixels = choosePreprocessing(graph, options.preprocessing);
  const plan = planFor(graph, spec, options, pixels);
  const features = planFeatures(plan, graph, options.layer);
  const input = await inputFor(plan, graph, spec, pixels);
  const engine = await engineFor(format.id);
  const circular = await engine.openCircular(model, graph, features.plan);
  try {
    const maps = await measureFeatures(features, graph, circular, input, options, {
      metric: options.metric,
      memoryBudgetBytes: budgetForMaps(options.memoryBudgetBytes, graph, model.bytes.length),
      cancellation,
      onProgress: (done) => {
        emit({ kind: 'progress', id, done });
      },
      products: await wasmProducts(),
      pause: nextTurn,
    });
    if (maps === undefined) emit({ kind: 'cancelled', id });
    else emit({ kind: 'features', id, backend: engine.backend, maps, notes: plan.notes });
  } finally {
    await circular.dispose();
  }
}
