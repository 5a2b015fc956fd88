import type { TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import type { Measurement, Metric } from '../../../src/core/equivariance/measure/measurement';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { measureEquivariance, type PolyphaseOptions } from '../../../src/core/equivariance/walk/polyphase';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { payloadSource } from '../../../src/engine/input/source';
import { readModel } from '../../../src/engine/input/read-model';

/** A model held in memory, without files beside it. */
export function inMemory(bytes: Uint8Array): ModelPayload {
  return { path: 'small.onnx', bytes, folder: '.', overlay: {} };
}

/** Measures a model from its bytes, by the engine's own path; undefined where `options` cancel it. */
export async function measureOnnx(
  payload: ModelPayload,
  input: TensorBatch,
  options: Partial<PolyphaseOptions> & { readonly metric?: Metric } = {},
): Promise<Measurement | undefined> {
  const { graph } = await onnxFormat.open(payloadSource(payload));
  const plan = planMeasurement(graph);
  const circular = await (await createOnnxEngine()).openCircular(await readModel(payload), plan);
  try {
    return await measureEquivariance({ plan, graph, model: circular }, input, {
      metric: 'flat',
      memoryBudgetBytes: 2 ** 30,
      cancellation: { cancelled: false },
      ...options,
    });
  } finally {
    await circular.dispose();
  }
}
