import type { Operation } from '../../../graph/model-graph';
import { kernelEvidence, type KernelEvidence, type KernelKind } from '../../tfjs/kernel-evidence';
import type { WeightSlices } from '../../tfjs/weight-slices';
import type { KerasLayer } from './keras-model';

/** The weight whose leading axes are the window's, by class. */
const kernelsOfClass: ReadonlyMap<string, { readonly name: string; readonly kind: KernelKind }> = new Map([
  ['Conv1D', { name: 'kernel', kind: 'full' }],
  ['Conv2D', { name: 'kernel', kind: 'full' }],
  ['Conv3D', { name: 'kernel', kind: 'full' }],
  ['ConvLSTM1D', { name: 'kernel', kind: 'full' }],
  ['ConvLSTM2D', { name: 'kernel', kind: 'full' }],
  ['ConvLSTM3D', { name: 'kernel', kind: 'full' }],
  ['DepthwiseConv2D', { name: 'depthwise_kernel', kind: 'depthwise' }],
  ['SeparableConv1D', { name: 'depthwise_kernel', kind: 'separable' }],
  ['SeparableConv2D', { name: 'depthwise_kernel', kind: 'separable' }],
]);

/** Adds to convolutions what their weights tell. A layer that runs several times is read once. */
export function kernelReader(weights: WeightSlices): (layer: KerasLayer, operation: Operation) => Promise<Operation> {
  const known = new Map<KerasLayer, KernelEvidence>();
  return async (layer, operation) => {
    const kernel = kernelsOfClass.get(layer.className);
    if (operation.kind !== 'convolution' || kernel === undefined) return operation;
    const read = known.get(layer) ?? (await kernelEvidence(kernel.kind, operation, weights(`${layer.name}/${kernel.name}`)));
    known.set(layer, read);
    return { ...operation, ...read };
  };
}
