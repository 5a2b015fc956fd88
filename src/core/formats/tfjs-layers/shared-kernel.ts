import type { Operation, SharedKernel } from '../../graph/model-graph';
import type { KerasLayer } from './topology';

/** Widest kernel that is looked at as a possible BlurPool; larger depthwise layers are learned. */
const widestBlur = 7;

/**
 * Adds to a depthwise layer the kernel that all its channels share, if they do: how a BlurPool shows in a file.
 * @param weightNamed reads one weight's numbers
 */
export async function withSharedKernel(
  layer: KerasLayer,
  operation: Operation,
  weightNamed: (name: string) => Promise<readonly number[] | undefined>,
): Promise<Operation> {
  if (operation.kind !== 'convolution' || layer.className !== 'DepthwiseConv2D') return operation;
  const { inChannels, outChannels, window } = operation;
  if (inChannels === null || inChannels !== outChannels || window.kernel.some((length) => length > widestBlur)) return operation;
  const weights = await weightNamed(`${layer.name}/depthwise_kernel`);
  const sharedKernel = weights && sharedByChannels(weights, window.kernel, inChannels);
  return sharedKernel === undefined ? operation : { ...operation, sharedKernel };
}

/** Weights are `[height, width, channels, 1]`; undefined where they are of another shape or channels differ. */
function sharedByChannels(weights: readonly number[], shape: readonly number[], channels: number): SharedKernel | undefined {
  const positions = shape.reduce((product, length) => product * length, 1);
  if (channels === 0 || weights.length !== positions * channels) return undefined;
  const values = Array.from({ length: positions }, (_, position) => weights[position * channels] ?? 0);
  const shared = weights.every((weight, index) => weight === values[Math.floor(index / channels)]);
  return shared ? { shape, values } : undefined;
}
