import type { Operation } from '../../graph/model-graph';
import { kernelSample } from './kernel-sample';
import type { KerasLayer } from './keras-model';
import { sharedKernel } from './shared-kernel';
import type { SlicedWeight, WeightSlices } from './weight-slices';

type Convolution = Extract<Operation, { kind: 'convolution' }>;

/** The weight whose leading axes are the window's, by class. */
const kernelNames: ReadonlyMap<string, string> = new Map([
  ['Conv1D', 'kernel'],
  ['Conv2D', 'kernel'],
  ['Conv3D', 'kernel'],
  ['DepthwiseConv2D', 'depthwise_kernel'],
  ['SeparableConv1D', 'depthwise_kernel'],
  ['SeparableConv2D', 'depthwise_kernel'],
]);

/**
 * Adds to convolutions what their weights tell: the kernel of a blur, and for strided ones a sample of their kernels. A layer
 * that runs several times is read once.
 */
export function kernelReader(weights: WeightSlices): (layer: KerasLayer, operation: Operation) => Promise<Operation> {
  const known = new Map<KerasLayer, Pick<Convolution, 'sharedKernel' | 'kernels'>>();
  return async (layer, operation) => {
    if (operation.kind !== 'convolution') return operation;
    const read = known.get(layer) ?? (await kernelsOf(layer, operation, weights));
    known.set(layer, read);
    return { ...operation, ...read };
  };
}

async function kernelsOf(layer: KerasLayer, operation: Convolution, weights: WeightSlices): Promise<Pick<Convolution, 'sharedKernel' | 'kernels'>> {
  const { kernel, stride } = operation.window;
  const weight = kernel.some((length) => length > 1) ? kernelWeight(layer, operation, weights) : undefined;
  if (weight === undefined) return {};
  const shared = await sharedKernel(layer, operation, weight);
  const kernels = stride.some((step) => step > 1) ? await kernelSample(kernel, weight) : undefined;
  return { ...(shared && { sharedKernel: shared }), ...(kernels && { kernels }) };
}

/** Undefined where the weight is missing or is not one of this window. */
function kernelWeight(layer: KerasLayer, { window: { kernel } }: Convolution, weights: WeightSlices): SlicedWeight | undefined {
  const name = kernelNames.get(layer.className);
  const weight = name === undefined ? undefined : weights(`${layer.name}/${name}`);
  const fits = weight?.shape.length === kernel.length + 2 && kernel.every((length, axis) => length === weight.shape[axis]);
  return fits ? weight : undefined;
}
