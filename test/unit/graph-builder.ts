import { graphModelCapabilities } from '../../src/core/formats/tfjs-graph/capabilities';
import { layersModelCapabilities } from '../../src/core/formats/tfjs-layers/capabilities';
import { onnxCapabilities } from '../../src/core/formats/onnx/capabilities';
import { indexGraph } from '../../src/core/graph/dataflow';
import type { FormatId, Layer, ModelGraph, Operation, Padding, Shape, Window } from '../../src/core/graph/model-graph';
import { windowOutputSize } from '../../src/core/graph/window';
import type { FormatCapabilities, RewritableModel } from '../../src/core/rewrite/capabilities';

const capabilitiesOf: Readonly<Record<FormatId, FormatCapabilities>> = {
  onnx: onnxCapabilities,
  'tfjs-graph': graphModelCapabilities,
  'tfjs-layers': layersModelCapabilities,
};

/** A graph as fixes are planned on it; what its format can express unless told otherwise. */
export function rewritable(graph: ModelGraph, capabilities = capabilitiesOf[graph.format]): RewritableModel {
  return { ...indexGraph(graph), capabilities };
}

/** A window for tests; square, symmetric and undilated unless told otherwise. */
export function window(kernel: number, stride: number, options: { padding?: Padding; axes?: number; ceilMode?: boolean } = {}): Window {
  const fill = (value: number): number[] => Array.from({ length: options.axes ?? 2 }, () => value);
  return {
    kernel: fill(kernel),
    stride: fill(stride),
    dilation: fill(1),
    padding: options.padding ?? { kind: 'same-upper' },
    ceilMode: options.ceilMode ?? false,
  };
}

/** How many samples `operations.resize` makes one of. */
const resizeFactor = 2;

/** Operations as tests name them. */
export const operations = {
  convolution: (kernel: number, stride: number, more: Partial<Extract<Operation, { kind: 'convolution' }>> = {}): Operation => ({
    kind: 'convolution',
    window: window(kernel, stride),
    groups: 1,
    inChannels: 4,
    outChannels: 4,
    activation: null,
    ...more,
  }),
  maxPool: (kernel: number, stride: number): Operation => ({ kind: 'max-pool', window: window(kernel, stride) }),
  averagePool: (kernel: number, stride: number): Operation => ({
    kind: 'average-pool',
    window: window(kernel, stride),
    countsPadding: true,
  }),
  slice: (stride: number): Operation => ({ kind: 'slice', stride: [stride, stride] }),
  resize: (mode: string, antialias = false): Operation => ({ kind: 'resize', mode, antialias }),
  spaceToDepth: (block: number): Operation => ({ kind: 'space-to-depth', block: [block, block] }),
  /** A depthwise layer whose channels share one kernel: the outer product of `taps`, divided by their sum times `scale`. */
  blur: (taps: readonly number[], stride: number, scale = 1): Operation => {
    const sum = taps.reduce((total, tap) => total + tap, 0);
    const values = taps.flatMap((a) => taps.map((b) => (scale * a * b) / sum ** 2));
    return { ...operations.convolution(taps.length, stride, { groups: 4, sharedKernel: { shape: [taps.length, taps.length], values } }) };
  },
  relu: { kind: 'pointwise', role: 'activation' },
  batchNormalization: { kind: 'pointwise', role: 'normalisation' },
  add: { kind: 'merge' },
  flatten: { kind: 'positional' },
  globalPool: { kind: 'global-pool' },
} as const;

/** One layer of a test graph: name, operation, and inputs where they are not simply the layer before. */
export type LayerSpec = readonly [name: string, operation: Operation, inputs?: readonly string[]];

/** Builds a channels-first graph on `[n, channels, size, size]`; tensors are named after their layers, the input is `image`. */
export function graphOf(
  layers: readonly LayerSpec[],
  options: { size?: number; channels?: number; outputs?: readonly string[] } = {},
): ModelGraph {
  const { size = 32, channels = 4 } = options;
  const shapes = new Map<string, Shape>([['image', [null, channels, size, size]]]);
  const built: Layer[] = [];
  let previous = 'image';
  for (const [name, operation, inputs = [previous]] of layers) {
    shapes.set(name, outputShape(operation, shapes.get(inputs[0]!)));
    built.push({ name, op: operation.kind, operation, inputs, outputs: [name] });
    previous = name;
  }
  return {
    format: 'onnx',
    producer: '',
    layout: 'channels-first',
    inputs: ['image'],
    outputs: options.outputs ?? [previous],
    layers: built,
    tensors: new Map([...shapes].map(([name, shape]) => [name, { name, shape }])),
  };
}

function outputShape(operation: Operation, input: Shape): Shape {
  if (input === undefined) return undefined;
  const [batch = null, channels = null, ...size] = input;
  switch (operation.kind) {
    case 'convolution':
      return [batch, operation.outChannels, ...windowOutputSize(operation.window, size)];
    case 'max-pool':
    case 'average-pool':
      return [batch, channels, ...windowOutputSize(operation.window, size)];
    case 'global-pool':
      return [batch, channels, ...size.map(() => 1)];
    case 'slice':
      return [batch, channels, ...size.map((length, axis) => length && Math.ceil(length / operation.stride[axis]!))];
    case 'resize':
      return [batch, channels, ...size.map((length) => length && length / resizeFactor)];
    case 'space-to-depth':
      return [
        batch,
        channels && channels * operation.block.reduce((product, step) => product * step, 1),
        ...size.map((length, axis) => length && length / operation.block[axis]!),
      ];
    case 'positional':
      return [batch, null];
    default:
      return input;
  }
}
