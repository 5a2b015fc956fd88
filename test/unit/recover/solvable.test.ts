import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelSource } from '../../../src/core/formats/format';
import { openModel } from '../../../src/core/formats/registry';
import { encodeFloatTensor, encodeNode, encodeTensor, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import type { LinearWeights } from '../../../src/core/recover/linear-layer';
import { floatTensor, memorySource, model } from '../onnx/models';
import { bodyAttribute, encodeFunction, step } from '../onnx/nested-parts';
import { GraphBuilder, windowed } from '../tfjs-graph/graph-builder';
import { patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { saveModel } from '../tfjs-layers/memory-model';

/** Every layer with weights: that it is solved, or why it is not. */
async function solvable(source: ModelSource): Promise<Readonly<Record<string, string>>> {
  const { graph, linear } = await openModel(source);
  const found = graph.layers.map((layer) => [layer.name, linear(layer)] as const);
  return Object.fromEntries(found.flatMap(([name, answer]) => (answer ? [[name, 'reason' in answer ? answer.reason : 'solved']] : [])));
}

async function weightsOf(source: ModelSource, layer: string): Promise<LinearWeights> {
  const { graph, linear } = await openModel(source);
  const found = linear(graph.layers.find(({ name }) => name === layer)!);
  if (found === undefined || 'reason' in found) throw new Error(`${layer} is not solved`);
  return found.read();
}

/** Puts other weights into a layer of a TensorFlow.js model, and reads all of `layers` back. */
async function replaced(files: MemoryModel, layer: string, layers: readonly string[]): Promise<readonly LinearWeights[]> {
  const old = await weightsOf(sourceOf(files), layer);
  const change = await (
    await openModel(sourceOf(files))
  ).replaceWeights(new Map([[layer, { weights: old.weights.map((value) => value + 1), bias: undefined }]]));
  if (change.kind !== 'text') throw new Error('A TensorFlow.js model is changed as text.');
  const changed = sourceOf(patched(files, { ...change, outcomes: [] }));
  return Promise.all(layers.map((name) => weightsOf(changed, name)));
}

/** Stores a weight of a file as 8-bit numbers. */
function quantized({ text, files }: MemoryModel, weight: string): MemoryModel {
  const json = JSON.parse(text) as { weightsManifest: { weights: { name: string; shape: number[]; quantization?: object }[] }[] };
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const entry of json.weightsManifest[0]!.weights) {
    const count = entry.shape.reduce((product, length) => product * length, 1);
    const bytes = files.get('weights.bin')!.subarray(offset, offset + 4 * count);
    offset += 4 * count;
    parts.push(entry.name === weight ? Uint8Array.from({ length: count }, (_, place) => (37 * place) % 256) : bytes);
    if (entry.name === weight) entry.quantization = { dtype: 'uint8', scale: 0.01, min: -1 };
  }
  return { text: JSON.stringify(json), files: new Map([['weights.bin', Buffer.concat(parts)]]) };
}

const shared = 'its weights serve other layers too';

describe('of an ONNX model', () => {
  const image = encodeValueInfo('x', 1, [1, 4, 8, 8]);
  const parts = { inputs: [image], outputs: [encodeValueInfo('y', 1)], opsets: { '': 17, mine: 1 } };
  const conv = (name: string, inputs: string, output: string) => step('Conv', inputs, output, { name });

  it('weights that are quantised or computed keep what they are', async () => {
    const scale = encodeFloatTensor('scale', [], [0.01]);
    const bytes = encodeTensor({ name: 'q', dims: [4, 4, 1, 1], dataType: 3, rawData: Uint8Array.from({ length: 16 }, (_, at) => at) });
    const nodes = [
      encodeNode({ name: 'unpack', opType: 'DequantizeLinear', inputs: ['q', 'scale'], outputs: ['w'] }),
      conv('quantized', 'x w', 'a'),
      conv('plain', 'a v', 'y'),
    ];
    expect(
      await solvable(memorySource(model({ ...parts, nodes, initializers: [scale, bytes, floatTensor('v', [4, 4, 1, 1], 1)] }))),
    ).toEqual({ quantized: 'its weights are computed when the model runs, as quantised ones are', plain: 'solved' });
  });

  it('weights that another node reads, be it inside a branch, are left alone', async () => {
    const branch = (name: string, node: Uint8Array) => bodyAttribute(name, { nodes: [node], outputs: [encodeValueInfo('inner', 1)] });
    const nodes = [
      step('ReduceMax', 'x', 'most', { attributes: { keepdims: { int: 0 } } }),
      step('Cast', 'most', 'condition', { attributes: { to: { int: 9 } } }),
      conv('first', 'x w', 'a'),
      conv('second', 'a v', 'b'),
      step('If', 'condition', 'y', {
        name: 'choice',
        verbatimAttributes: [branch('then_branch', conv('conv', 'b w', 'inner')), branch('else_branch', step('Relu', 'b', 'inner'))],
      }),
    ];
    const initializers = [floatTensor('w', [4, 4, 1, 1], 1), floatTensor('v', [4, 4, 1, 1], 2)];
    expect(await solvable(memorySource(model({ ...parts, nodes, initializers })))).toEqual({
      first: shared,
      second: 'solved',
      'choice/then_branch/conv': 'it stands inside a branch of If "choice", where Shiftlint does not rewrite',
    });
  });

  it('layers inside functions keep their weights, and say where they stand', async () => {
    const functions = [encodeFunction({ name: 'Block', inputs: ['a', 'w'], outputs: ['b'], nodes: [conv('conv', 'a w', 'b')] })];
    const nodes = [step('Block', 'x w', 'a', { name: 'block', domain: 'mine' }), conv('plain', 'a v', 'y')];
    const initializers = [floatTensor('w', [4, 4, 1, 1], 1), floatTensor('v', [4, 4, 1, 1], 2)];
    const found = await solvable(memorySource(model({ ...parts, nodes, initializers, functions })));
    expect(found).toEqual({ 'block/conv': expect.stringContaining('function') as string, plain: 'solved' });
  });
});

describe('of a layers-model', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const conv = (name: string) => tf.layers.conv2d({ name, filters: 2, kernelSize: 3, padding: 'same', biasInitializer: 'randomNormal' });
  const through = (input: tf.SymbolicTensor, ...layers: readonly tf.layers.Layer[]) =>
    layers.reduce((tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor, input);
  const block = (name: string) => {
    const map = tf.input({ shape: [8, 8, 2], name: `${name}_input` });
    return tf.model({ name, inputs: map, outputs: through(map, conv(`${name}_conv`)) }) as unknown as tf.layers.Layer;
  };

  it('nested layers are solved in their place, shared ones and those of shared models are not', async () => {
    const image = tf.input({ shape: [8, 8, 2], name: 'image' });
    const [twice, called] = [conv('twice'), block('called')];
    const outputs = through(image, twice, twice, block('once'), called, called, conv('last'));
    const files = await saveModel(tf.model({ inputs: image, outputs }));
    expect(await solvable(sourceOf(files))).toEqual({
      twice: 'it is shared by 2 calls',
      'twice (call 2)': 'it is shared by 2 calls',
      'once/once_conv': 'solved',
      'called/called_conv': 'it is shared by 2 calls',
      'called/called_conv (call 2)': 'it is shared by 2 calls',
      last: 'solved',
    });
    const before = await Promise.all(['once/once_conv', 'last'].map((name) => weightsOf(sourceOf(files), name)));
    const [nested, last] = await replaced(files, 'once/once_conv', ['once/once_conv', 'last']);
    expect(nested!.weights).toEqual(before[0]!.weights.map((value) => value + 1));
    expect(last).toEqual(before[1]);
  });

  it('quantised weights become numbers where they are solved, and stay as they are elsewhere', async () => {
    const image = tf.input({ shape: [8, 8, 2], name: 'image' });
    const plain = await saveModel(tf.model({ inputs: image, outputs: through(image, conv('one'), conv('two')) }));
    const files = quantized(quantized(plain, 'one/kernel'), 'two/kernel');
    const [old, other] = await Promise.all(['one', 'two'].map((name) => weightsOf(sourceOf(files), name)));
    expect(old!.weights.slice(0, 2)).toEqual(Float32Array.of(-1, 0.01 * ((37 * 4) % 256) - 1));
    const [one, two] = await replaced(files, 'one', ['one', 'two']);
    expect(one!.weights).toEqual(old!.weights.map((value) => value + 1));
    expect(two).toEqual(other);
  });
});

describe('of a graph-model', () => {
  it('quantised weights become numbers where they are solved; shared ones and those in branches are left alone', async () => {
    const builder = new GraphBuilder();
    const window = windowed([1, 1], 'SAME');
    const kernel = (name: string) => builder.weight(name, [3, 3, 2, 2]);
    const image = builder.input([1, 8, 8, 2]);
    builder.op('Conv2D', 'plain', [image, kernel('own')], window);
    const both = kernel('both');
    builder.op('Conv2D', 'left', ['plain', both], window);
    builder.op('Conv2D', 'right', ['left', both], window);
    const when = builder.constant('when', [], [1]);
    builder.op('Switch', 'switch', ['right', when]);
    builder.op('Conv2D', 'inside', ['switch:1', kernel('inner')], window);
    builder.op('Merge', 'y', ['inside', 'switch']);
    const files = quantized(builder.model(['y']), 'own');
    expect(await solvable(sourceOf(files))).toEqual({
      plain: 'solved',
      left: 'its weights are computed when the model runs, or serve other layers too',
      right: 'its weights are computed when the model runs, or serve other layers too',
      inside: 'it stands in a branch or loop that runs only at times',
    });
    const old = await weightsOf(sourceOf(files), 'plain');
    expect(old.weights[0]).toBeCloseTo(-1, 6);
    const [plain] = await replaced(files, 'plain', ['plain']);
    expect(plain!.weights).toEqual(old.weights.map((value) => value + 1));
  });
});
