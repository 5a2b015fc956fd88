import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineClient } from '../../../src/engine/host/client';
import { EngineError } from '../../../src/engine/protocol/engine-error';
import { bundleEngine, removeModuleFolders } from './engine-bundle';
import { oracleArray, oracleModel } from './oracle';

const root = path.resolve(import.meta.dirname, '../../..');
const vgg = { model: oracleModel('vgg_like.onnx'), input: { kind: 'tensor', ...oracleArray('vgg_like.input.npy') } } as const;
const layersModel = {
  path: 'model.json',
  bytes: readFileSync(path.join(root, 'test/fixtures/textbook/max-pool-tfjs/model.json')),
  folder: path.join(root, 'test/fixtures/textbook/max-pool-tfjs'),
  overlay: {},
};

let client: EngineClient;
let folder: string;
beforeAll(async () => {
  const modulePath = await bundleEngine();
  folder = path.dirname(modulePath);
  for (const native of ['onnxruntime-node', '@tensorflow/tfjs-node']) {
    standIn(native, "throw new Error('the shared library is missing');");
  }
  client = new EngineClient({ modulePath });
}, 60_000);
afterAll(() => {
  client.dispose();
  removeModuleFolders();
});

/** A package that the engine finds before the project's own. */
function standIn(name: string, code: string): void {
  const own = path.join(folder, 'node_modules', name);
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
  writeFileSync(path.join(own, 'index.js'), code);
}

/** Damages a file of kernels beside the engine. */
function damage(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'no WebAssembly');
}

async function refusal(call: Promise<unknown>): Promise<Pick<EngineError, 'code' | 'message'>> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`);
  return { code: error.code, message: error.message };
}

test('a missing native library is made up for by WASM, and the backend says why', async () => {
  const { backend } = await client.call('run', vgg);
  expect(backend).toMatch(/^ONNX Runtime 1\.\d+ WASM \(the native runtime did not load: the shared library is missing\)$/);
  const tfjs = await client.call('run', { model: layersModel, input: { kind: 'pattern' } });
  expect(tfjs.backend).toMatch(/^tfjs .+ WASM \(tfjs-node did not load: the shared library is missing\)$/);
});

test('damaged WASM kernels are one sentence that says what to do, and not the model’s fault', async () => {
  client.restart();
  for (const name of ['tfjs-backend-wasm', 'tfjs-backend-wasm-simd', 'tfjs-backend-wasm-threaded-simd']) {
    damage(path.join(folder, 'tfjs-wasm', `${name}.wasm`));
  }
  const web = path.join(folder, 'node_modules/onnxruntime-web');
  const parts = ['package.json', 'dist/ort.node.min.js', 'dist/ort.node.min.mjs', 'dist/ort-wasm-simd-threaded.mjs'];
  for (const part of parts) cpSync(path.join(root, 'node_modules/onnxruntime-web', part), path.join(web, part));
  damage(path.join(web, 'dist/ort-wasm-simd-threaded.wasm'));
  expect(await refusal(client.call('run', vgg))).toEqual({
    code: 'unsupported',
    message: 'The WASM build of ONNX Runtime did not start: install Shiftlint again.',
  });
  expect(await refusal(client.call('run', { model: layersModel, input: { kind: 'pattern' } }))).toEqual({
    code: 'unsupported',
    message: 'The WASM backend of TensorFlow.js did not start: install Shiftlint again.',
  });
});
