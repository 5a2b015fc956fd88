import { concatenate, dot, merge } from '../layers/combining';
import type { BuiltLayer, LayerBuilder, LayerCall } from '../layers/layer-call';
import { activation, batchNormalization, groupNormalization, layerNormalization, pointwise, prelu, softmax } from '../layers/pointwise';
import { centerCrop, cropping, resizing, upSampling, zeroPadding } from '../layers/resampling';
import { dense, embedding, flatten, input, permute, repeatVector, reshape } from '../layers/reshaping';
import { convolution, depthwiseConvolution, globalPool, pool, recurrentConvolution, transposedConvolution } from '../layers/windows';

/** What Shiftlint knows of a Keras layer class; undefined for a class it does not know. */
export function buildLayer(call: LayerCall): BuiltLayer | undefined {
  return builders.get(call.className)?.(call);
}

/** A new layer class is a line here, and a builder where none fits. */
const builders: ReadonlyMap<string, LayerBuilder> = new Map<string, LayerBuilder>([
  ['InputLayer', input],

  ['Conv1D', convolution(1)],
  ['Conv2D', convolution(2)],
  ['Conv3D', convolution(3)],
  // Depthwise, then 1x1: for sampling it is one convolution with the depthwise window.
  ['SeparableConv1D', convolution(1)],
  ['SeparableConv2D', convolution(2)],
  ['DepthwiseConv2D', depthwiseConvolution],
  ['Conv2DTranspose', transposedConvolution(2)],
  ['Conv3DTranspose', transposedConvolution(3)],
  ['ConvLSTM1D', recurrentConvolution(1)],
  ['ConvLSTM2D', recurrentConvolution(2)],
  ['ConvLSTM3D', recurrentConvolution(3)],

  ['MaxPooling1D', pool(1, 'max')],
  ['MaxPooling2D', pool(2, 'max')],
  ['MaxPooling3D', pool(3, 'max')],
  ['AveragePooling1D', pool(1, 'average')],
  ['AveragePooling2D', pool(2, 'average')],
  ['AveragePooling3D', pool(3, 'average')],
  ['GlobalAveragePooling1D', globalPool],
  ['GlobalAveragePooling2D', globalPool],
  ['GlobalAveragePooling3D', globalPool],
  ['GlobalMaxPooling1D', globalPool],
  ['GlobalMaxPooling2D', globalPool],
  ['GlobalMaxPooling3D', globalPool],

  ['ZeroPadding1D', zeroPadding(1)],
  ['ZeroPadding2D', zeroPadding(2)],
  ['ZeroPadding3D', zeroPadding(3)],
  ['Cropping1D', cropping(1)],
  ['Cropping2D', cropping(2)],
  ['Cropping3D', cropping(3)],
  ['CenterCrop', centerCrop],
  ['UpSampling1D', upSampling(1)],
  ['UpSampling2D', upSampling(2)],
  ['UpSampling3D', upSampling(3)],
  ['Resizing', resizing],

  ['BatchNormalization', batchNormalization],
  ['LayerNormalization', layerNormalization],
  ['GroupNormalization', groupNormalization],
  ['Normalization', pointwise('normalisation')],
  ['Rescaling', pointwise('normalisation')],
  ['Activation', activation],
  ['ReLU', pointwise('activation')],
  ['LeakyReLU', pointwise('activation')],
  ['PReLU', prelu],
  ['ELU', pointwise('activation')],
  ['ThresholdedReLU', pointwise('activation')],
  ['Softmax', softmax],
  ['Dropout', pointwise('identity')],
  ['SpatialDropout1D', pointwise('identity')],
  ['SpatialDropout2D', pointwise('identity')],
  ['SpatialDropout3D', pointwise('identity')],
  ['GaussianNoise', pointwise('identity')],
  ['GaussianDropout', pointwise('identity')],
  ['AlphaDropout', pointwise('identity')],
  ['ActivityRegularization', pointwise('identity')],
  // Augmentation does nothing to a model that is not being trained.
  ['RandomFlip', pointwise('identity')],
  ['RandomRotation', pointwise('identity')],
  ['RandomTranslation', pointwise('identity')],
  ['RandomZoom', pointwise('identity')],
  ['RandomContrast', pointwise('identity')],
  ['RandomBrightness', pointwise('identity')],
  // Sets steps of a sequence to zero by their own values.
  ['Masking', pointwise('other')],

  ['Add', merge],
  ['Subtract', merge],
  ['Multiply', merge],
  ['Average', merge],
  ['Maximum', merge],
  ['Minimum', merge],
  ['Concatenate', concatenate],
  ['Dot', dot],

  ['Flatten', flatten],
  ['Reshape', reshape],
  ['Permute', permute],
  ['RepeatVector', repeatVector],
  ['Dense', dense],
  ['Embedding', embedding],
]);
