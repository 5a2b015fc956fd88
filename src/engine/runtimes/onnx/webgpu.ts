import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { encodeModel, encodeNode, encodeValueInfo } from '../../../core/formats/onnx/wire/write';
import { elementType } from '../../../core/formats/onnx/wire/schema';
import type { AdapterResult } from '../devices/adapter';
import { graphicsDriver, loadedLibraries } from '../devices/graphics-drivers';
import { plainCause } from '../devices/gpu-trust';
import type { LoadedRuntime } from './runtime';

/** Where NVIDIA's driver on Linux names its cards. */
const nvidiaCards = '/proc/driver/nvidia/gpus';

/**
 * Looks for the graphics card that ONNX Runtime would use. Its Node.js build tells nothing of it, so a session of one node is run on it,
 * and the driver is known by the libraries that this has loaded.
 */
export async function findAdapter({ runtime, readsFolders }: LoadedRuntime): Promise<AdapterResult> {
  if (!readsFolders) return { ok: false, reason: t('the WASM build of ONNX Runtime uses none outside a browser'), isFailure: false };
  try {
    const session = await runtime.InferenceSession.create(smallest(), { executionProviders: ['webgpu'], logSeverityLevel: 4 });
    try {
      const { y } = await session.run({ x: new runtime.Tensor('float32', Float32Array.of(-1, 2), [2]) });
      if (!(y?.data instanceof Float32Array) || y.data[0] !== 0 || y.data[1] !== 2)
        return { ok: false, reason: t('its first answer was wrong'), isFailure: true };
    } finally {
      await session.release();
    }
  } catch (error) {
    return noAdapter(error);
  }
  const driver = graphicsDriver(loadedLibraries());
  const card = driver?.name.startsWith('NVIDIA') === true ? await nvidiaCard() : undefined;
  const name =
    driver === undefined ? t('an adapter of an unknown driver') : [...(card === undefined ? [] : [card]), driver.name].join(', ');
  return { ok: true, adapter: { name, isSoftware: driver?.isSoftware } };
}

function noAdapter(error: unknown): AdapterResult {
  const message = error instanceof Error ? error.message : String(error);
  if (/No supported adapters|Failed to get a WebGPU adapter/.test(message))
    return { ok: false, reason: t('no graphics card was found that WebGPU can use'), isFailure: false };
  return { ok: false, reason: plainCause(error), isFailure: true };
}

/** The first card that NVIDIA's driver for Linux tells of. */
async function nvidiaCard(): Promise<string | undefined> {
  try {
    const [first = ''] = await readdir(nvidiaCards);
    const information = await readFile(path.join(nvidiaCards, first, 'information'), 'utf8');
    return /^Model:\s*(.+)$/m.exec(information)?.[1];
  } catch {
    // Other systems have no such place: the driver's name has to do.
    return undefined;
  }
}

/** A model of one node. */
function smallest(): Uint8Array {
  return encodeModel({
    irVersion: 8,
    producerName: 'shiftlint',
    opsets: { '': 13 },
    nodes: [encodeNode({ opType: 'Relu', inputs: ['x'], outputs: ['y'] })],
    inputs: [encodeValueInfo('x', elementType.float, [2])],
    outputs: [encodeValueInfo('y', elementType.float, [2])],
  });
}
