import type { Tensor } from '@tensorflow/tfjs';
import { ModelError } from '../../core/formats/format';
import type { ModelGraph } from '../../core/graph/model-graph';
import type { Engine } from '../engine';
import type { ModelPayload } from '../protocol';
import { CircularLayersModel } from './circular-layers-model';
import { disposeModel, loadLayersModel, refusing } from './load-model';
import { loadTensorFlow, type LoadedTensorFlow } from './runtime';

/** Layers whose WASM kernel gives wrong numbers without an error (4.22). */
const wrongOnWasm: ReadonlySet<string> = new Set(['Conv3DTranspose']);

/** The engine for TensorFlow.js models: tfjs-node where it loads, else the WASM backend. */
export async function createTfjsEngine(): Promise<Engine> {
  const loaded = await loadTensorFlow();
  const { tf } = loaded;
  return {
    backend: loaded.backend,
    async openCircular(payload, graph, plan) {
      return new CircularLayersModel(tf, payload, await loadLayersModel(tf, payload), graph, plan);
    },
    async run(payload, graph, feeds) {
      requireCorrectKernels(loaded, payload, graph);
      const model = await loadLayersModel(tf, payload);
      const inputs = [...feeds.values()].map(({ data, dims }) => tf.tensor(data, [...dims], 'float32'));
      let results: readonly Tensor[] = [];
      try {
        const [first] = inputs;
        results = await refusing(payload, () => [model.predict(inputs.length === 1 && first !== undefined ? first : inputs)].flat());
        return results.map((tensor, index) => ({
          name: graph.outputs[index] ?? `output ${index}`,
          dims: tensor.shape,
          data: Float32Array.from(tensor.dataSync()),
        }));
      } finally {
        for (const tensor of [...inputs, ...results]) tensor.dispose();
        disposeModel(model);
      }
    },
  };
}

function requireCorrectKernels({ isWasm }: LoadedTensorFlow, payload: ModelPayload, graph: ModelGraph): void {
  const wrong = isWasm ? graph.layers.find(({ op }) => wrongOnWasm.has(op)) : undefined;
  if (wrong === undefined) return;
  throw new ModelError(
    'unsupported',
    `Layer "${wrong.name}" of "${payload.path}" is a ${wrong.op}, which the WASM backend of TensorFlow.js computes wrongly: install tfjs-node to run it.`,
  );
}
