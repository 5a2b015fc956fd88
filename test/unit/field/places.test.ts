import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { readModel } from '../../../src/engine/input/read-model';
import { payloadSource } from '../../../src/engine/input/source';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { externalTensor, model } from '../onnx/models';
import { fieldCases } from './cases';

/** A 1x1 convolution with the weights 2 and -3 in a file of its own. */
const withExternalData = model({
  nodes: [encodeNode({ name: 'layer', opType: 'Conv', inputs: ['x', 'w'], outputs: ['y'] })],
  initializers: [externalTensor('w', [2, 1, 1, 1], 'model.onnx_data')],
  inputs: [encodeValueInfo('x', 1, [1, 1, 1, 1])],
  outputs: [encodeValueInfo('y', 1, [1, 2, 1, 1])],
});
const weights = new Uint8Array(Float32Array.of(2, -3).buffer);

const hash = (digit: string): string => digit.repeat(40);

let root: string;
const at = (...names: readonly string[]): string => path.join(root, ...names);

/** A folder whose files are links: by the link's name, what it leads to. */
function linked(folder: string, links: Readonly<Record<string, string>>): void {
  mkdirSync(at(folder), { recursive: true });
  for (const [name, target] of Object.entries(links)) symlinkSync(path.relative(at(folder), at(target)), at(folder, name));
}

function place(target: string, content: Uint8Array): void {
  mkdirSync(path.dirname(at(target)), { recursive: true });
  writeFileSync(at(target), content);
}

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'shiftlint-'));
  place(`hub/blobs/${hash('a')}`, withExternalData);
  place(`hub/blobs/${hash('b')}`, weights);
  linked('hub/snapshots/main', {
    'model.onnx': `hub/blobs/${hash('a')}`,
    'model.onnx_data': `hub/blobs/${hash('b')}`,
    'stranger.bin': 'elsewhere/secret.bin',
  });
  place('elsewhere/secret.bin', weights);
  place(`dvc/files/md5/aa/${'0'.repeat(30)}`, withExternalData);
  place(`dvc/files/md5/bb/${'1'.repeat(30)}`, weights);
  place(`other/files/md5/bb/${'1'.repeat(30)}`, weights);
  linked('tracked', {
    'model.onnx': `dvc/files/md5/aa/${'0'.repeat(30)}`,
    'model.onnx_data': `dvc/files/md5/bb/${'1'.repeat(30)}`,
    'stranger.bin': `other/files/md5/bb/${'1'.repeat(30)}`,
  });
  place('execroot/pkg/model.onnx', withExternalData);
  place('execroot/pkg/model.onnx_data', weights);
  place('execroot/secret.bin', weights);
  linked('runfiles/pkg', {
    'model.onnx': 'execroot/pkg/model.onnx',
    'model.onnx_data': 'execroot/pkg/model.onnx_data',
    'stranger.bin': 'execroot/secret.bin',
  });
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const payloadIn = (folder: string, more: Partial<ModelPayload> = {}): ModelPayload => ({
  path: 'model.onnx',
  bytes: withExternalData,
  folder: at(folder),
  file: at(folder, 'model.onnx'),
  overlay: {},
  ...more,
});

const caches = [
  ['the cache of Hugging Face', 'hub/snapshots/main'],
  ['the cache of DVC', 'tracked'],
  ['the runfiles of Bazel', 'runfiles/pkg'],
] as const;

describe('weights beside a model that is a link', () => {
  it.each(caches)('are found where its own file leads, in %s', async (_, folder) => {
    const source = payloadSource(payloadIn(folder));
    expect(await source.siblingSize('model.onnx_data')).toBe(8);
    expect(await source.readSibling('model.onnx_data')).toEqual(weights);
  });

  it.each(caches)('and nowhere else, in %s', async (_, folder) => {
    await expect(payloadSource(payloadIn(folder)).readSibling('stranger.bin')).rejects.toMatchObject({ code: 'outside-folder' });
    // A model that is no link itself, or lies on no disk, has no other folder than its own.
    const own = at(folder, 'own.onnx');
    writeFileSync(own, withExternalData);
    for (const more of [{ file: own }, { file: undefined }] as Partial<ModelPayload>[])
      await expect(payloadSource(payloadIn(folder, more)).readSibling('model.onnx_data')).rejects.toMatchObject({ code: 'outside-folder' });
  });

  it.each(caches)('run in ONNX Runtime, in %s', async (_, folder) => {
    const engine = await createOnnxEngine();
    const read = await readModel(payloadIn(folder));
    const [output] = await engine.run(read, new Map([['x', { data: Float32Array.of(5), dims: [1, 1, 1, 1] }]]));
    expect([...output!.data]).toEqual([10, -15]);
  });

  it('are shards of TensorFlow.js alike', async () => {
    const from = (name: string): string => path.join(fieldCases, 'tfjs/bom', name);
    for (const [name, blob] of [
      ['model.json', hash('c')],
      ['model.weights.bin', hash('d')],
    ] as const) {
      copyFileSync(from(name), at('hub/blobs', blob));
      symlinkSync(path.join('../../blobs', blob), at('hub/snapshots/main', name));
    }
    const source = payloadSource({ ...payloadIn('hub/snapshots/main'), file: at('hub/snapshots/main/model.json') });
    expect(await source.siblingSize('model.weights.bin')).toBe(4124);
  });
});
