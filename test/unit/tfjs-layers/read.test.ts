import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/model-error';
import { locateLayers } from '../../../src/core/formats/tfjs-layers/locate';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { sourceOf } from '../tfjs-files';

type JsonLayer = Readonly<Record<string, unknown>>;

const input: JsonLayer = {
  name: 'image',
  class_name: 'InputLayer',
  config: { name: 'image', batch_input_shape: [null, 8, 8, 3] },
  inbound_nodes: [],
};

function layer(name: string, className: string, reads: readonly string[], config: JsonLayer = {}): JsonLayer {
  return { name, class_name: className, config: { name, ...config }, inbound_nodes: [reads.map((read) => [read, 0, 0, {}])] };
}

function functional(layers: readonly JsonLayer[], output: string, weightsManifest: unknown = []): string {
  const config = { name: 'model', layers, input_layers: [['image', 0, 0]], output_layers: [[output, 0, 0]] };
  return JSON.stringify({ format: 'layers-model', modelTopology: { class_name: 'Model', config }, weightsManifest });
}

const pool = layer('pool', 'MaxPooling2D', ['image'], { pool_size: [2, 2], strides: null, padding: 'valid' });
const read = (text: string, files = new Map<string, Uint8Array>()) =>
  tfjsLayersFormat.open(sourceOf({ text, files })).then(({ graph }) => graph);

describe('detect', () => {
  const detect = (text: string): boolean => tfjsLayersFormat.detect(new TextEncoder().encode(text));
  const whole = functional([input, pool], 'pool');
  it.each([
    ['a layers-model', whole, true],
    ['one that is cut off', whole.slice(0, whole.length - 40), true],
    ['one whose manifest comes first', `{"weightsManifest": [${'1,'.repeat(40_000)}1], ${whole.slice(1)}`, true],
    [
      'one whose class is named behind its layers',
      `{"modelTopology": {"config": [${'1,'.repeat(40_000)}1], "class_name": "Sequential"}}`,
      true,
    ],
    ['one with a byte order mark', `\ufeff${whole}`, true],
    ['a package', '{"name": "model", "version": "1.0.0"}', false],
    ['a graph-model', '{"format": "graph-model", "modelTopology": {"node": []}, "weightsManifest": []}', false],
    ['a graph-model that does not say so', `{"modelTopology": {"node": [${'1,'.repeat(40_000)}1]}, "weightsManifest": []}`, false],
    ['a manifest alone', `{"weightsManifest": [${'1,'.repeat(40_000)}1]}`, false],
    ['an array', '[{"modelTopology": {"class_name": "Model"}}]', false],
    ['text', 'modelTopology', false],
    ['nothing', '', false],
  ])('%s', (_, text, expected) => {
    expect(detect(text)).toBe(expected);
  });
});

describe('read', () => {
  it('strides a pool by its kernel where the file says nothing', async () => {
    const graph = await read(functional([input, pool], 'pool'));
    expect(graph).toMatchObject({ format: 'tfjs-layers', layout: 'channels-last', inputs: ['image'], outputs: ['pool'] });
    expect(graph.layers).toMatchObject([{ name: 'pool', op: 'MaxPooling2D', operation: { kind: 'max-pool', window: { stride: [2, 2] } } }]);
    expect(graph.tensors.get('pool')?.shape).toEqual([null, 4, 4, 3]);
  });

  it('orders layers whatever order the file has', async () => {
    const graph = await read(functional([layer('relu', 'ReLU', ['pool']), pool, input], 'relu'));
    expect(graph.layers.map(({ name }) => name)).toEqual(['pool', 'relu']);
  });

  it('lists every call of a shared layer, so that a fix can be refused', async () => {
    const shared = { ...pool, inbound_nodes: [[['image', 0, 0, {}]], [['relu', 0, 0, {}]]] };
    const add = {
      ...layer('add', 'Concatenate', []),
      inbound_nodes: [
        [
          ['pool', 0, 0, {}],
          ['pool', 1, 0, {}],
        ],
      ],
    };
    const graph = await read(functional([input, layer('relu', 'ReLU', ['image']), shared, add], 'add'));
    expect(graph.layers.filter(({ op }) => op === 'MaxPooling2D')).toMatchObject([
      { name: 'pool', calls: 2, inputs: ['image'] },
      { name: 'pool (call 2)', calls: 2, inputs: ['relu'] },
    ]);
    expect(graph.layers.at(-1)?.inputs).toEqual(['pool', 'pool (call 2)']);
  });

  it('judges around custom and nested layers', async () => {
    const graph = await read(functional([input, layer('own', 'MyLayer', ['image']), layer('inner', 'Model', ['own'])], 'inner'));
    expect(graph.layers).toMatchObject([
      { operation: { kind: 'opaque', reason: expect.stringContaining('MyLayer') } },
      { operation: { kind: 'opaque', reason: expect.stringContaining('inside the model') } },
    ]);
  });

  it.each<[string, JsonLayer, number | undefined, string]>([
    ['a sequence into a map of one row', layer('to', 'Reshape', ['sequence'], { target_shape: [1, -1, 3] }), 4, 'pointwise'],
    ['a row away', layer('to', 'Reshape', ['sequence'], { target_shape: [8, 1, 3] }), 4, 'pointwise'],
    ['channels into positions', layer('to', 'Reshape', ['sequence'], { target_shape: [24, 1] }), 3, 'positional'],
    ['everything into one row', layer('to', 'Reshape', ['sequence'], { target_shape: [-1] }), 2, 'positional'],
    ['groups', layer('to', 'GroupNormalization', ['sequence'], { groups: 3 }), 3, 'channelwise'],
    ['augmentation', layer('to', 'RandomFlip', ['sequence'], { mode: 'horizontal' }), 3, 'pointwise'],
    ['masks', layer('to', 'Masking', ['sequence'], { mask_value: 0 }), 3, 'pointwise'],
    [
      'separable sequences',
      layer('to', 'SeparableConv1D', ['sequence'], { kernel_size: [3], filters: 2, padding: 'same' }),
      3,
      'convolution',
    ],
    ['more samples', layer('to', 'UpSampling1D', ['sequence'], { size: 2 }), 3, 'resize'],
    ['a function of Python', layer('to', 'TFOpLambda', ['sequence'], { function: 'math.subtract' }), undefined, 'opaque'],
    [
      'steps in turn',
      layer('to', 'TimeDistributed', ['sequence'], { layer: { class_name: 'MaxPooling2D', config: { pool_size: [2, 2] } } }),
      undefined,
      'max-pool',
    ],
    ['memory', layer('to', 'ConvLSTM2D', ['sequence'], { filters: 2, kernel_size: [3, 3], strides: [2, 2] }), undefined, 'convolution'],
  ])('takes %s for what it is', async (_, to, rank, kind) => {
    const sequence = { ...input, name: 'sequence', config: { name: 'sequence', batch_input_shape: [null, 8, 3] } };
    const graph = await read(functional([sequence, to], 'to').replace('"image",0,0', '"sequence",0,0'));
    expect(graph.layers).toMatchObject([{ operation: { kind } }]);
    expect(graph.tensors.get('to')?.shape?.length).toBe(rank);
  });

  it('spreads weights per channel over the map that they multiply, as squeeze-and-excitation needs', async () => {
    const squeeze = layer('squeeze', 'GlobalAveragePooling2D', ['image'], { keepdims: true });
    const graph = await read(functional([input, squeeze, layer('excite', 'Multiply', ['squeeze', 'image'])], 'excite'));
    expect(graph.tensors.get('squeeze')?.shape).toEqual([null, 1, 1, 3]);
    expect(graph.tensors.get('excite')?.shape).toEqual([null, 8, 8, 3]);
  });

  it('feeds inputs in the order that the model declares', async () => {
    const depth = { ...input, name: 'depth', config: { ...(input['config'] as JsonLayer), name: 'depth' } };
    const text = functional([depth, input, layer('add', 'Add', ['depth', 'image'])], 'add');
    const declared = text.replace('"input_layers":[["image",0,0]]', '"input_layers":[["image",0,0],["depth",0,0]]');
    expect((await read(declared)).inputs).toEqual(['image', 'depth']);
  });

  it.each([
    ['no kernel', {}],
    ['a stride of nothing', { pool_size: [2, 2], strides: [0, 0] }],
    ['half a stride', { pool_size: [2, 2], strides: [1.5, 2] }],
    ['a negative kernel', { pool_size: [-2, 2] }],
    ['text for numbers', { pool_size: ['2', '2'] }],
    ['too many axes', { pool_size: [2, 2, 2] }],
  ])('does not judge a window with %s', async (_, config) => {
    const graph = await read(functional([input, layer('pool', 'MaxPooling2D', ['image'], config)], 'pool'));
    expect(graph.layers).toMatchObject([{ operation: { kind: 'opaque', reason: expect.stringContaining('"pool"') } }]);
  });

  it('reads 60,000 layers within the time limit of a test, which work per pair of layers would break', async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => layer(`relu${index}`, 'ReLU', ['image']));
    expect((await read(functional([input, ...many], 'relu7'))).layers).toHaveLength(60_000);
  });

  const weights = [{ paths: ['w.bin'], weights: [{ name: 'x/kernel', shape: [4], dtype: 'float32' }] }];
  const cycle = [input, layer('a', 'ReLU', ['b']), layer('b', 'ReLU', ['a'])];
  it.each<[string, string, ReadonlyMap<string, Uint8Array>, string, RegExp]>([
    ['a text that ends early', functional([input, pool], 'pool').slice(0, -7), new Map(), 'truncated', /incomplete/],
    ['a broken text', '{"modelTopology": {,}}', new Map(), 'malformed', /no valid JSON/],
    [
      'a short shard',
      functional([input, pool], 'pool', weights),
      new Map([['w.bin', new Uint8Array(15)]]),
      'truncated',
      /15 bytes.*needs 16/,
    ],
    [
      'a shard elsewhere',
      functional([input, pool], 'pool', [{ paths: ['../w.bin'], weights: [] }]),
      new Map(),
      'outside-folder',
      /outside/,
    ],
    ['a cycle', functional(cycle, 'a'), new Map(), 'malformed', /cycle/],
    ['a layer that reads nothing known', functional([input, layer('a', 'ReLU', ['ghost'])], 'a'), new Map(), 'malformed', /"ghost"/],
    ['two layers of one name', functional([input, pool, pool], 'pool'), new Map(), 'malformed', /two layers are named "pool"/],
    [
      'inputs in the form of Keras 3',
      functional([input, { ...pool, inbound_nodes: [{ args: [] }] }], 'pool'),
      new Map(),
      'unsupported',
      /inputs of layer "pool"/,
    ],
    [
      'nesting without end',
      functional([input, pool], 'pool').replace('"format"', `"deep":${'['.repeat(100_000)}${']'.repeat(100_000)},"format"`),
      new Map(),
      'too-large',
      /has 501 levels of nesting in its JSON/,
    ],
    ['an output that no layer gives', functional([input, pool], 'ghost'), new Map(), 'malformed', /"ghost" as its output/],
    ['a model without layers', functional([], 'pool'), new Map(), 'malformed', /no layers/],
    ['a layer that is none', functional([input, 7 as never], 'pool'), new Map(), 'malformed', /layer 1 is no object/],
    ['a layer that reads itself', functional([input, layer('a', 'ReLU', ['a'])], 'a'), new Map(), 'malformed', /cycle through "a"/],
    [
      'a weight of a type unknown',
      functional([input, pool], 'pool', [{ paths: [], weights: [{ name: 'x', shape: [], dtype: '__proto__' }] }]),
      new Map(),
      'malformed',
      /unknown type "__proto__"/,
    ],
    [
      'a weight beyond measure',
      functional([input, pool], 'pool', [
        {
          paths: [],
          weights: [
            { name: 'x', shape: [2 ** 40, 2 ** 40, 0], dtype: 'float32' },
            { name: 'y', shape: [2 ** 40, 2 ** 40], dtype: 'float32' },
          ],
        },
      ]),
      new Map(),
      'malformed',
      /"y" an impossible size/,
    ],
    ['a manifest of another shape', functional([input, pool], 'pool', [{ paths: 'w.bin' }]), new Map(), 'malformed', /manifest/],
  ])('refuses %s with one clear error', async (_, text, files, code, message) => {
    const error: unknown = await tfjsLayersFormat.open(sourceOf({ text, files })).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect((error as ModelError).message).toContain('"model.json"');
  });

  it('survives names that mean something to JavaScript', async () => {
    const odd = layer('__proto__', 'MaxPooling2D', ['image'], { pool_size: [2, 2] });
    expect((await read(functional([input, odd], '__proto__'))).layers[0]?.name).toBe('__proto__');
  });
});

describe('locate', () => {
  const locate = (text: string, name: string) => locateLayers(text, [name]).get(name);

  it('finds the name property of the layer itself, not of one inside a nested model', () => {
    const nested = layer('outer', 'Model', ['image'], { layers: [{ name: 'pool', config: { name: 'pool' } }] });
    const text = JSON.stringify(JSON.parse(functional([input, nested, pool], 'pool')), null, 2);
    const range = locate(text, 'pool')!;
    expect(text.slice(range.offset, range.offset + range.length)).toBe('"name": "pool"');
    expect(range.offset).toBeGreaterThan(text.indexOf('"outer"'));
    expect(text.slice(0, range.offset).split('"class_name": "Model"')).toHaveLength(3);
    expect(locate(text, 'ghost')).toBeUndefined();
  });

  it('places every call of a shared layer at that layer', () => {
    const text = functional([input, { ...pool, inbound_nodes: [[['image', 0, 0, {}]], [['image', 0, 0, {}]]] }], 'pool');
    expect(locate(text, 'pool (call 2)')).toEqual(locate(text, 'pool'));
  });

  it('finds the layers of a sequential model, whose list may stand bare and whose name is in the configuration', () => {
    const text =
      '{"modelTopology": {"model_config": {"class_name": "Sequential", "config": [{"class_name": "ReLU", "config": {"name": "relu \\"1\\""}}]}}}';
    const range = locate(text, 'relu "1"')!;
    expect(text.slice(range.offset, range.offset + range.length)).toBe('"name": "relu \\"1\\""');
  });

  it('answers for texts in the middle of an edit', () => {
    expect(locate('{"modelTopology": {', 'pool')).toBeUndefined();
    expect(locate('['.repeat(100_000), 'pool')).toBeUndefined();
  });
});
