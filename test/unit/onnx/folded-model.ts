import { InferenceSession, type Tensor } from 'onnxruntime-node';
import type { OperatorCall } from '../../../src/core/formats/onnx/operators/call';
import type { Constant } from '../../../src/core/formats/onnx/operators/constants';
import { foldNode } from '../../../src/core/formats/onnx/operators/folding';
import { applyOperator } from '../../../src/core/formats/onnx/operators/table';
import { initialConstants } from '../../../src/core/formats/onnx/read/graph-scope';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { elementType } from '../../../src/core/formats/onnx/wire/schema';

/** How ONNX Runtime names the types of values. */
export const runtimeTypes: ReadonlyMap<number, string> = new Map([
  [elementType.float, 'float32'],
  [elementType.double, 'float64'],
  [elementType.float16, 'float16'],
  [elementType.uint8, 'uint8'],
  [elementType.int8, 'int8'],
  [elementType.uint16, 'uint16'],
  [elementType.int16, 'int16'],
  [elementType.int32, 'int32'],
  [elementType.int64, 'int64'],
  [elementType.uint32, 'uint32'],
  [elementType.uint64, 'uint64'],
  [elementType.bool, 'bool'],
]);

/** What a node of a model gives whose inputs are all constants, by inference alone. */
export function foldedOutputs(bytes: Uint8Array, index: number): readonly Constant[] {
  const { graph, opsetVersion } = decodeModel(bytes, 'model.onnx');
  const node = graph.nodes[index]!;
  const constants = initialConstants(graph);
  const inputs = node.inputs.map((name): OperatorCall['inputs'][number] => {
    const constant = constants.get(name);
    return constant && { name, shape: constant.shape, constant };
  });
  const call: OperatorCall = { node, opset: opsetVersion, inputs, layout: 'channels-first' };
  const { shapes } = applyOperator(call);
  return node.outputs.map((_, output) => foldNode(call, shapes[output], output));
}

/** The outputs of a model without inputs, as ONNX Runtime computes them without optimising. */
export async function runConstants(bytes: Uint8Array): Promise<ReadonlyMap<string, Tensor>> {
  const session = await InferenceSession.create(bytes, {
    logSeverityLevel: 4,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'disabled',
  });
  const results: Readonly<Record<string, Tensor>> = await session.run({});
  await session.release();
  return new Map(Object.entries(results));
}
