import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ModelError } from '../../../core/model-error';
import { loadNative } from './native-package';
import { nativeBackend, routeKernels, wasmBackend, type RanElsewhere } from './routed-kernels';
import { spellOutShortSame } from './short-same-kernels';
import { registerSliceInPlace } from './slice-in-place';
import type { TensorFlow } from './tensorflow';
import { registerWholeConstants } from './whole-constants';

/** A loaded build. */
export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  readonly backend: string;
  /** Kernels that it lacks, as far as they have run. */
  readonly ran: RanElsewhere;
}

/** Loads tfjs-node, else TensorFlow.js with its WASM backend. @throws ModelError `unsupported` where neither starts */
export async function loadTensorFlow(): Promise<LoadedTensorFlow> {
  const native = await loadNative();
  if (!native.ok) return loadWasm(native.reason);
  const { tf, place } = native;
  const ran = routeKernels(tf, nativeBackend);
  return { tf, ran, backend: `tfjs-node ${tf.version_core} (native${place === undefined ? '' : `, from ${place}`})` };
}

async function loadWasm(reason: string): Promise<LoadedTensorFlow> {
  const tf = await import('@tensorflow/tfjs');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(`${wasmFolder()}${path.sep}`);
  await tf.setBackend('wasm');
  await tf.ready();
  // A backend that fails to start is replaced silently by a slower one.
  if (tf.getBackend() !== 'wasm') {
    throw new ModelError('unsupported', 'The WASM backend of TensorFlow.js did not start: install Shiftlint again.');
  }
  registerWholeConstants(tf, 'wasm');
  registerSliceInPlace(tf, 'wasm');
  spellOutShortSame(tf, 'wasm');
  const ran = routeKernels(tf, wasmBackend);
  return { tf, ran, backend: `tfjs ${tf.version_core} WASM (${reason})` };
}

/** Beside the bundle, or in the package when running from source. */
function wasmFolder(): string {
  const beside = path.join(__dirname, 'tfjs-wasm');
  if (existsSync(beside)) return beside;
  return path.join(path.dirname(createRequire(__filename).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
}
