import type { BlurPadding } from '../../rewrite/plan';
import type { NewWeight } from '../tfjs/blur-shard';
import type { BlurSpecification } from '../tfjs/fit-blur';

/** A node to insert, as GraphDef's JSON spells it. */
export interface InsertedNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

/** What one blur is made of: its nodes, each behind what it reads, and the values of the constants among them. */
export interface BlurNodes {
  readonly nodes: readonly InsertedNode[];
  readonly weights: readonly NewWeight[];
}

/** Where a blur stands. */
export interface BlurEnds {
  readonly input: string;
  readonly output: string;
  /** Starts the names of all nodes but the last; free in the model. */
  readonly prefix: string;
}

/** As protobuf's JSON writes bytes, in base64. */
const text = { valid: 'VkFMSUQ=', channelsLast: 'TkhXQw==', reflect: 'UkVGTEVDVA==' };

const float = { type: 'DT_FLOAT' };
const int = { type: 'DT_INT32' };

/**
 * BlurPool out of stock nodes on `[batch, height, width, channels]`: Slice where its border crops, MirrorPad or Pad, a depthwise
 * convolution. Native kernels take one stride for both axes; where the axes differ, an average over single samples picks those wanted.
 */
export function blurNodes(blur: BlurSpecification, padding: BlurPadding, { input, output, prefix }: BlurEnds): BlurNodes {
  const builder = new Builder(prefix);
  const [begin, end] = [blur.padding.begin, blur.padding.end];
  let tensor = input;
  if ([...begin, ...end].some((amount) => amount < 0)) {
    const first = begin.map((amount) => Math.max(0, -amount));
    const size = blur.size.map((length, axis) => (length ?? 0) - (first[axis] ?? 0) - Math.max(0, 0 - (end[axis] ?? 0)));
    const bounds = [builder.integers('crop_begin', [4], [0, ...first, 0]), builder.integers('crop_size', [4], [-1, ...size, -1])];
    tensor = builder.add('crop', 'Slice', [tensor, ...bounds], { T: float, Index: int });
  }
  if ([...begin, ...end].some((amount) => amount > 0)) {
    const pairs = begin.flatMap((amount, axis) => [Math.max(0, amount), Math.max(0, end[axis] ?? 0)]);
    const amounts = builder.integers('paddings', [4, 2], [0, 0, ...pairs, 0, 0]);
    const mode = padding === 'reflect' ? { mode: { s: text.reflect } } : {};
    tensor = builder.add('pad', padding === 'reflect' ? 'MirrorPad' : 'Pad', [tensor, amounts], { T: float, Tpaddings: int, ...mode });
  }
  const kernel = builder.kernel(blur);
  const even = commonStride(blur);
  const convolve = (name: string | undefined, stride: readonly number[]): string =>
    builder.add('convolution', 'DepthwiseConv2dNative', [tensor, kernel], { ...windowAttributes(stride), dilations: integers([1, 1, 1, 1]), explicit_paddings: { list: {} } }, name);
  if (even !== undefined) {
    convolve(output, even);
    return builder.built;
  }
  tensor = convolve(undefined, [1, 1]);
  builder.add('sample', 'AvgPool', [tensor], { ...windowAttributes(blur.stride), ksize: integers([1, 1, 1, 1]) }, output);
  return builder.built;
}

/** One stride for both axes; along a single row any stride picks that row. */
function commonStride({ stride, kernel, size }: BlurSpecification): readonly number[] | undefined {
  const largest = Math.max(...stride);
  const fits = stride.every((step, axis) => step === largest || (size[axis] === 1 && kernel.shape[axis] === 1));
  return fits ? stride.map(() => largest) : undefined;
}

function windowAttributes(stride: readonly number[]): Readonly<Record<string, unknown>> {
  return { T: float, strides: integers([1, ...stride, 1]), padding: { s: text.valid }, data_format: { s: text.channelsLast } };
}

/** Protobuf's JSON writes 64-bit integers as texts. */
function integers(values: readonly number[]): unknown {
  return { list: { i: values.map(String) } };
}

class Builder {
  private readonly nodes: InsertedNode[] = [];
  private readonly weights: NewWeight[] = [];

  constructor(private readonly prefix: string) {}

  get built(): BlurNodes {
    return { nodes: this.nodes, weights: this.weights };
  }

  add(ending: string, op: string, input: readonly string[], attr: Readonly<Record<string, unknown>>, name = `${this.prefix}_${ending}`): string {
    this.nodes.push({ name, op, input, attr });
    return name;
  }

  integers(ending: string, shape: readonly number[], values: readonly number[]): string {
    return this.constant({ name: `${this.prefix}_${ending}`, shape, dtype: 'int32', values });
  }

  /** Weights `[height, width, channels, 1]`, the same for every channel. */
  kernel({ kernel, channels }: BlurSpecification): string {
    const values = Float32Array.from({ length: kernel.values.length * channels }, (_, index) => kernel.values[Math.floor(index / channels)] ?? 0);
    return this.constant({ name: `${this.prefix}_kernel`, shape: [...kernel.shape, channels, 1], dtype: 'float32', values });
  }

  private constant(weight: NewWeight): string {
    const type = weight.dtype === 'int32' ? int : float;
    const tensorShape = { dim: weight.shape.map((length) => ({ size: String(length) })) };
    this.weights.push(weight);
    this.nodes.push({ name: weight.name, op: 'Const', attr: { dtype: type, value: { tensor: { dtype: type.type, tensorShape } } } });
    return weight.name;
  }
}
