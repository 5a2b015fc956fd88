import { describe, expect, it } from 'vitest';
import { inMemory } from '../../../src/core/formats/byte-source';
import { skimModel } from '../../../src/core/formats/onnx/wire/skim';
import { encodeModel, encodeNode, encodeTensor, encodeValueInfo, type NodeParts } from '../../../src/core/formats/onnx/wire/write';
import { openIfModel, openModel } from '../../../src/core/formats/registry';
import type { ModelSource } from '../../../src/core/formats/format';
import { LimitError, limits, type LimitName } from '../../../src/core/limits';
import { ModelError } from '../../../src/core/model-error';
import { memorySource } from '../onnx/models';
import { bodyAttribute, encodeFunction, step } from '../onnx/nested-parts';
import { sourceOf } from '../tfjs-files';

/** What a model with `amount` of something comes to. */
type Model = (amount: number) => ModelSource | Promise<ModelSource>;

const relu = (index: number, from: string): NodeParts => ({ name: `n${index}`, opType: 'Relu', inputs: [from], outputs: [`t${index}`] });

function onnx(nodes: readonly Uint8Array[], more: Partial<Parameters<typeof encodeModel>[0]> = {}): ModelSource {
  return memorySource(
    encodeModel({
      irVersion: 8,
      opsets: { '': 17, mine: 1 },
      nodes,
      inputs: [encodeValueInfo('x', 1, [1, 3, 8, 8])],
      outputs: [encodeValueInfo('t0')],
      ...more,
    }),
  );
}

const json = (text: string): ModelSource => sourceOf({ text, files: new Map() });

const graphNodes = (nodes: readonly object[]): ModelSource =>
  json(JSON.stringify({ format: 'graph-model', modelTopology: { node: [{ name: 'x', op: 'Placeholder', attr: {} }, ...nodes] } }));

const shape = [null, 8, 8, 3];
const kerasLayer = (className: string, name: string, calls: readonly unknown[], config: object = {}): object => ({
  class_name: className,
  name,
  config: { name, ...config },
  inbound_nodes: calls,
});
const kerasInput = kerasLayer('InputLayer', 'x', [], { batch_input_shape: shape });
const functional = (layers: readonly object[], output: string): object => ({
  class_name: 'Model',
  config: { name: 'm', layers: [kerasInput, ...layers], input_layers: [['x', 0, 0]], output_layers: [[output, 0, 0]] },
});
const layersModel = (model: object, more: object = {}): ModelSource =>
  json(JSON.stringify({ format: 'layers-model', modelTopology: { model_config: model }, ...more }));

const pool = (name: string): object => kerasLayer('MaxPooling2D', name, [[['x', 0, 0, {}]]], { pool_size: [2, 2], strides: [2, 2] });

/** A model whose innermost graph stands within `depth` graphs, itself included. */
function nestedOnnx(depth: number): ModelSource {
  const condition = encodeTensor({ dims: [], dataType: 9, rawData: Uint8Array.of(1) });
  let node = encodeNode(relu(0, 'x'));
  for (let level = depth - 1; level > 0; level--) {
    const body = { nodes: [node], outputs: [encodeValueInfo('t0')] };
    const branches = [bodyAttribute('then_branch', body), ...(level === 1 ? [bodyAttribute('else_branch', body)] : [])];
    node = step('If', 'c', 't0', { verbatimAttributes: branches });
  }
  return onnx([step('Constant', '', 'c', { attributes: { value: { tensor: condition } } }), node]);
}

function nestedLayers(depth: number): ModelSource {
  let model = functional([pool('p')], 'p');
  for (let level = 1; level < depth; level++) {
    model = functional([{ ...model, name: 'inner', inbound_nodes: [[['x', 0, 0, {}]]] }], 'inner');
    (model as { config: { output_layers: unknown } }).config.output_layers = [['inner', 1, 0]];
  }
  return layersModel(model);
}

/** One layer of each format reads `count` tensors, of which ONNX counts the one it gives too. */
const names = (count: number): string[] => new Array<string>(count).fill('x');

const cases: readonly (readonly [LimitName, string, Model])[] = [
  [
    'nodes',
    'ONNX',
    (count) => onnx(Array.from({ length: count }, (_, index) => encodeNode(relu(index, index === 0 ? 'x' : `t${index - 1}`)))),
  ],
  [
    'nodes',
    'a graph-model',
    // One of them is the input.
    (count) =>
      graphNodes(Array.from({ length: count - 1 }, (_, at) => ({ name: `n${at}`, op: 'Relu', input: [at === 0 ? 'x' : `n${at - 1}`] }))),
  ],
  [
    'nodes',
    'a layers-model',
    (count) =>
      layersModel(
        functional(
          Array.from({ length: count - 1 }, (_, at) => kerasLayer('ReLU', `n${at}`, [[[at === 0 ? 'x' : `n${at - 1}`, 0, 0, {}]]])),
          'n0',
        ),
      ),
  ],
  ['modelNesting', 'ONNX', nestedOnnx],
  ['modelNesting', 'a layers-model', nestedLayers],
  ['tensorsPerNode', 'ONNX', (count) => onnx([encodeNode({ name: 'n', opType: 'Sum', inputs: names(count - 1), outputs: ['t0'] })])],
  ['tensorsPerNode', 'a graph-model', (count) => graphNodes([{ name: 'n', op: 'AddN', input: names(count) }])],
  [
    'tensorsPerNode',
    'a layers-model',
    (count) => layersModel(functional([kerasLayer('Add', 'n', [names(count).map((name) => [name, 0, 0, {}])])], 'n')),
  ],
  ['nameLength', 'ONNX', (length) => onnx([encodeNode({ ...relu(0, 'x'), name: 'n'.repeat(length) })])],
  ['nameLength', 'a graph-model', (length) => graphNodes([{ name: 'n'.repeat(length), op: 'Relu', input: ['x'] }])],
  [
    'nameLength',
    'a layers-model',
    (length) => layersModel(functional([kerasLayer('ReLU', 'n'.repeat(length), [[['x', 0, 0, {}]]])], 'n'.repeat(length))),
  ],
  [
    'axes',
    'ONNX',
    (count) => {
      const tensor = encodeTensor({ name: 'w', dims: new Array<number>(count).fill(1), dataType: 1, rawData: new Uint8Array(4) });
      return onnx([encodeNode(relu(0, 'x'))], { initializers: [tensor] });
    },
  ],
  [
    'axes',
    'ONNX, as the shape of a tensor',
    (count) => onnx([encodeNode(relu(0, 'x'))], { inputs: [encodeValueInfo('x', 1, new Array<number>(count).fill(1))] }),
  ],
  [
    'axes',
    'a manifest of weights',
    (count) => {
      const weights = [{ name: 'w', shape: new Array<number>(count).fill(1), dtype: 'float32' }];
      const text = JSON.stringify({
        format: 'layers-model',
        modelTopology: { model_config: functional([pool('p')], 'p') },
        weightsManifest: [{ paths: ['weights.bin'], weights }],
      });
      return sourceOf({ text, files: new Map([['weights.bin', new Uint8Array(4)]]) });
    },
  ],
  [
    'jsonNesting',
    'a layers-model',
    (depth) =>
      layersModel(functional([pool('p')], 'p'), { deep: JSON.parse(`${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}`) as object }),
  ],
  [
    'jsonValues',
    'a layers-model',
    (count) => {
      const start = JSON.stringify({
        format: 'layers-model',
        modelTopology: { model_config: functional([pool('p')], 'p') },
        more: ['[]{,'],
      });
      const around = valuesIn(JSON.parse(start)) - 1;
      return json(start.replace('"[]{,"', new Array<string>(count - around).fill('0').join(',')));
    },
  ],
  [
    'jsonBytes',
    'a layers-model',
    (size) => {
      const start = JSON.stringify({ format: 'layers-model', modelTopology: { model_config: functional([pool('p')], 'p') } });
      const bytes = new Uint8Array(size).fill(0x20);
      bytes.set(new TextEncoder().encode(start));
      return { ...json(start), ...inMemory(bytes) };
    },
  ],
];

/** How many values JSON holds, by what a parser made of it. */
function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((total: number, inner) => total + valuesIn(inner), 1);
}

const opened = async (source: ModelSource): Promise<unknown> => openModel(source).catch((error: unknown) => error);

describe.each(cases)('the limit of %s in %s', (limit, _, model) => {
  const { most, what } = limits[limit];

  it('is not passed by a model that reaches it', async () => {
    expect(await opened(await model(most))).toHaveProperty('graph');
  });

  it('is named with the value by the refusal of a model beyond it', async () => {
    const refusal = await opened(await model(most + 1));
    expect(refusal).toBeInstanceOf(ModelError);
    expect(refusal).toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(
        new RegExp(`^"model\\.\\w+" is refused: it has ${most + 1} ${what}, and at most ${most} are read\\.$`),
      ),
    });
  });
});

describe('what passes no limit of its own', () => {
  it('functions that call functions are followed as deep as models nest, and no deeper', async () => {
    const functions = Array.from({ length: 60 }, (_, at) =>
      encodeFunction({
        name: `F${at}`,
        inputs: ['a'],
        outputs: ['b'],
        nodes: [step(at === 0 ? 'Relu' : `F${at - 1}`, 'a', 'b', { domain: at === 0 ? '' : 'mine' })],
      }),
    );
    const call = (at: number): ModelSource => onnx([step(`F${at}`, 'x', 't0', { domain: 'mine', name: 'call' })], { functions });
    expect((await openModel(call(limits.modelNesting.most))).graph.layers.map(({ op }) => op)).toEqual(['Relu']);
    expect((await openModel(call(limits.modelNesting.most + 1))).graph.layers[0]?.operation).toMatchObject({ kind: 'opaque' });
  });

  it('a file of JSON beyond the limit that does not begin as a model is no model, and is not read', async () => {
    let read = 0;
    const source = (start: string): ModelSource => ({
      ...json(start),
      size: limits.jsonBytes.most + 1,
      read: (offset, length) => {
        read += length;
        return Promise.resolve(new TextEncoder().encode(start).subarray(offset, offset + length));
      },
    });
    expect(await openIfModel(source('{"type": "FeatureCollection", "features": ['))).toBeUndefined();
    expect(read).toBeLessThan(1 << 16);
  });

  it('what is kept of an ONNX file without its weights is counted as it is read', async () => {
    const note = new Uint8Array(1 << 20);
    const size = limits.structureBytes.most + (1 << 20);
    // The documentation of a model over and over: tag 6, then a length of 2^20.
    const header = Uint8Array.of(0x32, 0x80, 0x80, 0x40);
    const source = {
      size,
      read: (offset: number, length: number) => {
        const bytes = new Uint8Array(Math.min(length, size - offset));
        for (let at = 0; at < bytes.length; at++) bytes[at] = header[(offset + at) % (note.length + 4)] ?? 0;
        return Promise.resolve(bytes);
      },
    };
    const refusal: unknown = await skimModel(source).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LimitError);
    expect((refusal as LimitError).naming('model.onnx').message).toMatch(
      /it has \d+ bytes without its weights, and at most 268435456 are read\.$/,
    );
  });
});
