import type { MeasurePlan } from '../src/core/equivariance/plan/measure-plan';
import type { ModelGraph } from '../src/core/graph/model-graph';
import { createOnnxEngine } from '../src/engine/runtimes/onnx/index';
import { loadOnnxRuntime } from '../src/engine/runtimes/onnx/runtime';
import type { ModelPayload } from '../src/engine/protocol/payload';
import { readModel } from '../src/engine/input/read-model';
import type { BenchNetwork } from './networks';

/** Multiply-adds of one image. */
export function imageWork(plan: MeasurePlan): number {
  return plan.levels.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);
}

/**
 * Milliseconds for one shift of the circular network where every shift is run for itself and gives the maps of all layers, or its output
 * alone.
 */
export async function timeBruteForce(
  payload: ModelPayload,
  graph: ModelGraph,
  plan: MeasurePlan,
  images: number,
  gives: 'maps' | 'output' = 'maps',
): Promise<number> {
  const fetches = gives === 'output' && plan.output.ok ? [plan.output.tensor] : plan.layers.map((layer) => layer.tensor);
  const {
    images: [{ tensor, channels } = { tensor: '', channels: 0 }],
    size,
  } = plan.input;
  const level = {
    period: [1, 1] as const,
    step: [1, 1] as const,
    layers: plan.levels.flatMap(({ layers }) => layers),
    feeds: [tensor],
    fetches,
    batchable: true,
    multiplyAdds: imageWork(plan),
  };
  const order = new Map(graph.layers.map(({ name }, index) => [name, index]));
  const layers = [...level.layers].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const engine = await createOnnxEngine();
  const model = await engine.openCircular(await readModel(payload), { ...plan, levels: [{ ...level, layers }] });
  const batch = { data: new Float32Array(images * channels * size[0] * size[1]).fill(0.5), dims: [images, channels, ...size] };
  const spent = await timePerImage(images, () => model.runLevel(0, new Map([[tensor, batch]])));
  await model.dispose();
  return spent;
}

async function timePerImage(images: number, run: () => Promise<unknown>): Promise<number> {
  await run();
  const start = performance.now();
  let runs = 0;
  for (; performance.now() - start < 3000 || runs < 3; runs++) await run();
  return (performance.now() - start) / runs / images;
}

/** Milliseconds for one image in plain batches of the unchanged network. */
export async function timeInference({ bytes, side }: BenchNetwork, images: number): Promise<number> {
  const { runtime } = await loadOnnxRuntime();
  const session = await runtime.InferenceSession.create(bytes, { graphOptimizationLevel: 'all' });
  const data = new Float32Array(images * 3 * side * side).fill(0.5);
  const feeds = { image: new runtime.Tensor('float32', data, [images, 3, side, side]) };
  const spent = await timePerImage(images, () => session.run(feeds));
  await session.release();
  return spent;
}
