import { describe, expect, it } from 'vitest';
import type { TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { runtimeError } from '../../../src/engine/runtimes/tfjs/runtime-error';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { readModel } from '../../../src/engine/input/read-model';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { flag, float, GraphBuilder } from '../tfjs-graph/graph-builder';

/** As a message calls it. */
const layer = { name: 'node', label: 'model/conv', op: 'Conv2D' };

describe('an error of TensorFlow.js becomes one sentence', () => {
  it.each([
    [
      new Error('Error in matMul: inner shapes (3) and (4) of Tensors with shapes 1,3 and 4,5 must match.\n    at util.assert'),
      'Error in matMul: inner shapes (3) and (4) of Tensors with shapes 1,3 and 4,5 must match',
    ],
    [new Error('Invalid TF_Status: 3\nMessage: Incompatible shapes: [1,2,2,3] vs. [1,4]'), 'Incompatible shapes: [1,2,2,3] vs. [1,4]'],
    [new TypeError('Custom op Odd is not registered.'), 'Custom op Odd is not registered'],
    [new Error('Unknown layer: Odd. This may be due to one of the following reasons:\n1. Python'), 'Unknown layer: Odd'],
    [new TypeError("Cannot read properties of undefined (reading 'shape')"), 'it failed without saying why'],
    [new TypeError('this.backend.conv is not a function'), 'it failed without saying why'],
    [new WebAssembly.RuntimeError('memory access out of bounds'), 'it has not enough memory'],
    [new Error(''), 'it failed without saying why'],
    ['Error: no such kernel', 'no such kernel'],
  ])('%s', (error, cause) => {
    expect(runtimeError('m/model.json', layer, error).message).toBe(
      `TensorFlow.js cannot run layer "model/conv" (Conv2D) of "m/model.json": ${cause}.`,
    );
    expect(runtimeError('m/model.json', undefined, error).message).toBe(`TensorFlow.js cannot run "m/model.json": ${cause}.`);
  });
});

const ramp: TensorBatch = { data: Float32Array.from({ length: 16 }, (_, index) => index), dims: [1, 4, 4, 1] };

/** A graph-model whose product does not fit: three layers run, then one fails, then one would. */
function unfitting(): ModelPayload {
  const builder = new GraphBuilder();
  const image = builder.input([1, 4, 4, 1]);
  const prefix = 'StatefulPartitionedCall/model';
  const half = builder.op('Neg', `${prefix}/first/Neg`, [builder.op('Relu', `${prefix}/zeroth/Relu`, [image])]);
  const weights = builder.constant('weights', [3, 3], new Array<number>(9).fill(1), 'float32');
  const flat = builder.op('Reshape', `${prefix}/flat/Reshape`, [half, builder.constant('shape', [2], [1, 16])]);
  const product = builder.op('MatMul', `${prefix}/dense/MatMul`, [flat, weights], {
    transpose_a: flag(false),
    transpose_b: flag(false),
    T: float,
  });
  builder.op('Neg', 'y', [product]);
  const { text, files } = builder.model(['y']);
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}

describe('a model of TensorFlow.js that fails as it runs', () => {
  it('names the node of a graph-model by its layer', async () => {
    const engine = await createTfjsEngine();
    const error: unknown = await engine.run(await readModel(unfitting()), new Map([['image', ramp]])).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/^TensorFlow\.js cannot run layer "model\/dense" \(MatMul\) of "model\.json": [^\n]*\.$/),
    });
  });

  it('names the layer of a layers-model, in a measurement and as a whole', async () => {
    const layers = [
      { class_name: 'InputLayer', config: { name: 'image', batch_input_shape: [null, 4, 4, 1] } },
      { class_name: 'Activation', config: { name: 'act', activation: 'relu' } },
      { class_name: 'Activation', config: { name: 'broken', activation: 'relu' } },
    ];
    const config = { name: 'model', layers: layers.map((each) => ({ ...each, name: each.config.name })) };
    const text = JSON.stringify({ modelTopology: { class_name: 'Sequential', config }, weightsManifest: [] });
    const payload: ModelPayload = { path: 'odd/model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: {} };
    const read = await readModel(payload);
    const tf = await import('@tensorflow/tfjs');
    const engine = await createTfjsEngine();
    const expected = /^TensorFlow\.js cannot run layer "broken" \(Activation\) of "odd\/model\.json": no such kernel\.$/;
    const call = tf.layers.activation({ activation: 'relu' }).constructor.prototype as { call: (...given: unknown[]) => unknown };
    const own = call.call;
    call.call = function (this: { name: string }, ...given: unknown[]): unknown {
      if (this.name === 'broken') throw new Error('no such kernel. Try another.');
      return own.apply(this, given);
    };
    try {
      await expect(engine.run(read, new Map([['image', ramp]]))).rejects.toThrow(expected);
      const plan = planMeasurement(read.graph);
      const circular = await engine.openCircular(read, plan);
      await expect(circular.runLevel(0, new Map([[plan.input.images[0]!.tensor, ramp]]))).rejects.toThrow(expected);
      await circular.dispose();
    } finally {
      call.call = own;
    }
  });
});
