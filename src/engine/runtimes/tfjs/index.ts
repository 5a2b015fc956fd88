import type { Tensor } from '@tensorflow/tfjs';
import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import type { DeviceChoice } from '../../protocol/engine-settings';
import type { GpuEngine, GpuEngineResult } from '../devices/gpu-engine';
import type { Engine } from '../engine';
import type { ReadModel } from '../../input/read-model';
import type { RunOutput } from '../../protocol/payload';
import { execute, firstFailing } from './failed-layer';
import { disposeModel, loadGraphModel, loadLayersModel } from './load-model';
import { openCircular } from './open-circular';
import { helperCount, LevelThreads } from './level-threads';
import { WebGpuModel } from './on-backend';
import { ParallelModel } from './parallel-model';
import { requireChannelsLast } from './require-channels-last';
import { takingSums } from './level-results';
import { nativeBackend } from './routed-kernels';
import { loadTensorFlow, type LoadedTensorFlow } from './runtime';
import { refusing } from './runtime-error';
import type { TensorFlow } from './tensorflow';
import { startWebGpu } from './webgpu';

type Feeds = ReadonlyMap<string, TensorBatch>;

/** The engine for TensorFlow.js models: tfjs-node where it loads, else the WASM backend. */
export async function createTfjsEngine(): Promise<Engine> {
  const { tf, backend, ran } = await tensorFlow();
  const helpers = tf.getBackend() === 'wasm' ? helperCount() : 0;
  return {
    backend,
    threads: 1 + helpers,
    async openCircular(read, plan, beside) {
      const { payload } = read;
      requireChannelsLast(read);
      const model = await openCircular(tf, read, plan);
      // The WASM backend takes longer to multiply by four columns than our kernel takes to read the map.
      if (tf.getBackend() === nativeBackend.name) return takingSums(model);
      if (beside instanceof ParallelModel) return beside.beside(model, payload, plan);
      return helpers === 0 ? model : new ParallelModel(model, payload, plan, new LevelThreads(helpers));
    },
    openBriefly: async (read, plan) => {
      requireChannelsLast(read);
      return openCircular(tf, read, plan);
    },
    notesOfRun: () => ran.take(),
    run(read, feeds) {
      requireChannelsLast(read);
      return read.graph.format === 'tfjs-graph' ? runGraphModel(tf, read, feeds) : runLayersModel(tf, read, feeds);
    },
  };
}

/** The same on a graphics card, beside the backend of the processor. */
export async function createTfjsGpuEngine(device: DeviceChoice): Promise<GpuEngineResult> {
  const { tf } = await tensorFlow();
  const found = await startWebGpu(tf, device);
  if (!found.ok) return found;
  const { name } = found.adapter;
  const engine: GpuEngine = {
    adapter: name,
    backend: `tfjs ${tf.version_core} WebGPU (${name}; from ${found.place})`,
    threads: 1,
    async openCircular(read, plan) {
      requireChannelsLast(read);
      return WebGpuModel.open(tf, () => openCircular(tf, read, plan));
    },
    notesOfRun: () => [],
    run: () => Promise.reject(new Error('A graphics card runs no model as it is: the processor does.')),
  };
  return { ok: true, engine };
}

let loading: Promise<LoadedTensorFlow> | undefined;

/** TensorFlow.js is one in a process, whatever backends it has. */
function tensorFlow(): Promise<LoadedTensorFlow> {
  return (loading ??= loadTensorFlow());
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
