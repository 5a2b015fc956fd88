import type { AxisPair, Operation } from '../../../graph/model-graph';
import type { OnnxNode } from '../wire/proto';
import { encodeNode } from '../wire/write';
import { unpaddedAttributes } from './circular-node';
import { circularWrap } from './circular-wrap';
import type { EncodedNodes } from './encoded-nodes';
import { bridge } from './half-precision';
import { deinterleave, interleave, interleaveGrid } from './interleave';
import { channelsOf, mapSizeOf, ownPrefix, type LevelSource } from './level-source';

/** Reshape takes the shape as an input from this operator set on. */
const reshapeByInput = 5;

/** A convolution whose maps are so small that several images run faster as one map. */
export interface WovenConvolution {
  readonly node: OnnxNode;
  readonly layer: string;
  /** Images per woven map, along each axis. */
  readonly grid: AxisPair;
  readonly dilation: AxisPair;
  readonly channels: { readonly input: number; readonly output: number };
}

/** Undefined for every node that runs no faster on woven maps. */
export function wovenConvolution(source: LevelSource, node: OnnxNode, layer: string | undefined): WovenConvolution | undefined {
  const { model, plan, operationOf } = source;
  const operation = operationOf.get(layer ?? '');
  if (layer === undefined || plan.input.isSignal || node.opType !== 'Conv' || model.opsetVersion < reshapeByInput) return undefined;
  if (operation?.kind !== 'convolution' || !gainsFromWeaving(operation) || !plan.circularPadding.has(layer)) return undefined;
  const [input, output] = [channelsOf(source, node.inputs[0] ?? ''), channelsOf(source, node.outputs[0] ?? '')];
  const grid = interleaveGrid(mapSizeOf(source, node.inputs[0] ?? ''));
  if (input === undefined || output === undefined || grid === undefined) return undefined;
  const [down = 1, right = 1] = operation.window.dilation;
  return { node, layer, grid, dilation: [down, right], channels: { input, output } };
}

/** One group, no stride, and more than one sample per window: else weaving costs more than it gains. */
function gainsFromWeaving({ groups, window: { kernel, stride } }: Extract<Operation, { kind: 'convolution' }>): boolean {
  return groups === 1 && stride.every((step) => step === 1) && kernel.some((length) => length !== 1);
}

/** The convolution on woven maps, where neighbours of one image are `grid` samples apart: so are its padding and its taps. */
export function weaveConvolution(source: LevelSource, { node, layer, grid, dilation, channels }: WovenConvolution): EncodedNodes {
  const { model, plan } = source;
  const [input = '', ...weights] = node.inputs;
  const [output = ''] = node.outputs;
  const prefix = `${ownPrefix}/${output}`;
  const { begin, end } = plan.circularPadding.get(layer) ?? { begin: [0, 0], end: [0, 0] };
  const apart = ([y, x]: AxisPair): AxisPair => [y * grid[0], x * grid[1]];
  const size = mapSizeOf(source, input);
  const { wide, narrow } = bridge(source, input, `${prefix}/weave`);
  const woven = interleave({
    tensor: wide.output,
    channels: channels.input,
    size,
    grid,
    output: `${prefix}/weave/joined`,
    prefix: `${prefix}/weave`,
  });
  const padding = { begin: apart(begin), end: apart(end) };
  const wrap = circularWrap({ tensor: woven.output, size: apart(size), padding, opset: model.opsetVersion, isSignal: false, prefix });
  const taken = narrow(wrap.output);
  const window = encodeNode({
    name: node.name,
    opType: node.opType,
    inputs: [taken.output, ...weights],
    outputs: [`${prefix}/woven`],
    verbatimAttributes: unpaddedAttributes(node, 'dilations'),
    attributes: { dilations: { ints: apart(dilation) } },
  });
  const result = bridge(source, `${prefix}/woven`, `${prefix}/unweave`, output);
  const unwoven = deinterleave({
    tensor: result.wide.output,
    channels: channels.output,
    size: mapSizeOf(source, output),
    grid,
    output: `${prefix}/unweave/parted`,
    prefix: `${prefix}/unweave`,
  });
  return {
    nodes: [
      ...wide.nodes,
      ...woven.nodes,
      ...wrap.nodes,
      ...taken.nodes,
      window,
      ...result.wide.nodes,
      ...unwoven.nodes,
      ...result.narrow(unwoven.output, output).nodes,
    ],
    initializers: [...woven.initializers, ...wrap.initializers, ...unwoven.initializers],
  };
}
