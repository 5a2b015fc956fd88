import type { Operation } from '../../graph/model-graph';
import { kernelSample } from './kernel-sample';
import { sharedKernel } from './shared-kernel';
import type { SlicedWeight } from './weight-slices';

/** A convolution in the graph. */
export type Convolution = Extract<Operation, { kind: 'convolution' }>;

/** What weights tell of a convolution. */
export type KernelEvidence = Pick<Convolution, 'sharedKernel' | 'kernels'>;

/** Whose channels a kernel reads: each its own, all of them, or (separable) its own and then all. */
export type KernelKind = 'depthwise' | 'full' | 'separable';

/** The kernel of a blur, and for strided convolutions a sample of their kernels. @param weight `[...window, in, out]` */
export async function kernelEvidence(kind: KernelKind, operation: Convolution, weight: SlicedWeight | undefined): Promise<KernelEvidence> {
  const { kernel, stride } = operation.window;
  if (weight === undefined || weight.isMissing || kernel.every((length) => length === 1) || !fits(kernel, weight)) return {};
  const shared = kind === 'separable' ? undefined : await sharedKernel(kind === 'depthwise', operation, weight);
  const kernels = stride.some((step) => step > 1) ? await kernelSample(kernel, weight) : undefined;
  return { ...(shared && { sharedKernel: shared }), ...(kernels && { kernels }) };
}

function fits(kernel: readonly number[], { shape }: SlicedWeight): boolean {
  return shape.length === kernel.length + 2 && kernel.every((length, axis) => length === shape[axis]);
}
