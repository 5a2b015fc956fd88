import { encodeModel, encodeNode, encodeValueInfo } from '../src/core/formats/onnx/wire/write';

const float = 1;
const pool = { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } };

/** An ONNX file of `count` max-pools that read one tensor: everything that is asked of a tensor's readers is asked of all of them. */
export function poolsOnOneTensor(count: number): Uint8Array {
  const pools = Array.from({ length: count }, (_, index) => index);
  return encodeModel({
    irVersion: 8,
    opsets: { '': 17 },
    nodes: [
      encodeNode({ name: 'activation', opType: 'Relu', inputs: ['image'], outputs: ['map'] }),
      ...pools.map((index) =>
        encodeNode({ name: `pool${index}`, opType: 'MaxPool', inputs: ['map'], outputs: [`map${index}`], attributes: pool }),
      ),
    ],
    initializers: [],
    inputs: [encodeValueInfo('image', float, [1, 3, 32, 32])],
    outputs: pools.map((index) => encodeValueInfo(`map${index}`, float, [1, 3, 16, 16])),
  });
}

/** What the links of a chain are. */
export type ChainKind = 'activations' | 'pools';

/** An ONNX file of `count` nodes in a row, without a single finding or, since its image size is open, with one for each node. */
export function chainOfNodes(count: number, kind: ChainKind): Uint8Array {
  const nodes = Array.from({ length: count }, (_, index) => {
    const [inputs, outputs] = [[index === 0 ? 'image' : `map${index - 1}`], [`map${index}`]];
    return kind === 'activations'
      ? encodeNode({ name: `node${index}`, opType: 'Relu', inputs, outputs })
      : encodeNode({ name: `node${index}`, opType: 'MaxPool', inputs, outputs, attributes: pool });
  });
  const size = kind === 'activations' ? 224 : 'side';
  return encodeModel({
    irVersion: 8,
    opsets: { '': 17 },
    nodes,
    initializers: [],
    inputs: [encodeValueInfo('image', float, [1, 3, size, size])],
    outputs: [encodeValueInfo(`map${count - 1}`, float)],
  });
}
