import { availableParallelism } from 'node:os';
import { t } from '@vscode/l10n';
import type { Env } from 'onnxruntime-node';
import { ModelError } from '../../../core/model-error';
import type { OnnxRuntime } from './onnx-runtime';
import { engineSettings } from '../../protocol/engine-settings';

/** A loaded runtime. */
export interface LoadedRuntime {
  readonly runtime: OnnxRuntime;
  readonly backend: string;
  /** True where the runtime reads external data from a folder by itself; the WASM build has no file system. */
  readonly readsFolders: boolean;
  /** Where sessions run on a graphics card. */
  readonly provider?: 'webgpu';
  /** Channels in a block of the maps that it computes fastest on; undefined where it has no such operators. */
  readonly block?: number | undefined;
}

/** Loads the native ONNX Runtime, else its WASM build. @throws ModelError `unsupported` where neither loads */
export async function loadOnnxRuntime(): Promise<LoadedRuntime> {
  try {
    const native = await import('onnxruntime-node');
    return {
      runtime: native,
      backend: `ONNX Runtime ${release(native.env.versions.node)} (native)`,
      readsFolders: true,
    };
  } catch (error) {
    const cause = whyNotNative(error);
    const web = await loadWasmBuild(cause);
    return {
      runtime: web,
      backend: `ONNX Runtime ${release(web.env.versions.web)} WASM (${cause})`,
      readsFolders: false,
    };
  }
}

async function loadWasmBuild(nativeCause: string): Promise<OnnxRuntime & { readonly env: Env }> {
  try {
    const web = await import('onnxruntime-web');
    // By itself it takes half of the cores, and of two one.
    web.env.wasm.numThreads = engineSettings().threads ?? availableParallelism();
    return web;
  } catch (error) {
    throw new ModelError(
      'unsupported',
      t`ONNX Runtime could not be loaded, neither the native build (${nativeCause}) nor the WASM build (${firstLine(error)}): install Shiftlint again.`,
    );
  }
}

function whyNotNative(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const missing = (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') && firstLine(error).includes("'onnxruntime-node'");
  return missing ? t('onnxruntime-node is not installed') : t`the native runtime did not load: ${firstLine(error)}`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

/** `1.30.0` as `1.30`. */
function release(version: string | undefined): string {
  return version?.split('.').slice(0, 2).join('.') ?? 'of unknown version';
}
