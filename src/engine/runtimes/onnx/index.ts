import { levelSource } from '../../../core/formats/onnx/level/level-source';
import { fileForRuntime, loweredOnTrust } from '../../../core/formats/onnx/level/runtime-versions';
import type { OnnxModel } from '../../../core/formats/onnx/wire/proto';
import { decodedOnnx } from '../../../core/formats/onnx/open';
import type { DeviceChoice } from '../../protocol/engine-settings';
import { whyNotUsed } from '../devices/adapter';
import type { GpuEngineResult } from '../devices/gpu-engine';
import type { Engine } from '../engine';
import { blockOf } from './blocks';
import { CircularSession, refusing } from './circular-session';
import { loadOnnxRuntime, type LoadedRuntime } from './runtime';
import { sessionOptions } from './session-options';
import { toBatch, toTyped } from './tensor-exchange';
import { findAdapter } from './webgpu';

/** The engine for ONNX models: ONNX Runtime, native where it loads, else WASM. */
export async function createOnnxEngine(): Promise<Engine> {
  const loaded = await loadOnnxRuntime();
  // The WASM build has no operators on blocks.
  return onnxEngine(loaded.readsFolders ? { ...loaded, block: await blockOf(loaded.runtime) } : loaded);
}

/** The same on a graphics card, by the WebGPU provider of the native build. */
export async function createOnnxGpuEngine(device: DeviceChoice): Promise<GpuEngineResult> {
  return onnxGpuEngine(await loadOnnxRuntime(), device);
}

/** The same out of a loaded runtime. */
export async function onnxGpuEngine(loaded: LoadedRuntime, device: DeviceChoice): Promise<GpuEngineResult> {
  const found = await findAdapter(loaded);
  if (!found.ok) return found;
  const reason = whyNotUsed(found.adapter, device);
  if (reason !== undefined) return { ok: false, reason, isFailure: false };
  const { name } = found.adapter;
  const engine = onnxEngine({ ...loaded, provider: 'webgpu', backend: `${loaded.backend.replace(/ \(native\)$/, '')} WebGPU (${name})` });
  return { ok: true, engine: { ...engine, adapter: name } };
}

/** The engine out of a loaded runtime. */
function onnxEngine(loaded: LoadedRuntime): Engine {
  const notes = new Set<string>();
  const note = (model: OnnxModel, path: string): void => {
    const sentence = loweredOnTrust(model, path);
    if (sentence !== undefined) notes.add(sentence);
  };
  return {
    backend: loaded.backend,
    threads: 1,
    notesOfRun: () => {
      const taken = [...notes];
      notes.clear();
      return taken;
    },
    async openCircular(model, plan) {
      const decoded = decodedOnnx(model.opened);
      note(decoded, model.payload.path);
      const source = levelSource(decoded, model.graph, plan, model.payload.path);
      return Promise.resolve(new CircularSession(loaded, model, source));
    },
    async run(model, feeds) {
      const decoded = decodedOnnx(model.opened);
      const { graph } = decoded;
      const { payload } = model;
      note(decoded, payload.path);
      const locations = [...new Set(graph.initializers.flatMap((tensor) => tensor.external?.get('location') ?? []))];
      const options = await sessionOptions(model, locations, loaded);
      const session = await refusing(model, () =>
        loaded.runtime.InferenceSession.create(fileForRuntime(decoded, payload.bytes, payload.path), options),
      );
      try {
        const types = new Map(session.inputMetadata.map((input) => [input.name, input.isTensor ? input.type : 'sequence']));
        const tensors = Object.fromEntries(
          [...feeds].map(([name, batch]) => [name, toTyped(loaded.runtime, name, batch, types.get(name) ?? 'float32')]),
        );
        const results = await refusing(model, () => session.run(tensors));
        return session.outputNames.map((name) => ({ name, ...toBatch(name, results[name]) }));
      } finally {
        await session.release();
      }
    },
  };
}
