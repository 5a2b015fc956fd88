import { block, type BlockTable } from '../block';

const darknet = {
  parameters: ['filters', 'kernel_size', 'strides'],
  kernel: ['kernel_size', null],
  stride: ['strides', null],
  activation: 'activation',
} as const;
const inverted = {
  parameters: ['input_filters', 'output_filters', 'expand_ratio', 'kernel_size', 'strides'],
  kernel: ['kernel_size', 3],
  stride: ['strides', 1],
} as const;
const utilities = 'keras_cv.models.backbones.csp_darknet.csp_darknet_utils';
const yolo = 'keras_cv.models.object_detection.yolo_v8.yolo_v8_layers';

/** https://keras.io/keras_cv/, whose modules also bear `keras_cv.src`. */
export const kerasCv: BlockTable = {
  modules: [
    ['keras_cv.layers', 'keras_cv.layers'],
    ['keras_cv.src.layers', 'keras_cv.layers'],
    [utilities, utilities],
    [utilities.replace('keras_cv.', 'keras_cv.src.'), utilities],
    [yolo, yolo],
    [yolo.replace('keras_cv.', 'keras_cv.src.'), yolo],
  ],
  callables: [
    ...['DarknetConvBlock', 'DarknetConvBlockDepthwise'].map((name) => block(`${utilities}.${name}`, darknet)),
    ...['MBConvBlock', 'FusedMBConvBlock'].map((name) => block(`keras_cv.layers.${name}`, inverted)),
    block('keras_cv.layers.PatchingAndEmbedding', {
      parameters: ['project_dim', 'patch_size'],
      kernel: ['patch_size', null],
      stride: ['patch_size', null],
    }),
    block('keras_cv.layers.OverlappingPatchingAndEmbedding', {
      parameters: ['project_dim', 'patch_size', 'stride'],
      kernel: ['patch_size', 7],
      stride: ['stride', 4],
    }),
    block(`${yolo}.apply_conv_bn`, {
      parameters: ['output_channel', 'kernel_size', 'strides', 'activation'],
      kernel: ['kernel_size', 1],
      stride: ['strides', 1],
      form: 'operation',
      activation: 'activation',
    }),
  ],
};
