import { concat, flatten, gather, gemm, matMul, reshape, shapeFromInput, split, squeeze, transpose, unsqueeze } from './arrangement';
import { inputShape, opaque, type OperatorCall, type OperatorResult, type OperatorRule } from './call';
import { channelwise, dropout, elementwise, pointwise, softmax } from './pointwise';
import { argument, depthToSpace, pad, reduce, resize, slice } from './spatial';
import { convolution, globalPool, pool, transposedConvolution } from './windows';

const same = (names: readonly string[], rule: OperatorRule): readonly (readonly [string, OperatorRule])[] =>
  names.map((name) => [name, rule] as const);

/** Standard operators by type; all versions from operator set 1 on. */
const standardOperators: ReadonlyMap<string, OperatorRule> = new Map<string, OperatorRule>([
  ...same(['Conv', 'ConvInteger'], convolution(1)),
  ['QLinearConv', convolution(3)],
  ['ConvTranspose', transposedConvolution],
  ['MaxPool', pool('max-pool')],
  ...same(['AveragePool', 'LpPool'], pool('average-pool')),
  ...same(['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'], globalPool),
  ['BatchNormalization', pointwise('normalisation')],
  ...same(['InstanceNormalization', 'GroupNormalization', 'LayerNormalization', 'LRN', 'LpNormalization'], channelwise),
  ...same(
    ['Relu', 'LeakyRelu', 'Elu', 'Selu', 'Celu', 'Sigmoid', 'HardSigmoid', 'HardSwish', 'Swish', 'Tanh', 'Softplus'],
    pointwise('activation'),
  ),
  ...same(['Softsign', 'ThresholdedRelu', 'Mish', 'Gelu', 'Clip', 'Shrink'], pointwise('activation')),
  ['PRelu', elementwise('activation')],
  ...same(['Abs', 'Neg', 'Exp', 'Log', 'Sqrt', 'Reciprocal', 'Erf', 'Floor', 'Ceil', 'Round', 'Sign'], pointwise('other')),
  ...same(['Sin', 'Cos', 'Tan', 'Not', 'IsNaN', 'IsInf', 'QuantizeLinear', 'DequantizeLinear'], pointwise('other')),
  ...same(['Identity', 'Cast', 'CastLike'], pointwise('identity')),
  ['Dropout', dropout],
  ...same(['Softmax', 'LogSoftmax', 'Hardmax'], softmax),
  ...same(['Add', 'Sub', 'Mul', 'Div', 'Sum', 'Mean'], elementwise('normalisation')),
  ...same(['Pow', 'Max', 'Min', 'Mod', 'And', 'Or', 'Xor', 'Where', 'BitShift'], elementwise('other')),
  ...same(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'], elementwise('other')),
  ['Concat', concat],
  ['Split', split],
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Transpose', transpose],
  ['Squeeze', squeeze],
  ['Unsqueeze', unsqueeze],
  ['Gather', gather],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['Expand', shapeFromInput(1)],
  ['ConstantOfShape', shapeFromInput(0)],
  ['Pad', pad],
  ['Slice', slice],
  ...same(['Resize', 'Upsample'], resize),
  ['DepthToSpace', depthToSpace],
  ...same(['ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceSum', 'ReduceProd', 'ReduceL1', 'ReduceL2'], reduce),
  ...same(['ArgMax', 'ArgMin'], argument),
  ['Shape', (call) => ({ operation: { kind: 'positional' }, shapes: [[inputShape(call, 0)?.length ?? null]] })],
]);

/** Operators that ONNX Runtime writes into models it has optimised. */
const runtimeOperators: ReadonlyMap<string, OperatorRule> = new Map<string, OperatorRule>([
  ['FusedConv', convolution(1)],
  ...same(['Gelu', 'QuickGelu'], pointwise('activation')),
  ...same(['QuantizeLinear', 'DequantizeLinear'], pointwise('other')),
]);

/** What a node does, by its operator; opaque where we have no knowledge of it. @param functions see `OnnxModel.functions` */
export function applyOperator(call: OperatorCall, functions: ReadonlySet<string>): OperatorResult {
  const { node } = call;
  if (functions.has(`${node.domain}:${node.opType}`)) return opaque('it calls a function defined inside the model');
  if ([...node.attributes.values()].some((attribute) => attribute.graphs.length > 0)) {
    return opaque('it runs a nested graph');
  }
  const table = node.domain === '' ? standardOperators : node.domain === 'com.microsoft' ? runtimeOperators : undefined;
  const rule = table?.get(node.opType);
  return rule === undefined ? opaque(`Shiftlint has no knowledge of the operator ${node.opType}`) : rule(call);
}
