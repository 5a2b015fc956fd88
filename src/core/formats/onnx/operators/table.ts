import { flatten, reshape, squeeze, transpose, unsqueeze } from './arrangement';
import { dataInputs, inputShape, opaque, type OperatorCall, type OperatorResult, type OperatorRule } from './call';
import { concat, expand, gather, shapeFromInput, split, tile } from './joining';
import {
  channelNormalisation,
  layerNormalisation,
  lpNormalisation,
  meanVarianceNormalisation,
  mixing,
  skipNormalisation,
  softmax,
} from './normalisation';
import { dropout, elementwise, pointwise } from './pointwise';
import { einsum, gemm, matMul, packedMatMul } from './products';
import { dynamicRescale, everyThird, rescale } from './quantised';
import { argument, reduce, topK } from './reductions';
import { resize } from './resize';
import {
  affineGrid,
  columnsToImage,
  compress,
  deformable,
  gatherElements,
  gatherNd,
  gridSample,
  nonZero,
  oneHot,
  range,
  regions,
  runtimeLayout,
  scatter,
  suppression,
  unpool,
} from './selections';
import { centreCrop, depthToSpace, pad, slice, spaceToDepth } from './spatial';
import { averagePool, convolution, globalPool, lpPool, maxPool, transposedConvolution } from './windows';

type Row = readonly [string, OperatorRule];

const same = (names: string, rule: OperatorRule): readonly Row[] => names.split(' ').map((name) => [name, rule] as const);

const shapeOf: OperatorRule = (call) => ({
  operation: { kind: 'positional' },
  shapes: [[inputShape(call, 0)?.length ?? null]],
  layout: 'channels-first',
});

/** Rules that know where the channels of their inputs stand. */
const anyLayout: readonly Row[] = [
  ...same('Relu LeakyRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Swish Tanh Softplus', pointwise('activation')),
  ...same('Softsign ThresholdedRelu Mish Gelu Clip Shrink ScaledTanh ParametricSoftplus', pointwise('activation')),
  ...same('Abs Neg Exp Log Sqrt Reciprocal Erf Floor Ceil Round Sign BitwiseNot', pointwise('other')),
  ...same('Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Not IsNaN IsInf', pointwise('other')),
  ...same('Scale Affine ImageScaler', pointwise('normalisation')),
  ...same('Identity Cast CastLike BitCast', pointwise('identity')),
  ['Dropout', dropout],
  ['PRelu', elementwise('activation')],
  ...same('Add Sub Mul Div Sum Mean', elementwise('normalisation')),
  ...same('Max Min', elementwise('activation')),
  ...same('Pow Mod And Or Xor Where BitShift BitwiseAnd BitwiseOr BitwiseXor', elementwise('other')),
  ...same('Equal Greater GreaterOrEqual Less LessOrEqual', elementwise('other')),
  ...same('QuantizeLinear DequantizeLinear', rescale),
  ['DynamicQuantizeLinear', dynamicRescale],
  ...same('Softmax LogSoftmax Hardmax', softmax),
  ...same('LayerNormalization SimplifiedLayerNormalization RMSNormalization', layerNormalisation),
  ['LpNormalization', lpNormalisation],
  ['MeanVarianceNormalization', meanVarianceNormalisation],
  ...same('InstanceNormalization GroupNormalization LRN', channelNormalisation),
  ['Concat', concat()],
  ['Split', split],
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Transpose', transpose],
  ['Squeeze', squeeze],
  ['Unsqueeze', unsqueeze],
  ['Gather', gather],
  ['Expand', expand],
  ['Tile', tile],
  ['Gemm', gemm()],
  ['MatMul', matMul()],
  ['MatMulInteger', matMul()],
  ['QLinearMatMul', matMul(3)],
  ['Einsum', einsum],
  ['Pad', pad],
  ['Slice', slice],
  ['CenterCropPad', centreCrop],
  ...same('Resize Upsample', resize),
  ...same('ReduceMean ReduceMax ReduceMin ReduceSum ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp', reduce),
  ...same('ArgMax ArgMin', argument),
  ['TopK', topK],
  ...same('CumSum CumProd Trilu RotaryEmbedding Attention ReverseSequence', mixing),
];

/** Standard operators by type; all versions from operator set 1 on. Those here read channels at axis 1. */
const channelsFirst: readonly Row[] = [
  ...same('Conv ConvInteger', convolution(1)),
  ['QLinearConv', convolution(3)],
  ['ConvTranspose', transposedConvolution],
  ['MaxPool', maxPool],
  ['AveragePool', averagePool],
  ['LpPool', lpPool],
  ...same('GlobalAveragePool GlobalMaxPool GlobalLpPool', globalPool),
  ['BatchNormalization', pointwise('normalisation')],
  ['DepthToSpace', depthToSpace],
  ['SpaceToDepth', spaceToDepth],
  ['ConstantOfShape', shapeFromInput(0)],
  ...same('Shape Size', shapeOf),
  ...same('RoiAlign MaxRoiPool', regions),
  ['GridSample', gridSample],
  ['NonMaxSuppression', suppression],
  ['NonZero', nonZero],
  ['Compress', compress],
  ['GatherElements', gatherElements],
  ['GatherND', gatherNd],
  ...same('Scatter ScatterElements ScatterND', scatter),
  ['OneHot', oneHot],
  ['Range', range],
  ['Col2Im', columnsToImage],
  ['MaxUnpool', unpool],
  ['AffineGrid', affineGrid],
  ['DeformConv', deformable],
];

/** ONNX Runtime's own operators, in models that it has quantized or optimised. */
const runtimeAnyLayout: readonly Row[] = [
  ...same('Gelu QuickGelu', pointwise('activation')),
  ...same('BiasGelu FastGelu', elementwise('activation')),
  ...same('QuantizeLinear DequantizeLinear', rescale),
  ['QLinearAdd', elementwise('normalisation', [0, 3])],
  ['QLinearMul', elementwise('normalisation', [0, 3])],
  ['QLinearWhere', elementwise('other', [0, 1, 4])],
  ['QLinearConcat', concat(everyThird)],
  ...same('QLinearLeakyRelu QLinearSigmoid', pointwise('activation')),
  ['QLinearSoftmax', softmax],
  ['QLinearReduceMean', (call) => reduce({ ...call, inputs: call.inputs.slice(0, 1) })],
  ['SkipLayerNormalization', skipNormalisation],
  ['SkipSimplifiedLayerNormalization', skipNormalisation],
  ['MatMulNBits', packedMatMul],
  ...same('FusedMatMul TransposeMatMul MatMulIntegerToFloat DynamicQuantizeMatMul', mixingProduct),
  ['FusedGemm', gemm()],
  ['QGemm', gemm(3)],
  ...same('Attention MultiHeadAttention GroupQueryAttention PackedAttention RotaryEmbedding', mixing),
  ...same('NhwcMaxPool NhwcConv NhwcFusedConv GroupNorm SkipGroupNorm', runtimeLayout),
];

const runtimeChannelsFirst: readonly Row[] = [
  ['FusedConv', convolution(1)],
  ['QLinearConv', convolution(3)],
  ['QLinearAveragePool', averagePool],
  ['QLinearGlobalAveragePool', globalPool],
];

interface Table {
  readonly rules: ReadonlyMap<string, OperatorRule>;
  readonly anyLayout: ReadonlySet<string>;
}

function table(anyOf: readonly Row[], firstOnly: readonly Row[]): Table {
  return { rules: new Map([...anyOf, ...firstOnly]), anyLayout: new Set(anyOf.map(([name]) => name)) };
}

const tables: Readonly<Record<string, Table>> = {
  '': table(anyLayout, channelsFirst),
  'com.microsoft': table(runtimeAnyLayout, runtimeChannelsFirst),
};

function mixingProduct(): OperatorResult {
  return { operation: { kind: 'positional' }, shapes: [undefined], layout: 'channels-first' };
}

/** What a node does, by its operator; opaque where we have no knowledge of it. */
export function applyOperator(call: OperatorCall): OperatorResult {
  const { node } = call;
  if ([...node.attributes.values()].some((attribute) => attribute.graphs.length > 0)) return opaque('it runs a nested graph');
  const known = Object.hasOwn(tables, node.domain) ? tables[node.domain] : undefined;
  const rule = known?.rules.get(node.opType);
  if (rule === undefined) return opaque(`Shiftlint has no knowledge of the operator ${node.opType}`);
  const isMisread = call.layout === 'channels-last' && known?.anyLayout.has(node.opType) !== true;
  const result = rule(isMisread ? { ...call, layout: 'channels-first' } : call);
  // What takes positions for channels mixes them.
  return isMisread ? { ...result, operation: { kind: 'positional' }, layout: 'channels-first' } : result;
}

/** Where the channels of a node's maps stand: as in its first map. */
export function callLayout(inputs: OperatorCall['inputs']): OperatorCall['layout'] {
  const maps = dataInputs({ inputs }).filter(({ shape }) => shape === undefined || shape.length > 2);
  return maps[0]?.layout ?? 'channels-first';
}
