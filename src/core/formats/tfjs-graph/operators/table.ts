import type { Layout } from '../../../graph/model-graph';
import { isControlFlow } from '../read/control-flow';
import { argument, expandDims, mixing, product2d, reduce, reshape, squeeze, topK, transpose } from './arrangement';
import { opaque, positional, type OperatorCall, type OperatorInput, type OperatorResult, type OperatorRule } from './call';
import { elementwise, localResponse, pointwise, prelu, softmax } from './elementwise';
import { concat, gather, pack, repeat, split, unpack } from './joining';
import { batchToSpace, depthToSpace, pad, slice, spaceToBatch, spaceToDepth, stridedSlice } from './spatial';
import { convolution, declaredLayout, depthwiseConvolution, morphologicalDilation, pool, resize, transposedConvolution } from './windows';

/** What a node does; what Shiftlint does not know is opaque. */
export function applyOperator(call: OperatorCall): OperatorResult {
  const { op } = call.node;
  if (isControlFlow(op)) return opaque('what it gives is decided while the model runs');
  const rule = rules.get(op);
  if (rule === undefined) return opaque(`Shiftlint does not know the operator ${op}`);
  const result = rule(call);
  const { kind } = result.operation;
  const standsInBlock = kind === 'convolution' || kind === 'pointwise' || kind === 'merge' || kind === 'pad';
  if (call.block === undefined || standsInBlock) return result;
  return { ...opaque('it stands between SpaceToBatchND and BatchToSpaceND'), block: null };
}

/** Where the channels of a node's maps stand: where the node says, else where those of its inputs do. */
export function callLayout(call: Pick<OperatorCall, 'node'>, inputs: readonly OperatorInput[], layout: Layout): Layout {
  const maps = inputs.filter(({ constant, shape }) => constant === undefined && (shape === undefined || shape.length > 2));
  return declaredLayout(call.node) ?? maps[0]?.layout ?? layout;
}

/** A new operator is a line here, and a rule where none fits. */
const rules: ReadonlyMap<string, OperatorRule> = new Map<string, OperatorRule>([
  ['Conv1D', convolution],
  ['Conv2D', convolution],
  ['Conv3D', convolution],
  ['_FusedConv2D', convolution],
  ['DepthwiseConv2d', depthwiseConvolution],
  ['DepthwiseConv2dNative', depthwiseConvolution],
  ['FusedDepthwiseConv2dNative', depthwiseConvolution],
  ['Conv2DBackpropInput', transposedConvolution],
  ['Conv2dTranspose', transposedConvolution],
  ['Dilation2D', morphologicalDilation],
  ['MaxPool', pool('max')],
  ['MaxPool3D', pool('max')],
  ['MaxPoolWithArgmax', pool('max')],
  ['AvgPool', pool('average')],
  ['AvgPool3D', pool('average')],

  ['Pad', pad],
  ['PadV2', pad],
  ['MirrorPad', pad],
  ['ResizeBilinear', resize('bilinear')],
  ['ResizeNearestNeighbor', resize('nearest')],
  ['Slice', slice],
  ['StridedSlice', stridedSlice],
  ['DepthToSpace', depthToSpace],
  ['SpaceToDepth', spaceToDepth],
  ['SpaceToBatchND', spaceToBatch],
  ['BatchToSpaceND', batchToSpace],

  ['Relu', pointwise('activation')],
  ['Relu6', pointwise('activation')],
  ['Elu', pointwise('activation')],
  ['Selu', pointwise('activation')],
  ['LeakyRelu', pointwise('activation')],
  ['Prelu', prelu],
  ['Sigmoid', pointwise('activation')],
  ['Tanh', pointwise('activation')],
  ['Softplus', pointwise('activation')],
  ['Softsign', pointwise('activation')],
  ['ClipByValue', pointwise('activation')],
  ['FusedBatchNorm', pointwise('normalisation')],
  ['FusedBatchNormV2', pointwise('normalisation')],
  ['FusedBatchNormV3', pointwise('normalisation')],
  ['LRN', localResponse],
  ['Softmax', softmax],
  ['LogSoftmax', softmax],
  ...[
    'Identity',
    'IdentityN',
    'Snapshot',
    'StopGradient',
    'PreventGradient',
    'CheckNumerics',
    'EnsureShape',
    'Cast',
    'PlaceholderWithDefault',
    'FakeQuantWithMinMaxVars',
  ].map((op) => [op, pointwise('identity')] as const),
  ...[
    'Abs',
    'Acos',
    'Acosh',
    'Asin',
    'Asinh',
    'Atan',
    'Atanh',
    'Ceil',
    'Cos',
    'Cosh',
    'Erf',
    'Exp',
    'Expm1',
    'Floor',
    'IsFinite',
    'IsInf',
    'IsNan',
    'Log',
    'Log1p',
    'LogicalNot',
    'Neg',
    'Reciprocal',
    'Round',
    'Rsqrt',
    'Sign',
    'Sin',
    'Sinh',
    'Sqrt',
    'Square',
    'Tan',
    'ZerosLike',
    'OnesLike',
  ].map((op) => [op, pointwise('other')] as const),

  ...['Add', 'AddV2', 'AddN', 'BiasAdd', 'Sub', 'Mul', 'Div', 'DivNoNan', 'RealDiv'].map(
    (op) => [op, elementwise('normalisation')] as const,
  ),
  ...[
    'Atan2',
    'BitwiseAnd',
    'Equal',
    'FloorDiv',
    'FloorMod',
    'Greater',
    'GreaterEqual',
    'Less',
    'LessEqual',
    'LogicalAnd',
    'LogicalOr',
    'LogicalXor',
    'Mod',
    'NotEqual',
    'Pow',
    'Select',
    'SelectV2',
    'SquaredDifference',
  ].map((op) => [op, elementwise('other')] as const),
  ['Maximum', elementwise('activation')],
  ['Minimum', elementwise('activation')],

  ['Concat', concat('first')],
  ['ConcatV2', concat('last')],
  ['Split', split(0, 1)],
  ['SplitV', split(2, 0)],
  ['Pack', pack],
  ['Unpack', unpack],
  ['Gather', gather],
  ['GatherV2', gather],
  ['Tile', repeat('times')],
  ['BroadcastTo', repeat('shape')],

  ['Reshape', reshape],
  ['Transpose', transpose],
  ['Squeeze', squeeze],
  ['ExpandDims', expandDims],
  ['MatMul', product2d],
  ['_FusedMatMul', product2d],
  ['BatchMatMul', product2d],
  ['BatchMatMulV2', product2d],
  ...['Mean', 'Max', 'Min', 'Sum', 'Prod', 'All', 'Any', 'EuclideanNorm'].map((op) => [op, reduce] as const),
  ['ArgMax', argument],
  ['ArgMin', argument],
  ['TopKV2', topK],
  ...['Cumprod', 'Cumsum', 'Reverse', 'ReverseV2', 'MatrixBandPart', 'ScatterNd', 'TensorScatterUpdate', 'SparseToDense'].map(
    (op) => [op, mixing] as const,
  ),
  ...['Einsum', 'GatherNd', 'Where', 'Unique', 'UniqueV2', 'OneHot', 'Range', 'Fill', 'Shape', 'ShapeN', 'Size', 'Rank'].map(
    (op) => [op, () => positional()] as const,
  ),
  ...[
    'CropAndResize',
    'ImageProjectiveTransformV3',
    'NonMaxSuppressionV2',
    'NonMaxSuppressionV3',
    'NonMaxSuppressionV4',
    'NonMaxSuppressionV5',
  ].map((op) => [op, () => opaque('it reads at places that are computed while the model runs')] as const),
  ...['RandomStandardNormal', 'RandomUniform', 'RandomUniformInt', 'StatelessRandomUniform', 'TruncatedNormal', 'Multinomial'].map(
    (op) => [op, () => opaque('it gives random values')] as const,
  ),
]);
