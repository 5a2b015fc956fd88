import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inMemory, piecedSource, readAll } from '../../../src/core/formats/byte-source';
import type { OpenedModel } from '../../../src/core/formats/format';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import { selectPlans } from '../../../src/core/lint/select-plans';
import { ModelError } from '../../../src/core/model-error';
import { fileBytes, placedSource } from '../../../src/engine/input/source';
import { writeModelCopy } from '../../../src/engine/output/model-copy';
import { encodeNode, encodeTensor, encodeValueInfo, type NodeParts } from '../../../src/core/formats/onnx/wire/write';
import { externalTensor, model as encoded, noise } from '../onnx/models';
import { bodyAttribute, encodeFunction } from '../onnx/nested-parts';
import { GraphBuilder, ints, windowed } from '../tfjs-graph/graph-builder';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'model-copy-'));
  mkdirSync(path.join(root, 'model'));
  mkdirSync(path.join(root, 'copy'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const step = (opType: string, inputs: string, output: string, parts: Partial<NodeParts> = {}): Uint8Array =>
  encodeNode({ opType, inputs: inputs.split(' '), outputs: [output], name: output, ...parts });

/** A max-pool behind sums with weights from a file each: of the graph, of a constant, of both bodies of an If, of a function. */
function nested(locations: readonly string[]): Uint8Array {
  const [plain = '', constant = '', then = '', otherwise = '', called = ''] = locations;
  const weights = (name: string, location: string): Uint8Array => externalTensor(name, [1, 4, 1, 1], location);
  const branch = (name: string, location: string): Uint8Array =>
    bodyAttribute(name, {
      nodes: [step('Add', 'b v', `${name}_sum`)],
      initializers: [weights('v', location)],
      outputs: [encodeValueInfo(`${name}_sum`, 1)],
    });
  return encoded({
    nodes: [
      step('Add', 'x w', 'a'),
      step('Constant', '', 'k', { inputs: [], attributes: { value: { tensor: weights('', constant) } } }),
      step('Add', 'a k', 'b'),
      step('ReduceMax', 'x', 'most', { attributes: { keepdims: { int: 0 } } }),
      step('Cast', 'most', 'condition', { attributes: { to: { int: 9 } } }),
      step('If', 'condition', 'c', { verbatimAttributes: [branch('then_branch', then), branch('else_branch', otherwise)] }),
      step('Shifted', 'c', 'd', { domain: 'mine' }),
      step('MaxPool', 'd', 'y', { attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } } }),
    ],
    functions: [
      encodeFunction({
        name: 'Shifted',
        inputs: ['f'],
        outputs: ['g'],
        nodes: [
          step('Constant', '', 'inner', { inputs: [], attributes: { value: { tensor: weights('', called) } } }),
          step('Add', 'f inner', 'g'),
        ],
      }),
    ],
    opsets: { '': 17, mine: 1 },
    initializers: [weights('w', plain), encodeTensor({ name: 'unused', dims: [4096], dataType: 1, rawData: new Uint8Array(4 * 4096) })],
    inputs: [encodeValueInfo('x', 1, [1, 4, 8, 8])],
    outputs: [encodeValueInfo('y', 1)],
  });
}

function write(file: string, bytes: Uint8Array | string): string {
  const target = path.join(root, 'model', file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, bytes);
  return target;
}

const valuesOf = (index: number): Uint8Array => new Uint8Array(noise(4, index + 1).buffer);

async function opened(file: string, bytes: Uint8Array): Promise<OpenedModel> {
  write(file, bytes);
  const target = path.join(root, 'model', file);
  return openModel(placedSource({ path: file, folder: path.dirname(target), overlay: {} }, fileBytes(target, bytes.length)));
}

async function nestedModel(locations: readonly string[]): Promise<OpenedModel> {
  for (const [index, location] of locations.entries()) write(location, valuesOf(index));
  return opened('net.onnx', nested(locations));
}

async function copy(model: OpenedModel, file: string): Promise<readonly string[]> {
  const patch = await model.patch(selectPlans(lintGraph(model), 'all').plans);
  expect(patch.outcomes.map(({ ok }) => ok)).toEqual([true]);
  const written = await writeModelCopy(model, patch, { file: path.join(root, 'copy', file), isOwnFolder: false, mayReplace: true });
  return written.map((name) => path.relative(path.join(root, 'copy'), name));
}

const copied = (): readonly string[] => readdirSync(path.join(root, 'copy')).sort();

async function outputOf(file: string): Promise<readonly number[]> {
  const session = await InferenceSession.create(file);
  const { y } = await session.run({ x: new Tensor('float32', noise(256, 7), [1, 4, 8, 8]) });
  return [...((await y?.getData()) as Float32Array)];
}

const hostile = ['package.json', 'sub/conftest.py', 'Makefile', 'setup.py', 'model.bin'] as const;

describe('a copy of an ONNX model', () => {
  it('calls its weights after itself wherever they are named, and replaces none of what is there', async () => {
    const model = await nestedModel(hostile);
    for (const name of hostile) if (!name.includes('/')) writeFileSync(path.join(root, 'copy', name), 'mine');
    const before = copied();
    const files = await copy(model, 'fixed.onnx');
    const weights = [1, 2, 3, 4, 5].map((number) => `fixed.onnx.${number}.data`);
    expect([...files].sort()).toEqual(['fixed.onnx', ...weights]);
    expect(files.at(-1)).toBe('fixed.onnx');
    expect(copied()).toEqual([...before, 'fixed.onnx', ...weights].sort());
    for (const name of before) expect(readFileSync(path.join(root, 'copy', name), 'utf8')).toBe('mine');
  });

  it('runs with them in ONNX Runtime, which loads none of the old names', async () => {
    const model = await nestedModel(hostile);
    await copy(model, 'fixed.onnx');
    const reread = path.join(root, 'copy/fixed.onnx');
    const text = readFileSync(reread, 'latin1');
    for (const name of hostile) expect(text).not.toContain(name);
    const expected = path.join(root, 'model/fixed.onnx');
    const patch = await model.patch(selectPlans(lintGraph(model), 'all').plans);
    await writeModelCopy(model, patch, { file: expected, isOwnFolder: true, mayReplace: true });
    expect(readFileSync(expected, 'latin1')).toContain('conftest.py');
    expect(await outputOf(reread)).toEqual(await outputOf(expected));
  });

  it('keeps every other byte: renamed there and back, it is the same file', async () => {
    const model = await nestedModel(hostile);
    const there = new Map(hostile.map((name, index) => [name, `a rather longer name ${index}`]));
    const back = new Map([...there].map(([from, to]) => [to, from]));
    const original = await readAll(model.source);
    const rename = async (bytes: Uint8Array, names: ReadonlyMap<string, string>, isWhole: boolean): Promise<Uint8Array> => {
      const source = { ...model.source, ...inMemory(bytes), ...(isWhole && { whole: bytes }), siblingSize: () => Promise.resolve(16) };
      const change = await (await openModel(source)).renameWeightFiles(names);
      if (change.kind !== 'binary') throw new Error('An ONNX model changes as pieces.');
      return readAll(piecedSource(inMemory(bytes), change.pieces));
    };
    for (const isWhole of [false, true]) {
      const renamed = await rename(original, there, isWhole);
      expect(renamed.length).toBeGreaterThan(original.length + 5 * 'a rather'.length);
      expect(Buffer.compare(await rename(renamed, back, isWhole), original)).toBe(0);
    }
  });

  it('shares a file that holds the same bytes already, and takes the next free name otherwise', async () => {
    const model = await nestedModel(['w', 'w', 'w', 'w', 'w']);
    expect(await copy(model, 'fixed.onnx')).toEqual(['fixed.onnx.data', 'fixed.onnx']);
    expect(await copy(model, 'fixed.onnx')).toEqual(['fixed.onnx']);
    writeFileSync(path.join(root, 'copy/fixed.onnx.data'), 'mine');
    expect(await copy(model, 'fixed.onnx')).toEqual(['fixed.onnx-2.data', 'fixed.onnx']);
    expect(readFileSync(path.join(root, 'copy/fixed.onnx.data'), 'utf8')).toBe('mine');
  });

  it.each(['.git/hooks/pre-commit', '.env', 'a/.hidden/b'])('is refused with weights in %s', async (location) => {
    const model = await nestedModel([location, location, location, location, location]);
    await expect(copy(model, 'fixed.onnx')).rejects.toThrow(`"net.onnx" keeps weights in "${location}", a hidden file`);
    expect(copied()).toEqual([]);
  });

  it('is given up where a file of weights shrinks meanwhile', async () => {
    const model = await nestedModel(['w', 'w', 'w', 'w', 'w']);
    const { source } = model;
    const shrinking = { ...model, source: { ...source, siblingSize: () => Promise.resolve(17) } };
    const error: unknown = await copy(shrinking, 'fixed.onnx').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelError);
    expect((error as ModelError).message).toContain('became shorter or went away while it was copied');
    expect(copied()).toEqual([]);
  });

  it('goes through no link that lies in its way', async () => {
    const model = await nestedModel(['w', 'w', 'w', 'w', 'w']);
    writeFileSync(path.join(root, 'precious'), 'mine');
    symlinkSync(path.join(root, 'precious'), path.join(root, 'copy/fixed.onnx.data'));
    expect(await copy(model, 'fixed.onnx')).toEqual(['fixed.onnx-2.data', 'fixed.onnx']);
    expect(readFileSync(path.join(root, 'precious'), 'utf8')).toBe('mine');
  });
});

describe('a copy of a TensorFlow.js model', () => {
  async function graphModel(shard: string): Promise<OpenedModel> {
    const builder = new GraphBuilder();
    builder.op('MaxPool', 'pool', [builder.input([1, 8, 8, 2])], { ...windowed([2, 2], 'SAME'), ksize: ints(1, 2, 2, 1) });
    builder.op('BiasAdd', 'y', ['pool', builder.weight('bias', [2])]);
    const { text, files } = builder.model(['y']);
    for (const bytes of files.values()) write(shard, bytes);
    return opened('model.json', new TextEncoder().encode(text.replace('weights.bin', shard)));
  }

  it.each(['weights.bin', 'group1-shard1of1', 'group1-shard1of1.bin', 'emotion.weights.bin'])('keeps the shard name %s', async (shard) => {
    expect(await copy(await graphModel(shard), 'model.json')).toEqual(['shiftlint-blur-1.bin', shard, 'model.json']);
  });

  it.each(['package.json', 'conftest.py', 'con.bin', 'sub/x.bin', 'Makefile', 'a b.bin'])('does not keep %s', async (shard) => {
    const files = await copy(await graphModel(shard), 'model.json');
    expect([...files].sort()).toEqual(['model.json', 'model.json.1.data', 'shiftlint-blur-1.bin']);
    const text = readFileSync(path.join(root, 'copy/model.json'), 'utf8');
    expect(text).toContain('"model.json.1.data"');
    expect(text).not.toContain(shard);
  });

  it('replaces no shard of another model', async () => {
    writeFileSync(path.join(root, 'copy/weights.bin'), 'mine');
    const files = await copy(await graphModel('weights.bin'), 'model.json');
    expect([...files].sort()).toEqual(['model.json', 'shiftlint-blur-1.bin', 'weights-2.bin']);
    expect(readFileSync(path.join(root, 'copy/weights.bin'), 'utf8')).toBe('mine');
  });
});
