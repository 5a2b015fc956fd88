import type { CircularPadding, CircularResampling } from '../../../equivariance/contracts';
import { circularRanges } from '../../../graph/circle';
import type { AxisPair, Operation } from '../../../graph/model-graph';
import { effectiveKernel } from '../../../graph/window';
import { NodeBuilder, windowPadding } from '../patch/node-builder';
import type { GraphNode } from '../read/node';
import { float, sizeOfInput, type LevelSource } from './level-source';

/** Cutting a map into blocks only spreads a window, and the level's windows are told their dilation themselves. */
const blockOperators: ReadonlySet<string> = new Set(['SpaceToBatchND', 'BatchToSpaceND']);

/** A node of a level. */
interface CircularNode {
  readonly node: GraphNode;
  readonly operation: Operation;
  /** Tensors that it reads in the level. */
  readonly inputs: readonly string[];
}

/**
 * Adds a node under the circular protocol: window nodes read a wrapped map and pad nothing themselves, folded pads hand their input
 * on, all others stand as they are in the file.
 * @param inputs tensors that it reads in the level
 */
export function addCircularNode(builder: NodeBuilder, source: LevelSource, node: GraphNode, inputs: readonly string[]): void {
  const { plan, operations } = source;
  if (plan.foldedPads.has(node.name) || blockOperators.has(node.op)) {
    builder.push({ name: node.name, op: 'Identity', input: inputs.slice(0, 1), attr: { T: { type: float } } });
    return;
  }
  const resampling = plan.circularResampling.get(node.name);
  const padding = plan.circularPadding.get(node.name);
  const operation = operations.get(node.name);
  if (resampling !== undefined && operation !== undefined && node.op !== 'DepthToSpace')
    addResampling(builder, source, { node, operation, inputs }, resampling);
  else if (padding !== undefined && operation !== undefined) addWindow(builder, source, { node, operation, inputs }, padding);
  else builder.push({ name: node.name, op: node.op, input: inputs, attr: node.attributes });
}

function addWindow(builder: NodeBuilder, source: LevelSource, { node, operation, inputs }: CircularNode, padding: CircularPadding): void {
  const [map = '', ...others] = inputs;
  const wrapped = wrap(builder, node, map, sizeOfInput(source, node, 0), padding);
  const dilation = operation.kind === 'convolution' ? { dilations: NodeBuilder.integers([1, ...operation.window.dilation, 1]) } : {};
  builder.push({ name: node.name, op: node.op, input: [wrapped, ...others], attr: { ...node.attributes, ...windowPadding, ...dilation } });
}

/** Runs on the wrapped map, to the size that this gives, and cuts the circular output out of it. */
function addResampling(
  builder: NodeBuilder,
  source: LevelSource,
  { node, operation, inputs }: CircularNode,
  resampling: CircularResampling,
): void {
  const isTransposed = operation.kind === 'transposed-convolution';
  const place = isTransposed ? 2 : 0;
  const size = sizeOfInput(source, node, place);
  const { begin, end } = resampling.padding;
  const wrapped = wrap(builder, node, inputs[place] ?? '', size, resampling.padding);
  const lengths = ([0, 1] as const).map((axis) => size[axis] + begin[axis] + end[axis]);
  const whole = lengths.map((length, axis) => wholeLength(operation, axis, length, (resampling.size[axis] ?? 1) / (size[axis] ?? 1)));
  const full = builder.name(`${node.name}/full`);
  if (isTransposed) {
    const channels = source.graph.tensors.get(node.name)?.shape?.at(-1) ?? 1;
    const shape = builder.batchShape(`${node.name}/shape`, wrapped, [...whole, channels]);
    builder.push({ name: full, op: node.op, input: [shape, inputs[1] ?? '', wrapped], attr: { ...node.attributes, ...windowPadding } });
  } else {
    builder.push({ name: full, op: node.op, input: [wrapped, builder.constant(`${node.name}/size`, [2], whole)], attr: node.attributes });
  }
  builder.slice(`${node.name}/crop`, full, resampling.begin, resampling.size, node.name);
}

/** Length along an axis of what a node gives before the crop. */
function wholeLength(operation: Operation, axis: number, length: number, factor: number): number {
  if (operation.kind !== 'transposed-convolution') return Math.round(length * factor);
  const { window } = operation;
  return (length - 1) * (window.stride[axis] ?? 1) + (effectiveKernel(window)[axis] ?? 1);
}

/** Circular padding (negative: crop) of `[batch, height, width, channels]`, axis by axis. */
function wrap(builder: NodeBuilder, node: GraphNode, map: string, size: AxisPair, { begin, end }: CircularPadding): string {
  let current = map;
  const wrapped: [number, number] = [...size];
  for (const axis of [0, 1] as const) {
    if (begin[axis] === 0 && end[axis] === 0) continue;
    const source = current;
    const parts = circularRanges(size[axis], begin[axis], end[axis]).map((range, index) => {
      if (range.start === 0 && range.end === size[axis]) return source;
      const [first, lengths]: [[number, number], [number, number]] = [[0, 0], [...wrapped]];
      first[axis] = range.start;
      lengths[axis] = range.end - range.start;
      return builder.slice(`${node.name}/axis${axis}_part${index}`, source, first, lengths);
    });
    const [only = source, ...others] = parts;
    current = others.length === 0 ? only : builder.concat(`${node.name}/axis${axis}`, parts, axis + 1);
    wrapped[axis] = size[axis] + begin[axis] + end[axis];
  }
  return current;
}
