import { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  encodeFloatTensor,
  encodeIntegerTensor,
  encodeModel,
  encodeNode,
  encodeTensor,
  encodeValueInfo,
  type AttributeValue,
} from '../../../src/core/formats/onnx/wire/write';
import { encodeTextField } from '../../../src/core/formats/onnx/wire/write-fields';
import type { ModelGraph, Operation } from '../../../src/core/graph/model-graph';
import { floatTensor, noise, read } from './models';

/** A constant input of an operator, encoded under the name it is asked for. */
export type ConstantInput = (name: string) => Uint8Array;

/** One operator on the input `x`, of which ONNX Runtime says what shapes come out. */
export interface OperatorCase {
  readonly op: string;
  readonly opset: number;
  readonly domain?: string;
  readonly input?: readonly number[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Inputs beside `x`; null where one is left out. */
  readonly rest?: readonly (ConstantInput | null)[];
  /** Place of `x` among the inputs; default first. */
  readonly place?: number;
  readonly outputs?: number;
  readonly kind?: Operation['kind'];
  /** Operator between `x` and the one that is tried: a quantization to uint8, a cast, a transpose to channels last. */
  readonly before?: 'quantize' | 'integer' | 'boolean' | 'channels-last';
}

/** Random weights. */
export const weights =
  (...dims: number[]): ConstantInput =>
  (name) =>
    floatTensor(name, dims, dims.length + 1);
/** A list of int64. */
export const integers =
  (...values: number[]): ConstantInput =>
  (name) =>
    encodeIntegerTensor(name, [values.length], values);
/** A single int64. */
export const integer =
  (value: number): ConstantInput =>
  (name) =>
    encodeIntegerTensor(name, [], [value]);
/** A matrix of int64. */
export const integerGrid =
  (dims: readonly number[], ...values: number[]): ConstantInput =>
  (name) =>
    encodeIntegerTensor(name, dims, values);
/** A list of float32. */
export const floats =
  (...values: number[]): ConstantInput =>
  (name) =>
    encodeFloatTensor(name, [values.length], values);
/** A single float32. */
export const float =
  (value: number): ConstantInput =>
  (name) =>
    encodeFloatTensor(name, [], [value]);
/** uint8 values, all 1. */
export const bytes =
  (...dims: number[]): ConstantInput =>
  (name) =>
    encodeTensor({ name, dims, dataType: 2, rawData: new Uint8Array(dims.reduce((product, length) => product * length, 1)).fill(1) });
const preparation = {
  quantize: { opType: 'QuantizeLinear', inputs: ['x', 'prepare_scale', 'prepare_zero'], attributes: {} },
  integer: { opType: 'Cast', inputs: ['x'], attributes: { to: { int: 7 } } },
  boolean: { opType: 'Cast', inputs: ['x'], attributes: { to: { int: 9 } } },
  'channels-last': { opType: 'Transpose', inputs: ['x'], attributes: { perm: { ints: [0, 2, 3, 1] } } },
} as const;

export const image = [1, 4, 10, 12] as const;

/** The model of a case; outputs carry names only, so that the runtime itself says what they are. */
export function caseModel(test: OperatorCase): Uint8Array {
  const { before, rest = [], place = 0 } = test;
  const names = rest.map((constant, index) => (constant === null ? '' : `c${index}`));
  const outputs = Array.from({ length: test.outputs ?? 1 }, (_, index) => `y${index}`);
  const inputs = [...names.slice(0, place), before === undefined ? 'x' : 'prepared', ...names.slice(place)];
  const prepare = before && { name: 'prepare', outputs: ['prepared'], ...preparation[before] };
  const constants = rest.flatMap((constant, index) => (constant === null ? [] : [constant(names[index]!)]));
  return encodeModel({
    irVersion: 8,
    opsets: { '': test.opset, ...(test.domain !== undefined && { [test.domain]: 1 }) },
    nodes: [
      ...(prepare === undefined ? [] : [encodeNode(prepare)]),
      encodeNode({ name: 'layer', opType: test.op, domain: test.domain ?? '', inputs, outputs, attributes: test.attributes ?? {} }),
    ],
    initializers: [
      ...constants,
      ...(before === 'quantize' ? [encodeFloatTensor('prepare_scale', [], [0.02]), bytes()('prepare_zero')] : []),
    ],
    inputs: [encodeValueInfo('x', 1, test.input ?? image)],
    outputs: outputs.map((name) => encodeTextField(1, name)),
  });
}

/** How a case went: where inference and runtime disagree, or that the runtime does not run it. */
export type CaseResult =
  { readonly ok: true } | { readonly ok: false; readonly problem: string } | { readonly ok: 'refused'; readonly reason: string };

/** Infers and runs one case. */
export async function tryCase(test: OperatorCase): Promise<CaseResult> {
  const model = caseModel(test);
  const graph = await read(model);
  const results = await runNamed(model, test.input ?? image);
  if (typeof results === 'string') return { ok: 'refused', reason: results };
  const problem = disagreement(test, graph, results);
  return problem === undefined ? { ok: true } : { ok: false, problem: `${label(test)}: ${problem}` };
}

function disagreement(test: OperatorCase, graph: ModelGraph, results: ReadonlyMap<string, readonly number[]>): string | undefined {
  const layer = graph.layers.at(-1);
  if (test.kind !== undefined && layer?.operation.kind !== test.kind) return `is ${JSON.stringify(layer?.operation)}, not ${test.kind}`;
  for (const [name, dims] of results) {
    const shape = graph.tensors.get(name)?.shape;
    const agrees = shape?.length === dims.length && shape.every((length, axis) => length === null || length === dims[axis]);
    const isData = test.op === 'NonZero' || test.op === 'NonMaxSuppression' || test.op === 'Compress';
    if (!agrees || (!isData && shape.includes(null))) return `${name} has [${dims.join()}], inferred [${shape?.join() ?? 'unknown'}]`;
  }
  return undefined;
}

async function runNamed(model: Uint8Array, shape: readonly number[]): Promise<ReadonlyMap<string, readonly number[]> | string> {
  try {
    const session = await InferenceSession.create(model, {
      logSeverityLevel: 4,
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'disabled',
    });
    const count = shape.reduce((product, length) => product * length, 1);
    const results: Readonly<Record<string, Tensor>> = await session.run({ x: new Tensor('float32', noise(count, 7), shape) });
    await session.release();
    return new Map(Object.entries(results).map(([name, tensor]) => [name, tensor.dims]));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function label({ op, opset, domain, input, attributes, before }: OperatorCase): string {
  return `${domain ?? ''}${op}-${opset} ${JSON.stringify({ input, attributes, before })}`;
}

/** Tries all cases; answers with every disagreement, how many ran, and why the runtime refused others. */
export async function tryAll(cases: Iterable<OperatorCase>): Promise<{ problems: string[]; ran: number; refused: Map<string, string> }> {
  const problems: string[] = [];
  const refused = new Map<string, string>();
  let ran = 0;
  for (const test of cases) {
    const result = await tryCase(test);
    if (result.ok === 'refused') refused.set(label(test), result.reason);
    else ran++;
    if (result.ok === false) problems.push(result.problem);
  }
  return { problems, ran, refused };
}
