import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What a stand-in for the package `webgpu` tells of its adapter; null where it finds none. */
export interface StandInAdapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter: boolean;
}

/**
 * A folder with stand-ins for `webgpu` and the GPU backend of TensorFlow.js, which is the plain backend under another name.
 * @param backend more code of the backend, where a test wants it to fail
 */
export function standInPackages(adapter: StandInAdapter | null, backend = ''): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-webgpu-'));
  const write = (name: string, description: object, file: string, code: string): void => {
    const own = path.join(folder, 'node_modules', name);
    mkdirSync(own, { recursive: true });
    writeFileSync(path.join(own, 'package.json'), JSON.stringify({ name, ...description }));
    writeFileSync(path.join(own, file), code);
  };
  write(
    'webgpu',
    { type: 'module', main: 'index.js' },
    'index.js',
    `export const globals = { GPUStandIn: 1 };
     export const create = () => ({ requestAdapter: async () => (${JSON.stringify(adapter && { info: adapter })}) });`,
  );
  const tensorflow = createRequire(import.meta.url).resolve('@tensorflow/tfjs');
  write(
    '@tensorflow/tfjs-backend-webgpu',
    { main: 'index.js' },
    'index.js',
    `const tf = require(${JSON.stringify(tensorflow)});
     if (navigator.gpu === undefined || globalThis.GPUStandIn !== 1) throw new Error('there is no GPU in the navigator');
     ${backend}
     if (tf.findBackendFactory('webgpu') === null) {
       tf.registerBackend('webgpu', () => { const backend = tf.engine().registryFactory.cpu.factory(); return backend; });
       tf.copyRegisteredKernels('cpu', 'webgpu');
     }`,
  );
  return folder;
}
