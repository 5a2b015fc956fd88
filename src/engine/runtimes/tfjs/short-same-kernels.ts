import type { KernelFunc } from '@tensorflow/tfjs';
import type { TensorFlow } from './tensorflow';

/** Convolutions of the WASM backend, with where each keeps its weights and whether each channel has its own. */
const convolutions: readonly { readonly kernelName: string; readonly isDepthwise: boolean }[] = [
  { kernelName: 'Conv2D', isDepthwise: false },
  { kernelName: 'FusedConv2D', isDepthwise: false },
  { kernelName: 'DepthwiseConv2dNative', isDepthwise: true },
  { kernelName: 'FusedDepthwiseConv2D', isDepthwise: true },
];

/** What these kernels are told. */
interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number] | null;
}

/**
 * Spells SAME out as amounts where a window is shorter than its stride along an axis: of such convolutions the WASM backend (4.22) gives
 * zeros, without an error (tensorflow/tfjs 6629). With the same amounts given explicitly it is right.
 */
export function spellOutShortSame(tf: TensorFlow, backendName: string): void {
  for (const { kernelName, isDepthwise } of convolutions) {
    const kernel = tf.getKernel(kernelName, backendName);
    const run: KernelFunc = kernel.kernelFunc;
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...kernel,
      kernelFunc: (call) => {
        const { x, filter } = call.inputs;
        const attributes = call.attrs as unknown as ConvolutionAttributes;
        if (x === undefined || filter === undefined || attributes.pad !== 'same') return run(call);
        const pad = shortSamePadding(tf, x.shape, filter.shape, attributes, isDepthwise);
        return run(pad === undefined ? call : { ...call, attrs: { ...call.attrs, pad } });
      },
    });
  }
}

/** The amounts of SAME; undefined where no window is shorter than its stride. */
function shortSamePadding(
  tf: TensorFlow,
  map: readonly number[],
  filter: readonly number[],
  { strides, dilations, dataFormat }: ConvolutionAttributes,
  isDepthwise: boolean,
): ConvolutionAttributes['pad'] | undefined {
  if (dataFormat === 'NCHW') return undefined;
  const { padInfo, strideHeight, strideWidth, effectiveFilterHeight, effectiveFilterWidth } = tf.backend_util.computeConv2DInfo(
    map as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations ?? 1,
    'same',
    undefined,
    isDepthwise,
  );
  if (effectiveFilterHeight >= strideHeight && effectiveFilterWidth >= strideWidth) return undefined;
  return [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ];
}
