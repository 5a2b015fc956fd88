import type { LayersModel, layers as tfLayers } from '@tensorflow/tfjs';
import { encodeFloatTensor, encodeModel, encodeNode, encodeValueInfo, type NodeParts } from '../../src/core/formats/onnx/wire/write';
import { classNames, side } from './shapes';

/** Element type float32 in ONNX. */
const float32 = 1;

/** Operators of activations by what TensorFlow.js calls them; `linear` is none. */
const activations: ReadonlyMap<string, string> = new Map([
  ['relu', 'Relu'],
  ['sigmoid', 'Sigmoid'],
  ['softmax', 'Softmax'],
]);

/** Options of the layers that the exporter reads. */
interface LayerConfig {
  readonly strides?: readonly number[];
  readonly poolSize?: readonly number[];
  readonly epsilon?: number;
  /** The class of the activation, or its name. */
  readonly activation?: string;
}

/** Writes a trained network as ONNX (opset 17, channels first, open batch) with the same weights. */
export function exportOnnx(model: LayersModel): Uint8Array {
  return new OnnxExport(model).finish();
}

/** Layers become nodes one by one, in the order in which they run; every layer is called once. */
class OnnxExport {
  private readonly nodes: Uint8Array[] = [];
  private readonly initializers: Uint8Array[] = [];
  /** What each layer gives. */
  private readonly tensors = new Map<tfLayers.Layer, string>();

  constructor(private readonly model: LayersModel) {}

  finish(): Uint8Array {
    for (const layer of this.model.layers) this.add(layer);
    return encodeModel({
      irVersion: 8,
      producerName: 'shiftlint-samples',
      opsets: { '': 17 },
      graphName: this.model.name,
      nodes: this.nodes,
      initializers: this.initializers,
      inputs: [encodeValueInfo('input', float32, ['N', 3, side, side])],
      outputs: [encodeValueInfo('probabilities', float32, ['N', classNames.length])],
    });
  }

  private add(layer: tfLayers.Layer): void {
    const config = layer.getConfig() as unknown as LayerConfig;
    switch (layer.getClassName()) {
      case 'InputLayer':
        this.tensors.set(layer, 'input');
        return;
      case 'Conv2D':
      case 'DepthwiseConv2D':
        this.convolution(layer, config);
        return;
      case 'BatchNormalization':
        this.node(layer, 'BatchNormalization', this.vectors(layer, ['weight', 'bias', 'running_mean', 'running_var']), {
          epsilon: { float: config.epsilon ?? 0 },
        });
        return;
      case 'ReLU':
        this.node(layer, 'Relu');
        return;
      case 'Add':
        this.node(layer, 'Add');
        return;
      case 'Multiply':
        this.node(layer, 'Mul');
        return;
      case 'MaxPooling2D':
        this.node(layer, 'MaxPool', [], { kernel_shape: { ints: config.poolSize ?? [] }, strides: { ints: config.strides ?? [] } });
        return;
      case 'GlobalAveragePooling2D':
        this.node(layer, 'GlobalAveragePool');
        if (!isReadAsMap(layer)) this.node(layer, 'Flatten');
        return;
      case 'Reshape':
        // Means of channels become a map of one position, which is what GlobalAveragePool gives.
        this.tensors.set(layer, this.tensorsRead(layer)[0] ?? '');
        return;
      case 'Dense':
        this.node(layer, 'Gemm', [this.weight(`${layer.name}.weight`, ...kernelOf(layer)), ...this.vectors(layer, ['bias'], 1)]);
        this.activation(layer, config);
        return;
      default:
        throw new Error(`The exporter does not know ${layer.getClassName()} "${layer.name}".`);
    }
  }

  private convolution(layer: tfLayers.Layer, config: LayerConfig): void {
    const [dims, values] = kernelOf(layer);
    const [height = 0, width = 0, inputs = 0, outputs = 0] = dims;
    const strides = config.strides ?? [];
    const pads = [height, width].map((length, axis) => samePadding(length, strides[axis] ?? 1));
    const isDepthwise = layer.getClassName() === 'DepthwiseConv2D';
    const weight = isDepthwise
      ? this.weight(`${layer.name}.weight`, [inputs, 1, height, width], channelsFirst(values, height * width, 1, inputs))
      : this.weight(`${layer.name}.weight`, [outputs, inputs, height, width], channelsFirst(values, height * width, inputs, outputs));
    this.node(layer, 'Conv', [weight, ...this.vectors(layer, layer.getWeights().length > 1 ? ['bias'] : [], 1)], {
      kernel_shape: { ints: [height, width] },
      strides: { ints: strides },
      pads: { ints: [...pads.map(([begin]) => begin), ...pads.map(([, end]) => end)] },
      ...(isDepthwise && { group: { int: inputs } }),
    });
    this.activation(layer, config);
  }

  private activation(layer: tfLayers.Layer, { activation = 'linear' }: LayerConfig): void {
    if (activation === 'linear') return;
    const opType = activations.get(activation);
    if (opType === undefined) throw new Error(`The exporter does not know the activation ${activation} of "${layer.name}".`);
    this.node(layer, opType, [], opType === 'Softmax' ? { axis: { int: 1 } } : {});
  }

  /** Adds a node that reads what the layer's earlier nodes gave, else what the layer reads. */
  private node(layer: tfLayers.Layer, opType: string, weights: readonly string[] = [], attributes: NodeParts['attributes'] = {}): void {
    const isAnswer = opType === 'Softmax' && this.model.layers.at(-1) === layer;
    const output = isAnswer ? 'probabilities' : `/${layer.name}/${opType}_output_0`;
    const before = this.tensors.get(layer);
    const read = before === undefined ? this.tensorsRead(layer) : [before];
    this.nodes.push(encodeNode({ name: `/${layer.name}/${opType}`, opType, inputs: [...read, ...weights], outputs: [output], attributes }));
    this.tensors.set(layer, output);
  }

  private tensorsRead(layer: tfLayers.Layer): readonly string[] {
    const layers = layer.inboundNodes[0]?.inboundLayers ?? [];
    return layers.map((read) => this.tensors.get(read) ?? '');
  }

  private weight(name: string, dims: readonly number[], values: readonly number[]): string {
    this.initializers.push(encodeFloatTensor(name, dims, values));
    return name;
  }

  /** Adds weights of one axis, the first of them at place `from` among the layer's. */
  private vectors(layer: tfLayers.Layer, parts: readonly string[], from = 0): readonly string[] {
    return parts.map((part, index) => {
      const values = [...(layer.getWeights()[from + index]?.dataSync() ?? [])];
      return this.weight(`${layer.name}.${part}`, [values.length], values);
    });
  }
}

function isReadAsMap(layer: tfLayers.Layer): boolean {
  return layer.outboundNodes.some(({ outboundLayer }) => outboundLayer.getClassName() === 'Reshape');
}

function kernelOf(layer: tfLayers.Layer): readonly [readonly number[], readonly number[]] {
  const kernel = layer.getWeights()[0];
  return [kernel?.shape ?? [], [...(kernel?.dataSync() ?? [])]];
}

/** TensorFlow's SAME on a map that the stride divides: before and behind. */
function samePadding(kernel: number, stride: number): readonly [number, number] {
  const total = Math.max(0, kernel - stride);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** `[positions, inputs, outputs]` to `[outputs, inputs, positions]`. */
function channelsFirst(values: readonly number[], positions: number, inputs: number, outputs: number): number[] {
  const result: number[] = [];
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      for (let position = 0; position < positions; position++) result.push(values[(position * inputs + input) * outputs + output] ?? 0);
  return result;
}
