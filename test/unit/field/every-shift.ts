import { InferenceSession, Tensor } from 'onnxruntime-node';
import { decodeModel, type OnnxNode } from '../../../src/core/formats/onnx/wire/proto';
import { encodeIntegerTensor, encodeModel, encodeNode, encodeValueInfo, type ModelParts } from '../../../src/core/formats/onnx/wire/write';
import { numberToHalf } from '../../../src/core/formats/half';
import { wrapIndex } from '../../../src/core/graph/circle';
import type { ModelGraph } from '../../../src/core/graph/model-graph';

/** A model of one image and what its file is made of, as far as a copy of it needs. */
export interface Copied {
  readonly parts: ModelParts;
  readonly nodes: readonly OnnxNode[];
}

/** The file with another shape of its image and other outputs. */
export function copied(bytes: Uint8Array, shape: readonly (number | string)[], outputs: readonly Uint8Array[]): Copied {
  const { graph, irVersion, opsetVersion, opsets } = decodeModel(bytes, 'model.onnx');
  const [image] = graph.inputs;
  const parts = {
    irVersion,
    opsets: { '': opsetVersion, ...Object.fromEntries(opsets.map(({ domain, version }) => [domain, version])) },
    nodes: graph.nodes.map(({ message }) => message),
    initializers: graph.initializers.map(({ message }) => message),
    inputs: [encodeValueInfo(image!.name, image!.elementType, shape)],
    outputs,
  };
  return { parts, nodes: graph.nodes };
}

/**
 * The file with circular borders, by indices instead of slices, and some of its tensors as its outputs: whole numbers by what they stand
 * for, everything as float32. @param graph of the file, for lengths of maps and types of values
 */
export function wrapped(bytes: Uint8Array, shape: readonly number[], graph: ModelGraph, tensors: readonly string[]): Uint8Array {
  const { parts, nodes } = copied(
    bytes,
    shape,
    tensors.map((_, index) => encodeValueInfo(`shown${index}`, 1)),
  );
  const constants: Uint8Array[] = [];
  const rewritten = nodes.flatMap((node) => {
    const pads = node.attributes.get('pads')?.ints ?? [];
    if (pads.every((amount) => amount === 0)) return [node.message];
    const size = graph.tensors.get(node.inputs[0]!)!.shape!.slice(2);
    // ONNX Runtime computes layers of binary16 in float32 and rounds nothing between them; a Gather between them would.
    const isHalf = graph.tensors.get(node.inputs[0]!)!.elementType === 'float16';
    const cast = (from: string, into: string, to: number): Uint8Array =>
      encodeNode({ opType: 'Cast', inputs: [from], outputs: [into], attributes: { to: { int: to } } });
    let map = isHalf ? `${node.outputs[0]!}/wide` : node.inputs[0]!;
    const before = isHalf ? [cast(node.inputs[0]!, map, 1)] : [];
    const borders = size.map((length, axis) => {
      const [begin, end] = [pads[axis]!, pads[axis + size.length]!];
      const places = Array.from({ length: begin + length! + end }, (_, place) => wrapIndex(place - begin, length!));
      const next = `${node.outputs[0]!}/wrapped${axis}`;
      constants.push(encodeIntegerTensor(`${next}/places`, [places.length], places));
      const border = encodeNode({
        opType: 'Gather',
        inputs: [map, `${next}/places`],
        outputs: [next],
        attributes: { axis: { int: axis + 2 } },
      });
      map = next;
      return border;
    });
    const after = isHalf ? [cast(map, `${node.outputs[0]!}/narrow`, 10)] : [];
    if (isHalf) map = `${node.outputs[0]!}/narrow`;
    const verbatimAttributes = [...node.attributes.values()].flatMap(({ name, message }) => (name === 'pads' ? [] : [message]));
    const { name, opType, domain, inputs, outputs } = node;
    return [
      ...before,
      ...borders,
      ...after,
      encodeNode({ name, opType, domain, inputs: [map, ...inputs.slice(1)], outputs, verbatimAttributes }),
    ];
  });
  const shown = tensors.map((tensor, index) => showing(nodes, graph, tensor, `shown${index}`));
  return encodeModel({ ...parts, nodes: [...rewritten, ...shown], initializers: [...(parts.initializers ?? []), ...constants] });
}

function showing(nodes: readonly OnnxNode[], graph: ModelGraph, tensor: string, output: string): Uint8Array {
  const isScaled = graph.tensors.get(tensor)?.wholeNumbers === 'scaled';
  return isScaled
    ? encodeNode({ opType: 'DequantizeLinear', inputs: [tensor, ...scaleOf(nodes, tensor)], outputs: [output] })
    : encodeNode({ opType: 'Cast', inputs: [tensor], outputs: [output], attributes: { to: { int: 1 } } });
}

/** Scale and zero point that whole numbers were written by. */
function scaleOf(nodes: readonly OnnxNode[], tensor: string): readonly string[] {
  const { opType, inputs } = nodes.find(({ outputs }) => outputs.includes(tensor))!;
  if (opType === 'QuantizeLinear') return inputs.slice(1, 3);
  return opType === 'QLinearConv' ? inputs.slice(6, 8) : scaleOf(nodes, inputs[0]!);
}

/** A feature map, its channels of one position side by side. */
interface FeatureMap {
  readonly size: readonly [number, number];
  readonly channels: number;
  readonly values: Float32Array;
}

/** Equivariance of some tensors by running the file once for every shift of an image. */
export class EveryShift {
  private constructor(
    private readonly session: InferenceSession,
    private readonly image: Float32Array,
    private readonly dims: readonly [number, number, number, number],
    private readonly still: readonly FeatureMap[],
  ) {}

  static async of(file: Uint8Array, image: Float32Array, dims: readonly [number, number, number, number]): Promise<EveryShift> {
    const session = await InferenceSession.create(file, { logSeverityLevel: 4, intraOpNumThreads: 1 });
    const first = new EveryShift(session, image, dims, []);
    return new EveryShift(session, image, dims, await first.maps(0, 0));
  }

  /** Equivariance at a shift: flat and by channels, for each of the file's outputs. */
  async at(shiftY: number, shiftX: number): Promise<readonly { readonly flat: number; readonly channel: number }[]> {
    const moved = await this.maps(shiftY, shiftX);
    return moved.map((map, index) => this.compared(this.still[index]!, map, shiftY, shiftX));
  }

  release(): Promise<void> {
    return this.session.release();
  }

  private async maps(shiftY: number, shiftX: number): Promise<readonly FeatureMap[]> {
    const [, , height, width] = this.dims;
    const data = Float32Array.from(this.image, (_, index) => {
      const plane = Math.floor(index / (height * width));
      const [y, x] = [Math.floor(index / width) % height, index % width];
      return this.image[(plane * height + wrapIndex(y - shiftY, height)) * width + wrapIndex(x - shiftX, width)]!;
    });
    const [input] = this.session.inputMetadata;
    const isHalf = input?.isTensor === true && input.type === 'float16';
    const taken = isHalf ? new Tensor('float16', Uint16Array.from(data, numberToHalf), this.dims) : new Tensor('float32', data, this.dims);
    const results = await this.session.run({ [this.session.inputNames[0]!]: taken });
    return this.session.outputNames.map((name) => featureMap(results[name]!));
  }

  /** By the definition, on maps upsampled to the image. */
  private compared(
    still: FeatureMap,
    moved: FeatureMap,
    shiftY: number,
    shiftX: number,
  ): { readonly flat: number; readonly channel: number } {
    const [, , height, width] = this.dims;
    const { size: [rows, columns], channels } = still; // prettier-ignore
    let [product, firstSquares, secondSquares, cosines] = [0, 0, 0, 0];
    for (let y = 0; y < height; y++) {
      const fromRow = Math.floor((wrapIndex(y - shiftY, height) * rows) / height) * columns;
      const row = Math.floor((y * rows) / height) * columns;
      for (let x = 0; x < width; x++) {
        const from = (fromRow + Math.floor((wrapIndex(x - shiftX, width) * columns) / width)) * channels;
        const to = (row + Math.floor((x * columns) / width)) * channels;
        let [here, a, b] = [0, 0, 0];
        for (let channel = 0; channel < channels; channel++) {
          const [one, other] = [still.values[from + channel]!, moved.values[to + channel]!];
          here += one * other;
          a += one * one;
          b += other * other;
        }
        cosines += a === 0 || b === 0 ? Number(a === b) : here / Math.sqrt(a * b);
        product += here;
        firstSquares += a;
        secondSquares += b;
      }
    }
    return { flat: product / Math.sqrt(firstSquares * secondSquares), channel: cosines / (height * width) };
  }
}

function featureMap({ data, dims: [, channels = 1, rows = 1, columns = 1] }: Tensor): FeatureMap {
  const numbers = data as Float32Array;
  const values = Float32Array.from(numbers, (_, index) => numbers[(index % channels) * rows * columns + Math.floor(index / channels)]!);
  return { size: [rows, columns], channels, values };
}
