import type { LayersModel, layers as tfLayers } from '@tensorflow/tfjs';
import { encodeFloatTensor, encodeModel, encodeNode, encodeValueInfo, type NodeParts } from '../../src/core/formats/onnx/wire/write';
import { classNames, side } from './shapes';

/** Element type float32 in ONNX. */
const float32 = 1;

/** Writes the trained network as ONNX (opset 17, channels first, open batch) with the same weights. */
export function exportOnnx(model: LayersModel): Uint8Array {
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  let tensor = 'input';
  const node = (layer: string, opType: string, weights: readonly string[], attributes: NodeParts['attributes'] = {}): void => {
    const output = layer === 'probabilities' && opType === 'Softmax' ? 'probabilities' : `/${layer}/${opType}_output_0`;
    nodes.push(encodeNode({ name: `/${layer}/${opType}`, opType, inputs: [tensor, ...weights], outputs: [output], attributes }));
    tensor = output;
  };
  const weight = (name: string, dims: readonly number[], values: readonly number[]): string => {
    initializers.push(encodeFloatTensor(name, dims, values));
    return name;
  };
  for (const layer of model.layers) {
    const { name } = layer;
    const [first = [], ...others] = layer.getWeights().map((value) => [...value.dataSync()]);
    switch (layer.getClassName()) {
      case 'Conv2D': {
        const [height = 0, width = 0, inputs = 0, outputs = 0] = layer.getWeights()[0]?.shape ?? [];
        const strides = (layer.getConfig() as unknown as { strides: number[] }).strides;
        const begin = strides[0] === 2 ? 0 : 1;
        node(
          name,
          'Conv',
          [weight(`${name}.weight`, [outputs, inputs, height, width], channelsFirst(first, height * width, inputs, outputs))],
          {
            kernel_shape: { ints: [height, width] },
            strides: { ints: strides },
            // TensorFlow's SAME on an even map: 1 + 1 at stride 1, 0 + 1 at stride 2.
            pads: { ints: [begin, begin, 1, 1] },
          },
        );
        break;
      }
      case 'BatchNormalization':
        node(
          name,
          'BatchNormalization',
          ['weight', 'bias', 'running_mean', 'running_var'].map((part, index) => {
            const values = [first, ...others][index] ?? [];
            return weight(`${name}.${part}`, [values.length], values);
          }),
          { epsilon: { float: (layer.getConfig() as unknown as { epsilon: number }).epsilon } },
        );
        break;
      case 'ReLU':
        node(name, 'Relu', []);
        break;
      case 'MaxPooling2D':
        node(name, 'MaxPool', [], { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } });
        break;
      case 'GlobalAveragePooling2D':
        node(name, 'GlobalAveragePool', []);
        node(name, 'Flatten', []);
        break;
      case 'Dense':
        node(name, 'Gemm', [
          weight(`${name}.weight`, layer.getWeights()[0]?.shape ?? [], first),
          weight(`${name}.bias`, [classNames.length], others[0] ?? []),
        ]);
        node(name, 'Softmax', [], { axis: { int: 1 } });
        break;
      case 'InputLayer':
        break;
      default:
        throw new Error(`The exporter does not know ${layerClass(layer)} "${name}".`);
    }
  }
  return encodeModel({
    irVersion: 8,
    producerName: 'shiftlint-samples',
    opsets: { '': 17 },
    graphName: 'shapes',
    nodes,
    initializers,
    inputs: [encodeValueInfo('input', float32, ['N', 3, side, side])],
    outputs: [encodeValueInfo('probabilities', float32, ['N', classNames.length])],
  });
}

function layerClass(layer: tfLayers.Layer): string {
  return layer.getClassName();
}

/** `[positions, inputs, outputs]` to `[outputs, inputs, positions]`. */
function channelsFirst(values: readonly number[], positions: number, inputs: number, outputs: number): number[] {
  const result: number[] = [];
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      for (let position = 0; position < positions; position++) result.push(values[(position * inputs + input) * outputs + output] ?? 0);
  return result;
}
