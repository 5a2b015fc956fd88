import { describe, expect, it } from 'vitest';
import type { Layer } from '../../../src/core/graph/model-graph';
import { runtimeError } from '../../../src/engine/runtimes/onnx/runtime-error';

const source = '/onnxruntime_src/onnxruntime/core';
const layer = (name: string, op: string, output: string): Layer => ({
  name,
  op,
  operation: { kind: 'pointwise', role: 'activation' },
  inputs: ['x'],
  outputs: [output],
});
const graph = { layers: [layer('bad_node', 'Relu', 'a'), layer('conv', 'Conv', 'y')] };

/** What ONNX Runtime 1.30 said of files with these faults. */
describe('an error of ONNX Runtime becomes one sentence', () => {
  it.each([
    [
      `${source}/graph/model.cc:202 onnxruntime::Model::Model(onnx::ModelProto&&, const onnxruntime::PathString&, const onnxruntime::logging::Logger&) Unsupported model IR version: 14, max supported IR version: 13`,
      'ONNX Runtime cannot run "m.onnx": Unsupported model IR version: 14, max supported IR version: 13.',
    ],
    [
      `${source}/graph/model_load_utils.h:46 void onnxruntime::model_load_utils::ValidateOpsetForDomain(const std::unordered_map<std::__cxx11::basic_string<char>, int>&, bool, int) ONNX Runtime only *guarantees* support for models stamped with official released onnx opset versions. Opset 27 is under development and support for this is limited.`,
      'ONNX Runtime cannot run "m.onnx": ONNX Runtime only *guarantees* support for models stamped with official released onnx opset versions.',
    ],
    [
      'This is an invalid model. In Node, ("bad_node", MadeUp, "", -1) : ("x": tensor(float),) -> ("y": tensor(float),) , Error No Op registered for MadeUp with domain_version of 17',
      'ONNX Runtime cannot run layer "bad_node" (Relu) of "m.onnx": No Op registered for MadeUp with domain_version of 17.',
    ],
    [
      'Fatal error: my.domain:MadeUp(-1) is not a registered function/op',
      'ONNX Runtime cannot run "m.onnx": my.domain:MadeUp(-1) is not a registered function/op.',
    ],
    [
      "This is an invalid model. Type Error: Type 'tensor(bool)' of input parameter (x) of operator (Relu) in node (bad_node) is invalid.",
      `ONNX Runtime cannot run layer "bad_node" (Relu) of "m.onnx": Type 'tensor(bool)' of input parameter (x) of operator (Relu) in node.`,
    ],
    [
      "Non-zero status code returned while running Conv node. Name:'y_nchwc' Status Message: Input channels C is not equal to kernel channels * group. C: 3 kernel channels: 4 group: 1",
      'ONNX Runtime cannot run layer "conv" (Conv) of "m.onnx": Input channels C is not equal to kernel channels * group.',
    ],
    [
      `Non-zero status code returned while running Reshape node. Name:'other' Status Message: ${source}/providers/cpu/tensor/reshape_helper.h:91 onnxruntime::ReshapeHelper::ReshapeHelper(const onnxruntime::TensorShape&, onnxruntime::TensorShapeVector&, bool) input_shape_size == requested_shape_size was false. The input tensor cannot be reshaped to the requested shape. Input shape:{1,3}, requested shape:{7,7}\n`,
      'ONNX Runtime cannot run layer "other" (Reshape) of "m.onnx": The input tensor cannot be reshaped to the requested shape.',
    ],
    [
      "Non-zero status code returned while running MatMul node. Name:'bad_node' Status Message: matmul_helper.h:59 Compute MatMul dimension mismatch",
      'ONNX Runtime cannot run layer "bad_node" (Relu) of "m.onnx": Compute MatMul dimension mismatch.',
    ],
    [
      `${source}/framework/x.cc:5 void f::g(int) const a == b was false. `,
      'ONNX Runtime cannot run "m.onnx": it failed a check of its own without saying why.',
    ],
  ])('%s', (message, expected) => {
    const { message: sentence, code } = runtimeError('m.onnx', graph, new Error(message));
    expect(code).toBe('unsupported');
    expect(sentence).toBe(expected);
    expect(sentence).not.toMatch(/::|\.cc|\.h:|\n/);
  });
});
