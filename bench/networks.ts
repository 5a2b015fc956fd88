import { elementType } from '../src/core/formats/onnx/wire/schema';
import { encodeModel, encodeNode, encodeTensor, encodeValueInfo, type AttributeValue } from '../src/core/formats/onnx/wire/write';

/** A network of the measurement's benchmark: an ONNX file with random weights, normalisation folded as exporters do. */
export interface BenchNetwork {
  readonly name: string;
  /** Side of the square image. */
  readonly side: number;
  readonly bytes: Uint8Array;
}

/** VGG16 for small images: thirteen 3x3 convolutions, five max-pools, one dense layer. */
export function vgg16(side: number): BenchNetwork {
  const builder = new Builder();
  let map = builder.image;
  for (const [convolutions, channels] of [
    [2, 64],
    [2, 128],
    [3, 256],
    [3, 512],
    [3, 512],
  ] as const) {
    for (let index = 0; index < convolutions; index++) map = builder.relu(builder.convolution(map, channels, 3, 1));
    map = builder.maxPool(map, 2, 2, 0);
  }
  return builder.finish('VGG16-BN', side, builder.dense(builder.globalPool(map), 10));
}

/** ResNet-18: basic blocks, its stem as for large images. */
export function resnet18(side: number): BenchNetwork {
  const builder = new Builder();
  let map = builder.maxPool(builder.relu(builder.convolution(builder.image, 64, 7, 2)), 3, 2, 1);
  for (const [stage, channels] of [64, 128, 256, 512].entries()) {
    for (const block of [0, 1]) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const main = builder.convolution(builder.relu(builder.convolution(map, channels, 3, stride)), channels, 3, 1);
      map = builder.relu(builder.add(main, stride === 1 ? map : builder.convolution(map, channels, 1, stride)));
    }
  }
  return builder.finish('ResNet-18', side, builder.dense(builder.globalPool(map), 1000));
}

/** ResNet-50: bottleneck blocks that stride in their 3x3 convolution. */
export function resnet50(side: number): BenchNetwork {
  const builder = new Builder();
  let map = builder.maxPool(builder.relu(builder.convolution(builder.image, 64, 7, 2)), 3, 2, 1);
  for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
    const width = 64 * 2 ** stage;
    for (let block = 0; block < blocks; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const inner = builder.relu(builder.convolution(builder.relu(builder.convolution(map, width, 1, 1)), width, 3, stride));
      const main = builder.convolution(inner, 4 * width, 1, 1);
      map = builder.relu(builder.add(main, block === 0 ? builder.convolution(map, 4 * width, 1, stride) : map));
    }
  }
  return builder.finish('ResNet-50', side, builder.dense(builder.globalPool(map), 1000));
}

/** As small as a classifier gets, for runs whose subject is the images. */
export function tiny(side: number): BenchNetwork {
  const builder = new Builder();
  const map = builder.maxPool(builder.relu(builder.convolution(builder.image, 4, 3, 2)), 2, 2, 0);
  return builder.finish('tiny', side, builder.dense(builder.globalPool(map), 5));
}

/** MobileNetV2: inverted residuals with depthwise convolutions. */
export function mobilenetV2(side: number): BenchNetwork {
  const builder = new Builder();
  let map = builder.clip(builder.convolution(builder.image, 32, 3, 2));
  for (const [expansion, channels, blocks, first] of [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const) {
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? first : 1;
      const before = map;
      const wide = builder.channelsOf(map) * expansion;
      if (expansion > 1) map = builder.clip(builder.convolution(map, wide, 1, 1));
      map = builder.convolution(builder.clip(builder.depthwise(map, 3, stride)), channels, 1, 1);
      if (stride === 1 && builder.channelsOf(before) === channels) map = builder.add(before, map);
    }
  }
  map = builder.clip(builder.convolution(map, 1280, 1, 1));
  return builder.finish('MobileNetV2', side, builder.dense(builder.globalPool(map), 1000));
}

class Builder {
  readonly image = 'image';
  private readonly nodes: Uint8Array[] = [];
  private readonly weights: Uint8Array[] = [];
  private readonly channels = new Map<string, number>([[this.image, 3]]);
  private count = 0;
  private state = 1;

  convolution(input: string, channels: number, kernel: number, stride: number): string {
    return this.window(input, channels, kernel, stride, 1);
  }

  depthwise(input: string, kernel: number, stride: number): string {
    return this.window(input, this.channelsOf(input), kernel, stride, this.channelsOf(input));
  }

  relu(input: string): string {
    return this.node('Relu', [input], this.channelsOf(input));
  }

  /** ReLU6. */
  clip(input: string): string {
    return this.node('Clip', [input, this.constant([], [0]), this.constant([], [6])], this.channelsOf(input));
  }

  add(a: string, b: string): string {
    return this.node('Add', [a, b], this.channelsOf(a));
  }

  maxPool(input: string, kernel: number, stride: number, padding: number): string {
    return this.node('MaxPool', [input], this.channelsOf(input), windowAttributes(kernel, stride, padding));
  }

  globalPool(input: string): string {
    const channels = this.channelsOf(input);
    return this.node('Flatten', [this.node('GlobalAveragePool', [input], channels)], channels);
  }

  dense(input: string, outputs: number): string {
    const inputs = this.channelsOf(input);
    return this.node('Gemm', [input, this.random([inputs, outputs], inputs)], outputs);
  }

  channelsOf(tensor: string): number {
    return this.channels.get(tensor) ?? 0;
  }

  finish(name: string, side: number, output: string): BenchNetwork {
    const bytes = encodeModel({
      irVersion: 8,
      producerName: 'shiftlint-bench',
      opsets: { '': 17 },
      nodes: this.nodes,
      initializers: this.weights,
      inputs: [encodeValueInfo(this.image, elementType.float, [null, 3, side, side])],
      outputs: [encodeValueInfo(output)],
    });
    return { name, side, bytes };
  }

  private window(input: string, channels: number, kernel: number, stride: number, groups: number): string {
    const inputs = this.channelsOf(input) / groups;
    const weight = this.random([channels, inputs, kernel, kernel], inputs * kernel * kernel);
    const bias = this.random([channels], 100);
    return this.node('Conv', [input, weight, bias], channels, {
      ...windowAttributes(kernel, stride, Math.floor(kernel / 2)),
      group: { int: groups },
    });
  }

  private node(
    opType: string,
    inputs: readonly string[],
    channels: number,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    const output = `${opType.toLowerCase()}${this.count++}`;
    this.nodes.push(encodeNode({ name: output, opType, inputs, outputs: [output], attributes }));
    this.channels.set(output, channels);
    return output;
  }

  /** Uniform numbers whose variance keeps that of the maps (He). */
  private random(dims: readonly number[], fanIn: number): string {
    const amplitude = Math.sqrt(6 / fanIn);
    return this.tensor(
      dims,
      Float32Array.from({ length: dims.reduce((product, side) => product * side, 1) }, () => {
        this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0;
        return (amplitude * this.state) / 2 ** 31;
      }),
    );
  }

  private constant(dims: readonly number[], values: readonly number[]): string {
    return this.tensor(dims, Float32Array.from(values));
  }

  private tensor(dims: readonly number[], values: Float32Array): string {
    const name = `weight${this.count++}`;
    this.weights.push(encodeTensor({ name, dims, dataType: elementType.float, rawData: new Uint8Array(values.buffer) }));
    return name;
  }
}

function windowAttributes(kernel: number, stride: number, padding: number): Record<string, AttributeValue> {
  return {
    kernel_shape: { ints: [kernel, kernel] },
    strides: { ints: [stride, stride] },
    pads: { ints: [padding, padding, padding, padding] },
  };
}
