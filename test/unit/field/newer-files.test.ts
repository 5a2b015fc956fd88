import { describe, expect, it } from 'vitest';
import type { TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { readModel } from '../../../src/engine/input/read-model';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { model } from '../onnx/models';

const versioned = (irVersion: number, opset: number, activation = 'Relu'): ModelPayload => ({
  path: 'newer.onnx',
  folder: '.',
  overlay: {},
  bytes: model({
    irVersion,
    opsets: { '': opset, 'com.microsoft': 1 },
    nodes: [
      encodeNode({ name: 'act', opType: activation, inputs: ['x'], outputs: ['a'] }),
      encodeNode({
        name: 'pool',
        opType: 'MaxPool',
        inputs: ['a'],
        outputs: ['y'],
        attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
      }),
    ],
    inputs: [encodeValueInfo('x', 1, [1, 1, 4, 4])],
    outputs: [encodeValueInfo('y', 1, [1, 1, 2, 2])],
  }),
});

const ramp = { data: Float32Array.from({ length: 16 }, (_, index) => index - 8), dims: [1, 1, 4, 4] };

describe('files newer than the runtime', () => {
  it.each([
    [13, 26],
    [14, 26],
    [15, 26],
    [14, 27],
    [14, 28],
    [15, 29],
    [15, 99],
  ])('of version %i of the format and operator set %i run as what they are', async (irVersion, opset) => {
    const engine = await createOnnxEngine();
    const read = await readModel(versioned(irVersion, opset));
    const [output] = await engine.run(read, new Map([['x', ramp]]));
    expect([...output!.data]).toEqual([0, 0, 5, 7]);
    const plan = planMeasurement(read.graph);
    const circular = await engine.openCircular(read, plan);
    const fetched = new Map<string, Float32Array>();
    const feeds = new Map<string, TensorBatch>([['x', ramp]]);
    for (const [index, level] of plan.levels.entries()) {
      const given = new Map(level.feeds.map((name) => [name, feeds.get(name)!]));
      for (const [name, value] of await circular.runLevel(index, given)) {
        feeds.set(name, { data: value.data, dims: [...value.dims] });
        fetched.set(name, value.data);
      }
    }
    expect([...fetched.get('y')!]).toEqual([0, 0, 5, 7]);
    await circular.dispose();
    const said = engine.notesOfRun();
    expect(said).toEqual(
      opset <= 28
        ? []
        : [
            `"newer.onnx" is written with operator set ${opset}, which is newer than Shiftlint: it runs as one of operator set 26, whose operators of these names have not changed since set 14.`,
          ],
    );
    expect(engine.notesOfRun()).toEqual([]);
  });

  it('whose operator set nobody knows yet, and which may have changed an operator, are refused in one sentence that names both', async () => {
    const engine = await createOnnxEngine();
    const read = await readModel(versioned(14, 99, 'Mish'));
    const error: unknown = await engine.run(read, new Map([['x', ramp]])).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        /^"newer\.onnx" is written with operator set 99, whose Mish \("act"\) may be newer than that, but ONNX Runtime 1\.30 knows operator sets up to 26: [^.]*\.$/,
      ),
    });
  });

  it('whose operators are newer than the runtime are refused by the first of them', async () => {
    const engine = await createOnnxEngine();
    const read = await readModel(versioned(14, 28, 'Celu'));
    const plan = planMeasurement(read.graph);
    const circular = await engine.openCircular(read, plan);
    const error: unknown = await circular.runLevel(0, new Map([['x', ramp]])).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/operator set 28, whose Celu \("act"\) is newer than that/),
    });
    await circular.dispose();
  });
});
