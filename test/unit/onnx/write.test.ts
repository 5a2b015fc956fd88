import { expect, it } from 'vitest';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { packedValues } from '../../../src/core/formats/onnx/wire/tensor-values';
import {
  encodeFloatTensor,
  encodeIntegerTensor,
  encodeModel,
  encodeNode,
  encodeValueInfo,
} from '../../../src/core/formats/onnx/wire/write';

it('writes a file that reads as what it was made of, whole numbers of any size included', () => {
  const numbers = [0, 1, -1, 7, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  const bytes = encodeModel({
    irVersion: 8,
    producerName: 'shiftlint',
    graphName: 'named',
    opsets: { '': 17, 'com.microsoft': 1 },
    nodes: [encodeNode({ opType: 'Relu', inputs: ['x'], outputs: ['y'] }), encodeNode({ opType: 'Abs', inputs: ['y'], outputs: ['z'] })],
    initializers: [encodeIntegerTensor('whole', [numbers.length], numbers), encodeFloatTensor('parts', [2], [0.5, -3])],
    inputs: [encodeValueInfo('x', undefined, ['batch', 2])],
    outputs: [encodeValueInfo('z')],
    metadata: { key: 'value' },
  });
  const { graph, irVersion, opsetVersion } = decodeModel(bytes, 'written.onnx');
  expect([irVersion, opsetVersion]).toEqual([8, 17]);
  expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Relu', 'Abs']);
  expect([graph.inputs[0]?.name, graph.outputs[0]?.name]).toEqual(['x', 'z']);
  const [whole, parts] = graph.initializers.map((tensor) => new DataView(Uint8Array.from(packedValues(tensor)!).buffer));
  expect(numbers.map((_, index) => whole!.getBigInt64(8 * index, true))).toEqual(numbers.map(BigInt));
  expect([parts!.getFloat32(0, true), parts!.getFloat32(4, true)]).toEqual([0.5, -3]);
});
