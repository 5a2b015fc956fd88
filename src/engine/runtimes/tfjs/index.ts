import type { Tensor } from '@tensorflow/tfjs';
import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import type { GpuEngineResult } from '../devices/gpu-engine';
import type { Engine } from '../engine';
import type { ReadModel } from '../../input/read-model';
import type { RunOutput } from '../../protocol/payload';
import { execute, firstFailing } from './failed-layer';
import { disposeModel, loadGraphModel, loadLayersModel } from './load-model';
import { openCircular } from './open-circular';
import { helperCount, LevelThreads } from './level-threads';
import { ParallelModel } from './parallel-model';
import { requireChannelsLast } from './require-channels-last';
import { loadTensorFlow } from './runtime';
import { refusing } from './runtime-error';
import type { TensorFlow } from './tensorflow';

type Feeds = ReadonlyMap<string, TensorBatch>;

/** The engine for TensorFlow.js models: tfjs-node where it loads, else the WASM backend. */
export async function createTfjsEngine(): Promise<Engine> {
  const { tf, backend, ran } = await loadTensorFlow();
  const helpers = tf.getBackend() === 'wasm' ? helperCount() : 0;
  return {
    backend,
    threads: 1 + helpers,
    async openCircular(read, plan, beside) {
      const { payload } = read;
      requireChannelsLast(read);
      const model = await openCircular(tf, read, plan);
      if (beside instanceof ParallelModel) return beside.beside(model, payload, plan);
      return helpers === 0 ? model : new ParallelModel(model, payload, plan, new LevelThreads(helpers));
    },
    notesOfRun: () => ran.take(),
    run(read, feeds) {
      requireChannelsLast(read);
      return read.graph.format === 'tfjs-graph' ? runGraphModel(tf, read, feeds) : runLayersModel(tf, read, feeds);
    },
  };
}

/** The same on a graphics card. */
export function createTfjsGpuEngine(): Promise<GpuEngineResult> {
  return Promise.resolve({ ok: false, reason: 'the GPU backend of TensorFlow.js is not installed', isFailure: false });
}

async function runLayersModel(tf: TensorFlow, read: ReadModel, feeds: Feeds): Promise<readonly RunOutput[]> {
  const { payload, graph } = read;
  const model = await loadLayersModel(tf, read);
  const inputs = graph.inputs.flatMap((name) => feeds.get(name) ?? []).map(({ data, dims }) => tf.tensor(data, [...dims], 'float32'));
  let results: readonly Tensor[] = [];
  try {
    const [first] = inputs;
    results = await refusing(payload, () => [model.predict(inputs.length === 1 && first !== undefined ? first : inputs)].flat());
    return results.map((tensor, index) => download(graph.outputs[index] ?? `output ${index}`, tensor));
  } finally {
    for (const tensor of [...inputs, ...results]) tensor.dispose();
    disposeModel(model);
  }
}

async function runGraphModel(tf: TensorFlow, read: ReadModel, feeds: Feeds): Promise<readonly RunOutput[]> {
  const { payload, graph } = read;
  const model = await loadGraphModel(tf, read);
  const types = new Map(model.inputs.map(({ name, dtype }) => [name, dtype]));
  const inputs = new Map([...feeds].map(([name, { data, dims }]) => [name, tf.tensor(data, [...dims], types.get(name) ?? 'float32')]));
  let results: readonly Tensor[] = [];
  try {
    const run = (tensors: string[]): Promise<readonly Tensor[]> => execute(model, Object.fromEntries(inputs), tensors);
    results = await refusing(
      payload,
      () => run([...graph.outputs]),
      () => firstFailing(graph.layers, run),
    );
    return results.map((tensor, index) => download(graph.outputs[index] ?? `output ${index}`, tensor));
  } finally {
    for (const tensor of [...inputs.values(), ...results]) tensor.dispose();
    model.dispose();
  }
}

function download(name: string, tensor: Tensor): RunOutput {
  return { name, dims: tensor.shape, data: Float32Array.from(tensor.dataSync()) };
}
