/** What TensorFlow puts in front of the names of a function that it has inlined, once or several times. */
const functionPrefix = /^(?:(?:Stateful)?PartitionedCall(?:_\d+)?\/)+/;

/** What a node's own name ends in: a number where there are several of one operator, and another one where tf2onnx made more of it. */
const counters = /(?:_\d+)?(?:__\d+)?$/;

/**
 * Names that Keras, TensorFlow's layers and slim give the operators of a layer, without case and underscores: the last step of a path
 * that is one of them is no scope.
 */
const operatorNames: ReadonlySet<string> = new Set(
  [
    'conv1d conv2d conv3d convolution conv2dbackpropinput conv2dtranspose conv3dtranspose convtranspose',
    'depthwise depthwiseconv2dnative separableconv2d dilation2d matmul batchmatmul batchmatmulv2 tensordot einsum dense',
    'biasadd fusedbatchnorm fusedbatchnormv2 fusedbatchnormv3 batchnorm lrn',
    'relu relu6 leakyrelu prelu elu selu sigmoid hardsigmoid tanh softmax logsoftmax softplus swish gelu erf exp log',
    'maxpool maxpool3d maxpoolwithargmax avgpool avgpool3d mean max min sum prod argmax',
    'add addv2 addn sub mul div realdiv truediv floordiv maximum minimum pow square sqrt rsqrt neg abs squareddifference',
    'pad padv2 mirrorpad reshape transpose squeeze expanddims flatten concat concatv2 split splitv slice stridedslice gather gatherv2 tile',
    'resize resizebilinear resizenearestneighbor spacetodepth depthtospace spacetobatchnd batchtospacend',
    'identity cast clipbyvalue shape',
  ].flatMap((family) => family.split(' ')),
);

/**
 * Path of the Keras layer that a node of TensorFlow or tf2onnx was made from: `StatefulPartitionedCall/resnet/conv1/Conv2D` is of
 * `resnet/conv1`, and so is `resnet/conv1/Conv2D`. Undefined for names that are no such path.
 */
export function tensorFlowModule(name: string): string | undefined {
  const path = name.replace(functionPrefix, '');
  const isOfFunction = path !== name;
  const steps = path.split('/');
  const scopes = steps.slice(0, -1);
  if (scopes.length === 0 || scopes.includes('')) return undefined;
  return isOfFunction || isOperator(steps.at(-1) ?? '') ? scopes.join('/') : undefined;
}

function isOperator(step: string): boolean {
  return operatorNames.has(step.replace(counters, '').replaceAll('_', '').toLowerCase());
}
