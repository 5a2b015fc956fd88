import { numberToBrain, numberToHalf } from '../../half';
import type { BlurPadding, BlurSpecification } from '../../../rewrite/plan';
import { elementType } from '../wire/schema';
import { encodeFloatTensor, encodeIntegerTensor, encodeNode, encodeTensor, type AttributeValue } from '../wire/write';

/** How a blur is tied into a model. */
export interface BlurEnds {
  /** Starts every new name; free in the model. */
  readonly name: string;
  readonly input: string;
  readonly output: string;
}

/** A blur with its ends. */
type TiedBlur = BlurSpecification & BlurEnds;

/** What the model's age allows. */
export interface WritingRules {
  readonly opset: number;
  /** Before IR version 4 every initializer had to be a model input too, so there new weights are Constant nodes. */
  readonly irVersion: number;
}

/** Encoded messages, nodes in topological order. */
export interface BlurMessages {
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Uint8Array[];
}

/** Pad and a depthwise convolution with the filter's kernel; without Pad where the convolution's own zero padding does. */
export function encodeBlur(specification: BlurSpecification, ends: BlurEnds, rules: WritingRules): BlurMessages {
  const blur: TiedBlur = { ...specification, ...ends };
  const constants: Constants = { nodes: [], initializers: [], rules };
  const { begin, end } = blur.padding;
  const amounts = [...begin, ...end];
  const asConvolutionPads = blur.border === 'zero' && amounts.every((amount) => amount >= 0);
  const needsPad = !asConvolutionPads && amounts.some((amount) => amount !== 0);
  const padded = needsPad ? `${blur.name}_padded` : blur.input;
  const pad = needsPad ? [encodePad(blur, padded, constants)] : [];
  const kernelName = `${blur.name}_kernel`;
  addConstant(constants, kernelName, (name) => encodeKernel(name, blur));
  const convolution = encodeNode({
    name: blur.name,
    opType: 'Conv',
    inputs: [padded, kernelName],
    outputs: [blur.output],
    attributes: {
      group: { int: blur.channels },
      kernel_shape: { ints: blur.kernel.shape },
      strides: { ints: blur.stride },
      pads: { ints: asConvolutionPads ? amounts : amounts.map(() => 0) },
    },
  });
  return { nodes: [...constants.nodes, ...pad, convolution], initializers: constants.initializers };
}

interface Constants {
  readonly nodes: Uint8Array[];
  readonly initializers: Uint8Array[];
  readonly rules: WritingRules;
}

function addConstant(constants: Constants, name: string, encode: (name: string | undefined) => Uint8Array): void {
  if (constants.rules.irVersion >= 4) {
    constants.initializers.push(encode(name));
    return;
  }
  const attributes = { value: { tensor: encode(undefined) } };
  constants.nodes.push(encodeNode({ name, opType: 'Constant', inputs: [], outputs: [name], attributes }));
}

/** What Pad calls the values beside the map. */
const padModes: Readonly<Record<BlurPadding, string>> = { reflect: 'reflect', replicate: 'edge', zero: 'constant' };

/**
 * Pad over `[batch, channels, ...spatial]`: amounts as an attribute before operator set 11 (named `paddings` in the first),
 * as an input since.
 */
function encodePad(blur: TiedBlur, output: string, constants: Constants): Uint8Array {
  const amounts = [0, 0, ...blur.padding.begin, 0, 0, ...blur.padding.end];
  const mode: AttributeValue = { text: padModes[blur.border] };
  const node = { name: `${blur.name}_pad`, opType: 'Pad', outputs: [output] };
  if (constants.rules.opset < 11) {
    return encodeNode({
      ...node,
      inputs: [blur.input],
      attributes: { mode, [constants.rules.opset < 2 ? 'paddings' : 'pads']: { ints: amounts } },
    });
  }
  const amountsName = `${blur.name}_pads`;
  addConstant(constants, amountsName, (name) => encodeIntegerTensor(name, [amounts.length], amounts));
  return encodeNode({ ...node, inputs: [blur.input, amountsName], attributes: { mode } });
}

/** Kernel `[channels, 1, ...window]`, the same for every channel. */
function encodeKernel(name: string | undefined, blur: BlurSpecification): Uint8Array {
  const { values, shape } = blur.kernel;
  const dims = [blur.channels, 1, ...shape];
  const repeated = Array.from({ length: blur.channels }, () => values).flat();
  if (blur.elementType === 'float32') return encodeFloatTensor(name, dims, repeated);
  const { size, dataType, write } = encodings[blur.elementType];
  const view = new DataView(new ArrayBuffer(repeated.length * size));
  for (const [index, value] of repeated.entries()) write(view, index * size, value);
  return encodeTensor({ ...(name === undefined ? {} : { name }), dims, dataType, rawData: new Uint8Array(view.buffer) });
}

/** How a weight is written in types other than float32; binomial weights down to 2^-14 are exact in all of them. */
const encodings = {
  float16: {
    size: 2,
    dataType: elementType.float16,
    write: (view: DataView, offset: number, value: number): void => {
      view.setUint16(offset, numberToHalf(value), true);
    },
  },
  bfloat16: {
    size: 2,
    dataType: elementType.bfloat16,
    write: (view: DataView, offset: number, value: number): void => {
      view.setUint16(offset, numberToBrain(value), true);
    },
  },
  float64: {
    size: 8,
    dataType: elementType.double,
    write: (view: DataView, offset: number, value: number): void => {
      view.setFloat64(offset, value, true);
    },
  },
} as const;
