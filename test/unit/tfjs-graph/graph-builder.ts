import * as tf from '@tensorflow/tfjs';
import { weightsOf, type MemoryModel } from '../tfjs-files';

type Attributes = Readonly<Record<string, unknown>>;

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: readonly number[];
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Attributes as protobuf's JSON writes them. */
export const ints = (...values: number[]): unknown => ({ list: { i: values.map(String) } });
export const text = (value: string): unknown => ({ s: base64(value) });
export const texts = (...values: string[]): unknown => ({ list: { s: values.map(base64) } });
export const flag = (value: boolean): unknown => ({ b: value });
export const int = (value: number): unknown => ({ i: String(value) });
export const float = { type: 'DT_FLOAT' };

/** Strides, padding and layout of a window; explicit padding as `[top, bottom, left, right]`. */
export function windowed(strides: readonly number[], padding: 'SAME' | 'VALID' | readonly number[], more: Attributes = {}): Attributes {
  const explicit = typeof padding === 'string' ? {} : { explicit_paddings: ints(0, 0, ...padding, 0, 0) };
  return {
    T: float,
    strides: ints(1, ...strides, 1),
    dilations: ints(1, ...strides.map(() => 1), 1),
    padding: text(typeof padding === 'string' ? padding : 'EXPLICIT'),
    data_format: text(strides.length === 3 ? 'NDHWC' : 'NHWC'),
    ...explicit,
    ...more,
  };
}

/** Values in [-1, 1] without any symmetry that a wrong alignment could hide behind. */
export function noise(count: number, seed: number): number[] {
  let state = (seed + 1) * 2654435761;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A GraphDef in the making; names of nodes are what later nodes read. */
export class GraphBuilder {
  readonly nodes: Record<string, unknown>[] = [];
  private readonly weights: Weight[] = [];

  input(shape: readonly number[], name = 'image', dtype = float): string {
    const dim = shape.map((size) => ({ size: String(size) }));
    this.nodes.push({ name, op: 'Placeholder', attr: { dtype, shape: { shape: { dim } } } });
    return name;
  }

  constant(name: string, shape: readonly number[], values: readonly number[], dtype: Weight['dtype'] = 'int32'): string {
    const type = dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
    const tensorShape = shape.length === 0 ? {} : { dim: shape.map((size) => ({ size: String(size) })) };
    this.nodes.push({ name, op: 'Const', attr: { dtype: { type }, value: { tensor: { dtype: type, tensorShape } } } });
    this.weights.push({ name, shape, dtype, values });
    return name;
  }

  /** A weight of values that differ. */
  weight(name: string, shape: readonly number[]): string {
    return this.constant(
      name,
      shape,
      noise(
        shape.reduce((product, length) => product * length, 1),
        this.weights.length,
      ),
      'float32',
    );
  }

  op(op: string, name: string, inputs: readonly string[], attr: Attributes = { T: float }): string {
    this.nodes.push({ name, op, input: inputs, attr });
    return name;
  }

  /** @param outputs what the signature names; without any there is no signature */
  model(outputs: readonly string[] = [], more: Attributes = {}): MemoryModel {
    const bytes = new Uint8Array(this.weights.reduce((count, { values }) => count + values.length, 0) * 4);
    const view = new DataView(bytes.buffer);
    let offset = 0;
    for (const { dtype, values } of this.weights) {
      for (const value of values) {
        if (dtype === 'int32') view.setInt32(offset, value, true);
        else view.setFloat32(offset, value, true);
        offset += 4;
      }
    }
    const entries = (names: readonly string[]): unknown => Object.fromEntries(names.map((name) => [name, { name: `${name}:0` }]));
    const inputs = this.nodes.flatMap(({ op, name }) => (op === 'Placeholder' ? [name as string] : []));
    const json = {
      format: 'graph-model',
      generatedBy: '2.13.0',
      convertedBy: 'TensorFlow.js Converter v4.22.0',
      ...(outputs.length > 0 && { signature: { inputs: entries(inputs), outputs: entries(outputs) } }),
      modelTopology: { node: this.nodes, library: {}, versions: { producer: 1 } },
      weightsManifest: [{ paths: ['weights.bin'], weights: this.weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })) }],
      ...more,
    };
    return { text: JSON.stringify(json), files: new Map([['weights.bin', bytes]]) };
  }
}

/** Loads it into stock tfjs. */
export async function loadModel(model: MemoryModel): Promise<tf.GraphModel> {
  const artifacts: tf.io.ModelArtifacts = { ...(JSON.parse(model.text) as tf.io.ModelArtifacts), ...weightsOf(model) };
  return tf.loadGraphModel({ load: () => Promise.resolve(artifacts) });
}

/** A tensor taken out of tfjs. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Runs the model once on an image of noise. */
export function run(model: MemoryModel, shape: readonly number[], outputs?: string[]): Promise<Values[]> {
  return execute(model, shape, outputs, (tensor) => ({ shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) }));
}

/** The same, for the shapes alone. */
export function runForShapes(model: MemoryModel, shape: readonly number[], outputs?: string[]): Promise<(readonly number[])[]> {
  return execute(model, shape, outputs, (tensor) => tensor.shape);
}

async function execute<T>(
  model: MemoryModel,
  shape: readonly number[],
  outputs: string[] | undefined,
  read: (tensor: tf.Tensor) => T,
): Promise<T[]> {
  const loaded = await loadModel(model);
  const image = tf.tensor(
    noise(
      shape.reduce((product, length) => product * length, 1),
      99,
    ),
    [...shape],
  );
  const [name = 'image'] = loaded.inputNodes;
  const results = [loaded.execute({ [name]: image }, outputs)].flat();
  const values = results.map(read);
  for (const tensor of [image, ...results]) tensor.dispose();
  loaded.dispose();
  return values;
}

/** The largest difference of two results of equal shape. */
export function difference(a: Values, b: Values): number {
  return a.values.reduce((worst, value, index) => Math.max(worst, Math.abs(value - b.values[index]!)), 0);
}
