import { InferenceSession, Tensor } from 'onnxruntime-node';
import { inMemory, piecedSource, readAll } from '../../../src/core/formats/byte-source';
import type { ModelSource, Patch } from '../../../src/core/formats/format';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import {
  encodeFloatTensor,
  encodeModel,
  encodeNode,
  encodeTensor,
  encodeValueInfo,
  type AttributeValue,
  type ModelParts,
  type NodeParts,
} from '../../../src/core/formats/onnx/wire/write';
import { encodeField } from '../../../src/core/formats/onnx/wire/write-fields';
import type { Dimension, ModelGraph } from '../../../src/core/graph/model-graph';

/** A model file that lives in memory, alone in its folder. */
export function memorySource(bytes: Uint8Array, path = 'model.onnx'): ModelSource {
  const missing = (): Promise<undefined> => Promise.resolve(undefined);
  return { path, ...inMemory(bytes), readSibling: missing, siblingSize: missing, readSiblingRange: missing };
}

/** The file that a patch makes of another, whole. */
export async function patchedBytes(bytes: Uint8Array, patch: Patch): Promise<Uint8Array> {
  if (patch.kind !== 'binary') throw new Error('An ONNX model is patched as pieces.');
  return readAll(piecedSource(inMemory(bytes), patch.pieces));
}

export const read = (bytes: Uint8Array): Promise<ModelGraph> => onnxFormat.open(memorySource(bytes)).then(({ graph }) => graph);

/** Deterministic values in [-1, 1] without any symmetry a wrong alignment could hide behind. */
export function noise(count: number, seed = 1): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** One node on the input `x` with float weights; its output is `y`. */
export interface SingleNode {
  readonly opType: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Weights after `x`, by shape. */
  readonly weights?: readonly (readonly number[])[];
  readonly input: readonly (Dimension | string)[];
  readonly opset?: number;
  readonly outputs?: readonly string[];
}

export function singleNodeModel({ opType, attributes = {}, weights = [], input, opset = 17, outputs = ['y'] }: SingleNode): Uint8Array {
  const names = weights.map((_, index) => `w${index}`);
  return model({
    opsets: { '': opset },
    nodes: [encodeNode({ name: 'layer', opType, inputs: ['x', ...names], outputs, attributes })],
    initializers: weights.map((dims, index) => floatTensor(names[index]!, dims, index + 1)),
    inputs: [encodeValueInfo('x', 1, input)],
    outputs: outputs.map((name) => encodeValueInfo(name)),
  });
}

export function model(parts: Partial<ModelParts> & Pick<ModelParts, 'nodes' | 'inputs' | 'outputs'>): Uint8Array {
  return encodeModel({ irVersion: 8, producerName: 'test', opsets: { '': 17 }, ...parts });
}

export const node = (parts: NodeParts): Uint8Array => encodeNode(parts);

/** Random weights, scaled so that sums stay near 1. */
export function floatTensor(name: string, dims: readonly number[], seed: number): Uint8Array {
  const count = dims.reduce((product, length) => product * length, 1);
  const scale = Math.max(count / (dims[0] ?? 1), 1);
  return encodeFloatTensor(
    name,
    dims,
    [...noise(count, seed)].map((value) => value / scale),
  );
}

/** Runs a model in ONNX Runtime on noise of the given shape. */
export async function run(bytes: Uint8Array, inputShape: readonly number[]): Promise<ReadonlyMap<string, Tensor>> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 4, intraOpNumThreads: 1, interOpNumThreads: 1 });
  const count = inputShape.reduce((product, length) => product * length, 1);
  const feed = new Tensor('float32', noise(count, 7), inputShape);
  const results: Readonly<Record<string, Tensor>> = await session.run(
    Object.fromEntries(session.inputNames.slice(0, 1).map((name) => [name, feed])),
  );
  await session.release();
  return new Map(Object.entries(results));
}

/** A float weight whose values stand in a file beside the model. */
export function externalTensor(name: string, dims: readonly number[], location: string, offset = 0): Uint8Array {
  const entry = (key: string, value: string): Uint8Array =>
    encodeField(13, Uint8Array.of(...encodeField(1, new TextEncoder().encode(key)), ...encodeField(2, new TextEncoder().encode(value))));
  const isExternal = Uint8Array.of(112, 1);
  const parts = [
    encodeTensor({ name, dims, dataType: 1, rawData: new Uint8Array() }),
    entry('location', location),
    entry('offset', String(offset)),
    isExternal,
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
