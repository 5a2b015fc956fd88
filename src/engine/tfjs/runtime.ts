import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ModelError } from '../../core/formats/format';
import { registerWholeConstants } from './whole-constants';

/** The TensorFlow.js namespace, whichever build it comes from. */
export type TensorFlow = typeof import('@tensorflow/tfjs');

/** A loaded build. */
export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  readonly backend: string;
  /** True for the WASM backend, some of whose kernels are wrong. */
  readonly isWasm: boolean;
}

/** The build with native kernels; an optional dependency, so its name is no literal that a bundler would chase. */
const nativePackage: string = '@tensorflow/tfjs-node';

/** Loads tfjs-node, else TensorFlow.js with its WASM backend. @throws ModelError `unsupported` where neither starts */
export async function loadTensorFlow(): Promise<LoadedTensorFlow> {
  try {
    const native = (await import(nativePackage)) as TensorFlow & { readonly default?: TensorFlow };
    const tf = native.default ?? native;
    await tf.ready();
    return { tf, backend: `tfjs-node ${tf.version_core} (native)`, isWasm: false };
  } catch (error) {
    return loadWasm(whyNotNative(error));
  }
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
  return { tf, backend: `tfjs ${tf.version_core} WASM (${reason})`, isWasm: true };
}

/** Beside the bundle, or in the package when running from source. */
function wasmFolder(): string {
  const beside = path.join(__dirname, 'tfjs-wasm');
  if (existsSync(beside)) return beside;
  return path.join(path.dirname(createRequire(__filename).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
}

function whyNotNative(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') return 'tfjs-node is not installed';
  // Its own message names folders of this machine and says the same at length.
  if (error instanceof Error && error.message.includes('tfjs_binding.node')) return 'tfjs-node is installed without its native addon';
  return `tfjs-node did not load: ${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}`;
}
