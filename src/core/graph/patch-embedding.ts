import { sourceTensor, type Dataflow } from './dataflow';
import type { Layer, ModelGraph } from './model-graph';

/** From this stride on, a stem whose kernel equals its stride cuts the image into patches. */
const leastPatch = 4;

/** True for the first convolution of ViT, ConvNeXt and their kin: kernel = stride >= 4, on the image itself. */
export function isPatchEmbedding(graph: ModelGraph, flow: Dataflow, { operation, inputs }: Layer): boolean {
  if (operation.kind !== 'convolution') return false;
  const { kernel, stride, dilation } = operation.window;
  return (
    stride.every((step, axis) => step >= leastPatch && step === kernel[axis] && dilation[axis] === 1) &&
    graph.inputs.includes(sourceTensor(flow, inputs[0] ?? ''))
  );
}
