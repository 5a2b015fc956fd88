import type { Dataflow } from './dataflow';
import type { Layer } from './model-graph';

/** From this stride on, a stem whose kernel equals its stride cuts the image into patches. */
const leastPatch = 4;

/** True for the first convolution of ViT, ConvNeXt and their kin: kernel = stride >= 4, on the image itself. */
export function isPatchEmbedding(flow: Dataflow, { operation, inputs }: Layer): boolean {
  if (operation.kind !== 'convolution') return false;
  const { kernel, stride, dilation } = operation.window;
  return (
    stride.every((step, axis) => step >= leastPatch && step === kernel[axis] && dilation[axis] === 1) &&
    flow.isModelInput(flow.source(inputs[0] ?? ''))
  );
}
