import type { CircularResampling } from '../../../equivariance/contracts';
import type { AxisPair, Operation } from '../../../graph/model-graph';
import { effectiveKernel } from '../../../graph/window';
import { circularWrap, type WrappedMap } from './circular-wrap';
import type { EncodedNodes } from './encoded-nodes';
import type { Bridge } from './half-precision';
import type { OnnxNode } from '../wire/proto';
import { encodeFloatTensor, encodeNode } from '../wire/write';

/** What the wrap and the crop replace, by operator. */
const replacedAttributes: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['ConvTranspose', new Set(['pads', 'auto_pad', 'output_padding', 'output_shape'])],
  ['Resize', new Set(['keep_aspect_ratio_policy', 'axes'])],
  ['Upsample', new Set()],
]);

/** A node that upsamples or resizes, as the circular protocol runs it. */
export interface ResampledNode extends Omit<WrappedMap, 'tensor' | 'padding'> {
  readonly node: OnnxNode;
  readonly operation: Operation;
  readonly resampling: CircularResampling;
  /** Name for what the node gives before the crop. */
  readonly full: string;
  readonly bridges: { readonly input: Bridge; readonly output: Bridge };
}

/**
 * The node on a wrapped map, without padding of its own, and a crop behind it; undefined for an operator that is circular by
 * itself (DepthToSpace). A resize is given factors: lengths would have to name the batch, which is open.
 */
export function circularResample(parts: ResampledNode): EncodedNodes | undefined {
  const { node, resampling, size, opset, isSignal, prefix, full, bridges } = parts;
  const removed = replacedAttributes.get(node.opType);
  if (removed === undefined) return undefined;
  const [, ...others] = node.inputs;
  const wrapped: AxisPair = [size[0] + sum(resampling, 0), size[1] + sum(resampling, 1)];
  const wrap = circularWrap({
    tensor: bridges.input.wide.output,
    size,
    padding: resampling.padding,
    opset,
    isSignal,
    prefix: `${prefix}/in`,
  });
  const taken = bridges.input.narrow(wrap.output);
  const whole = wholeSize(parts, wrapped);
  const scales = `${prefix}/scales`;
  const isTransposed = node.opType === 'ConvTranspose';
  const layer = encodeNode({
    name: node.name,
    opType: node.opType,
    domain: node.domain,
    inputs: isTransposed ? [taken.output, ...others] : resizeInputs(node, taken.output, scales, opset),
    outputs: [full],
    verbatimAttributes: [...node.attributes.values()].filter(({ name }) => !removed.has(name)).map(({ message }) => message),
  });
  const end: AxisPair = [
    0 - (whole[0] - resampling.begin[0] - resampling.size[0]),
    0 - (whole[1] - resampling.begin[1] - resampling.size[1]),
  ];
  const padding = { begin: [-resampling.begin[0], -resampling.begin[1]], end } as const;
  const crop = circularWrap({ tensor: bridges.output.wide.output, size: whole, padding, opset, isSignal, prefix: `${prefix}/out` });
  const factors = [1, 1, ...(isSignal ? [] : [resampling.size[0] / size[0]]), resampling.size[1] / size[1]];
  return {
    nodes: [
      ...bridges.input.wide.nodes,
      ...wrap.nodes,
      ...taken.nodes,
      layer,
      ...bridges.output.wide.nodes,
      ...crop.nodes,
      ...bridges.output.narrow(crop.output, node.outputs[0]).nodes,
    ],
    initializers: [
      ...wrap.initializers,
      ...(isTransposed ? [] : [encodeFloatTensor(scales, [factors.length], factors)]),
      ...crop.initializers,
    ],
  };
}

function sum({ padding }: CircularResampling, axis: 0 | 1): number {
  return padding.begin[axis] + padding.end[axis];
}

/** Size of what the node gives before the crop. */
function wholeSize({ operation, resampling, size }: ResampledNode, wrapped: AxisPair): AxisPair {
  if (operation.kind !== 'transposed-convolution') {
    return [Math.round((wrapped[0] * resampling.size[0]) / size[0]), Math.round((wrapped[1] * resampling.size[1]) / size[1])];
  }
  const extents = effectiveKernel(operation.window);
  const length = (axis: 0 | 1): number => (wrapped[axis] - 1) * (operation.window.stride[axis] ?? 1) + (extents[axis] ?? 1);
  return [length(0), length(1)];
}

/** Factors are an attribute before operator set 9, then the second input, and the third of Resize since operator set 11. */
function resizeInputs({ opType, inputs, attributes }: OnnxNode, map: string, scales: string, opset: number): readonly string[] {
  if (attributes.has('scales') || attributes.has('height_scale')) return [map];
  return opType === 'Upsample' || opset < 11 ? [map, scales] : [map, inputs[1] ?? '', scales];
}
