import {
  encodeFloatTensor,
  encodeModel,
  encodeNode,
  encodeTensor,
  encodeValueInfo,
  type AttributeValue,
} from '../../src/core/formats/onnx/wire/write';
import { oddNumbers, oddTexts, type Random } from './random';

const operators = [
  'Conv',
  'MaxPool',
  'AveragePool',
  'Relu',
  'BatchNormalization',
  'Add',
  'Concat',
  'Reshape',
  'Transpose',
  'Slice',
  'Resize',
  'Upsample',
  'Pad',
  'Flatten',
  'Gemm',
  'MatMul',
  'Shape',
  'Gather',
  'Unsqueeze',
  'Squeeze',
  'Split',
  'Clip',
  'Softmax',
  'GlobalAveragePool',
  'ConvTranspose',
  'DepthToSpace',
  'SpaceToDepth',
  'Constant',
  'ConstantOfShape',
  'Expand',
  'Tile',
  'Where',
  'Cast',
  'Range',
  'ReduceMean',
  'Identity',
  'Einsum',
  'LpPool',
  'QuantizeLinear',
  'DequantizeLinear',
  'QLinearConv',
  'ConvInteger',
  'GroupNormalization',
  'Sigmoid',
  'Mul',
  'Div',
  'Sub',
  'Unknown',
] as const;
const lists = ['kernel_shape', 'strides', 'pads', 'dilations', 'axes', 'perm', 'shape', 'split', 'output_padding', 'output_shape'] as const;
const numbers = ['group', 'axis', 'ceil_mode', 'count_include_pad', 'blocksize', 'keepdims', 'allowzero', 'to', 'storage_order'] as const;

/** A model of random operators on tensors that may or may not suit them. */
export function randomOnnx(random: Random): Uint8Array {
  const length = (): number =>
    random.chance(0.05) ? Math.trunc(random.pick(oddNumbers.filter(Number.isSafeInteger))) : random.below(5) + (random.chance(0.1) ? 0 : 1);
  const dims = (): number[] => Array.from({ length: random.chance(0.03) ? random.below(80) : 1 + random.below(5) }, length);
  const tensors = ['x'];
  const initializers = Array.from({ length: 3 + random.below(6) }, (_, index) => {
    const name = `w${index}`;
    tensors.push(name);
    const shape = Array.from({ length: random.below(5) }, () => 1 + random.below(4));
    const count = shape.reduce((product, one) => product * one, 1);
    if (random.chance(0.4))
      return encodeFloatTensor(
        name,
        shape,
        Array.from({ length: count }, () => random.next() - 0.5),
      );
    const raw = new BigInt64Array(Array.from({ length: count }, () => BigInt(random.below(6) - 1)));
    return encodeTensor({ name, dims: shape, dataType: 7, rawData: new Uint8Array(raw.buffer) });
  });
  const nodes = Array.from({ length: 1 + random.below(random.chance(0.02) ? 400 : 12) }, (_, index) => {
    const inputs = Array.from({ length: random.below(4) + (random.chance(0.1) ? 0 : 1) }, (_none, place) =>
      place === 0 && random.chance(0.7) ? (tensors.at(-1) ?? 'x') : random.chance(0.03) ? random.pick(oddTexts) : random.pick(tensors),
    );
    const outputs = Array.from({ length: random.chance(0.1) ? random.below(4) : 1 }, (_none, place) =>
      random.chance(0.02) ? random.pick(tensors) : `t${index}_${place}`,
    );
    tensors.push(...outputs);
    const attributes: Record<string, AttributeValue> = {};
    for (const name of lists) if (random.chance(0.4)) attributes[name] = { ints: random.chance(0.5) ? [2, 2] : dims() };
    for (const name of numbers) if (random.chance(0.2)) attributes[name] = { int: length() };
    if (random.chance(0.1)) attributes['auto_pad'] = { text: random.pick(['SAME_UPPER', 'SAME_LOWER', 'VALID', 'NOTSET', 'x']) };
    if (random.chance(0.1)) attributes['equation'] = { text: random.pick(['ij,jk->ik', 'bchw->b', '...', '->', 'aa,']) };
    return encodeNode({
      opType: random.pick(operators),
      inputs,
      outputs,
      attributes,
      ...(random.chance(0.7) && { name: random.chance(0.05) ? random.pick(oddTexts) : `n${index}` }),
    });
  });
  return encodeModel({
    irVersion: 8,
    producerName: 'fuzz',
    opsets: { '': random.pick([1, 9, 10, 11, 13, 17, 18, 21]) },
    nodes,
    initializers,
    inputs: [
      encodeValueInfo(
        'x',
        1,
        random.chance(0.7) ? [1, 3, 8 + random.below(20), 8 + random.below(20)] : dims().map((one) => (random.chance(0.2) ? 'n' : one)),
      ),
    ],
    outputs: [encodeValueInfo(random.pick(tensors))],
  });
}
