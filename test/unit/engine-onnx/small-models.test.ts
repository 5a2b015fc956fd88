import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { wrapIndex } from '../../../src/core/graph/circle';
import { circularWrap } from '../../../src/core/formats/onnx/level/circular-wrap';
import {
  encodeFloatTensor,
  encodeIntegerTensor,
  encodeModel,
  encodeNode,
  encodeValueInfo,
  type ModelParts,
} from '../../../src/core/formats/onnx/wire/write';
import { elementType } from '../../../src/core/formats/onnx/wire/schema';
import { randomNumbers } from '../equivariance/brute-force';
import { inMemory, measureOnnx } from './measuring';
import { largestDifference } from './oracle';

function model(opset: number, size: readonly [number, number], parts: Pick<ModelParts, 'nodes' | 'initializers'>): Uint8Array {
  return encodeModel({
    irVersion: opset < 9 ? 3 : 8,
    opsets: { '': opset },
    inputs: [encodeValueInfo('image', elementType.float, [null, 1, ...size])],
    outputs: [encodeValueInfo('result')],
    initializers: [],
    ...parts,
  });
}

describe('circular padding by Slice and Concat', () => {
  const size = [3, 4] as const;
  const data = Float32Array.from({ length: 12 }, (_, index) => index);
  const cases = [
    { name: 'symmetric', begin: [1, 1], end: [1, 1] },
    { name: 'one side', begin: [0, 2], end: [1, 0] },
    { name: 'crop', begin: [-1, 0], end: [0, -1] },
    { name: 'wider than the map', begin: [7, 5], end: [4, 9] },
    { name: 'crop and wrap', begin: [-2, 1], end: [3, -2] },
    { name: 'nothing', begin: [0, 0], end: [0, 0] },
  ] as const;
  test.each(cases.flatMap((entry) => [9, 17].map((opset) => ({ ...entry, opset }))))(
    '$name, operator set $opset',
    async ({ begin, end, opset }) => {
      const wrap = circularWrap({ tensor: 'image', size, padding: { begin, end }, opset, isSignal: false, prefix: 'wrap' });
      const result = encodeNode({ opType: 'Identity', inputs: [wrap.output], outputs: ['result'] });
      const session = await InferenceSession.create(
        model(opset, size, { nodes: [...wrap.nodes, result], initializers: wrap.initializers }),
      );
      const output = (await session.run({ image: new Tensor('float32', data, [1, 1, ...size]) }))['result']!;
      const [height, width] = [size[0] + begin[0] + end[0], size[1] + begin[1] + end[1]];
      const expected = Array.from({ length: height * width }, (_, index) => {
        const y = wrapIndex(Math.floor(index / width) - begin[0], size[0]);
        return data[y * size[1] + wrapIndex((index % width) - begin[1], size[1])];
      });
      expect(output.dims).toEqual([1, 1, height, width]);
      expect([...(output.data as Float32Array)]).toEqual(expected);
      await session.release();
    },
  );
});

test('a level that fixes its batch is run image by image, with the same result', async () => {
  const image = { data: randomNumbers(64, 3), dims: [1, 1, 8, 8] };
  const pool = encodeNode({
    name: 'pool',
    opType: 'MaxPool',
    inputs: ['image'],
    outputs: ['map'],
    attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
  });
  const weight = encodeFloatTensor('weight', [16, 3], [...randomNumbers(48, 4)]);
  const dense = encodeNode({ name: 'dense', opType: 'MatMul', inputs: ['flat', 'weight'], outputs: ['result'] });
  const flatten = encodeNode({ name: 'flatten', opType: 'Flatten', inputs: ['map'], outputs: ['flat'] });
  const reshape = encodeNode({ name: 'reshape', opType: 'Reshape', inputs: ['map', 'shape'], outputs: ['flat'] });
  const shape = encodeIntegerTensor('shape', [2], [1, 16]);
  const outputs = [];
  for (const parts of [
    { nodes: [pool, flatten, dense], initializers: [weight] },
    { nodes: [pool, reshape, dense], initializers: [weight, shape] },
  ]) {
    const measurement = await measureOnnx(inMemory(model(13, [8, 8], parts)), image);
    const { output } = measurement!;
    if ('reason' in output) throw new Error(output.reason);
    outputs.push(output);
  }
  const [batched, single] = outputs;
  expect(batched!.period).toEqual([8, 8]);
  expect(largestDifference(single!.tile, batched!.tile)).toBeLessThan(1e-6);
});
