import { expect, test } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { singleNodeModel } from './models';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const model = singleNodeModel({ opType: 'Relu', input: [1, 3, 8, 8] });

test.each<[string, Uint8Array]>([
  ['an empty file', new Uint8Array(0)],
  ['plain text', text('This is not a model.\n')],
  ['JSON', text('{"modelTopology": {}}')],
  ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13)],
  ['a zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0)],
  ['a TensorFlow SavedModel, whose tags are the same', Uint8Array.of(8, 1, 0x12, 6, 0x0a, 4, 0x0a, 0, 0x12, 0)],
  ['zeros', new Uint8Array(64)],
  ['an IR version nobody has written', Uint8Array.of(8, 0xff, 0x7f, 0x12, 1, 0x41)],
  ['a varint without an end', new Uint8Array(64).fill(0xff)],
])('%s is not taken for ONNX', (_, bytes) => {
  expect(onnxFormat.detect(bytes)).toBe(false);
});

test('a model is recognised, cut off anywhere behind its IR version too', () => {
  const unrecognised = Array.from({ length: model.length - 2 }, (_, cut) => model.length - cut).filter(
    (length) => length > 2 && !onnxFormat.detect(model.subarray(0, length)),
  );
  expect(unrecognised).toEqual([]);
});
