import { elementType } from '../../../src/core/formats/onnx/wire/schema';
import {
  encodeFloatTensor,
  encodeIntegerTensor,
  encodeModel,
  encodeNode,
  encodeValueInfo,
  type AttributeValue,
} from '../../../src/core/formats/onnx/wire/write';
import { randomNumbers } from '../equivariance/brute-force';

/** Window settings of a test layer, an entry per spatial axis: vertical, horizontal, or the only one of a signal. */
export interface WindowSpec {
  readonly kernel: readonly number[];
  readonly stride?: readonly number[];
  /** ONNX order: top, left, bottom, right. */
  readonly pads?: readonly number[];
  readonly dilation?: readonly number[];
  readonly ceilMode?: boolean;
  readonly autoPad?: string;
}

/** Builds small ONNX networks with reproducible random weights; every method answers with the name of its output tensor. */
export class NetworkBuilder {
  private readonly nodes: Uint8Array[] = [];
  private readonly weights: Uint8Array[] = [];
  private readonly inputs: Uint8Array[] = [];
  private count = 0;

  convolution(input: string, channels: { readonly from: number; readonly to: number; readonly groups?: number }, spec: WindowSpec): string {
    const groups = channels.groups ?? 1;
    const dims = [channels.to, channels.from / groups, ...spec.kernel];
    const weight = `weight${this.count}`;
    const length = dims.reduce((product, side) => product * side, 1);
    this.weights.push(encodeFloatTensor(weight, dims, [...randomNumbers(length, this.count + 10)]));
    return this.node('Conv', [input, weight], { ...windowAttributes(spec), group: { int: groups } });
  }

  maxPool(input: string, spec: WindowSpec): string {
    return this.node('MaxPool', [input], windowAttributes(spec));
  }

  averagePool(input: string, spec: WindowSpec): string {
    return this.node('AveragePool', [input], { ...windowAttributes(spec), count_include_pad: { int: 1 } });
  }

  /** Weights `[from, to, ...kernel]`. */
  transposed(
    input: string,
    { from, to }: { readonly from: number; readonly to: number },
    spec: WindowSpec,
    more: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    const dims = [from, to, ...spec.kernel];
    const weight = this.floats(
      dims,
      randomNumbers(
        dims.reduce((product, side) => product * side, 1),
        this.count + 10,
      ),
    );
    return this.node('ConvTranspose', [input, weight], { ...windowAttributes(spec), ...more });
  }

  /** By factors or to lengths, over all axes. */
  resize(
    input: string,
    wanted: { readonly scales: readonly number[] } | { readonly sizes: readonly number[] },
    mode: string,
    coordinates: string,
  ): string {
    const inputs =
      'scales' in wanted ? [input, '', this.floats([wanted.scales.length], wanted.scales)] : [input, '', '', this.list(wanted.sizes)];
    const rounding: Record<string, AttributeValue> = mode === 'nearest' ? { nearest_mode: { text: 'floor' } } : {};
    return this.node('Resize', inputs, { mode: { text: mode }, coordinate_transformation_mode: { text: coordinates }, ...rounding });
  }

  /** Strided slices of every phase, joined at the channels. */
  focus(input: string, block: number): string {
    const phases: string[] = [];
    for (let y = 0; y < block; y++) {
      for (let x = 0; x < block; x++) {
        const bounds = [
          [y, x],
          [2 ** 31 - 1, 2 ** 31 - 1],
          [2, 3],
          [block, block],
        ].map((values) => this.list(values));
        phases.push(this.node('Slice', [input, ...bounds]));
      }
    }
    return this.concat(...phases);
  }

  /** Adds a number of its own to every value of an image's map: a positional embedding. */
  embed(input: string, dims: readonly number[]): string {
    return this.node('Add', [
      input,
      this.floats(
        [1, ...dims],
        randomNumbers(
          dims.reduce((product, side) => product * side, 1),
          this.count + 10,
        ),
      ),
    ]);
  }

  /** Batch 0 keeps what the image has. */
  reshape(input: string, dims: readonly number[]): string {
    return this.node('Reshape', [input, this.list(dims)]);
  }

  dense(input: string, from: number, to: number): string {
    return this.node('MatMul', [input, this.floats([from, to], randomNumbers(from * to, this.count + 10))]);
  }

  scalar(value: number): string {
    return this.floats([], [value]);
  }

  /** A normalisation with a scale, shift, mean and variance of each channel. */
  normalise(input: string, channels: number): string {
    const numbers = (seed: number): readonly number[] => Array.from(randomNumbers(channels, this.count + seed), (value) => 1 + value / 2);
    const constants = [1, 2, 3, 4].map((seed) => this.floats([channels], numbers(seed)));
    return this.node('BatchNormalization', [input, ...constants]);
  }

  /** Numbers, as an operand. */
  floats(dims: readonly number[], values: ArrayLike<number>): string {
    const name = `weight${this.count++}`;
    this.weights.push(encodeFloatTensor(name, dims, Array.from(values)));
    return name;
  }

  /** Whole numbers, as an operand. */
  list(values: readonly number[]): string {
    const name = `list${this.count++}`;
    this.weights.push(encodeIntegerTensor(name, [values.length], values));
    return name;
  }

  concat(...inputs: string[]): string {
    return this.node('Concat', inputs, { axis: { int: 1 } });
  }

  node(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    const output = `${opType.toLowerCase()}${this.count++}`;
    this.nodes.push(encodeNode({ opType, inputs, outputs: [output], attributes }));
    return output;
  }

  /** Another input than `image`, which is one of the file too. @param shape without the batch */
  input(name: string, shape: readonly number[], type: number = elementType.float): string {
    this.inputs.push(encodeValueInfo(name, type, [null, ...shape]));
    return name;
  }

  /** The file; its first input is `image`, its outputs are the given tensors. */
  build(shape: readonly number[], ...outputs: readonly string[]): Uint8Array {
    return encodeModel({
      irVersion: 8,
      opsets: { '': 13 },
      nodes: this.nodes,
      initializers: this.weights,
      inputs: [encodeValueInfo('image', elementType.float, [null, ...shape]), ...this.inputs],
      outputs: outputs.map((output) => encodeValueInfo(output)),
    });
  }
}

function windowAttributes({ kernel, stride, pads, dilation, ceilMode, autoPad }: WindowSpec): Record<string, AttributeValue> {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: stride ?? kernel.map(() => 1) },
    ...(pads && { pads: { ints: pads } }),
    ...(dilation && { dilations: { ints: dilation } }),
    ...(ceilMode === true && { ceil_mode: { int: 1 } }),
    ...(autoPad !== undefined && { auto_pad: { text: autoPad } }),
  };
}
