import type { CircularPadding } from '../../../equivariance/contracts';
import { circularRanges, type SampleRange } from '../../../graph/circle';
import type { AxisPair } from '../../../graph/model-graph';
import { encodeIntegerTensor, encodeNode } from '../wire/write';
import type { EncodedNodes, EncodedStep } from './encoded-nodes';

/** A map that is extended or cropped on a circle. */
export interface WrappedMap {
  readonly tensor: string;
  /** Height and width of the map. */
  readonly size: AxisPair;
  /** A negative amount crops. */
  readonly padding: CircularPadding;
  /** Version of the ONNX operators. */
  readonly opset: number;
  /** Whether the height, which is 1, is missing among the tensor's axes. */
  readonly isSignal: boolean;
  /** Unique start of the new names. */
  readonly prefix: string;
}

/** The operator set from which Slice takes its bounds as inputs instead of attributes. */
const sliceByInputs = 10;

/**
 * Circular padding of an NCHW tensor by Slice and Concat, which every operator set and every runtime has; `Pad` with mode `wrap` came
 * with operator set 19 and cannot wrap further than the axis is long.
 */
export function circularWrap({ tensor, size, padding, opset, isSignal, prefix }: WrappedMap): EncodedStep {
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  let current = tensor;
  for (const image of [0, 1] as const) {
    const axis = isSignal ? image + 1 : image + 2;
    const ranges = circularRanges(size[image], padding.begin[image], padding.end[image]);
    const isWhole = ({ start, end }: SampleRange): boolean => start === 0 && end === size[image];
    if (ranges.length === 1 && ranges.every(isWhole)) continue;
    const source = current;
    const parts = ranges.map((range, index) => {
      if (isWhole(range)) return source;
      const part = `${prefix}/axis${axis}/part${index}`;
      const slice = sliceNodes(source, part, { starts: [range.start], ends: [range.end], axes: [axis] }, opset);
      nodes.push(...slice.nodes);
      initializers.push(...slice.initializers);
      return part;
    });
    current = `${prefix}/axis${axis}`;
    nodes.push(encodeNode({ opType: 'Concat', inputs: parts, outputs: [current], attributes: { axis: { int: axis } } }));
  }
  return { output: current, nodes, initializers };
}

/** A Slice, whose bounds are attributes or inputs as the operator set wants them. @param bounds `starts`, `ends`, `axes` */
export function sliceNodes(
  input: string,
  output: string,
  bounds: Readonly<Record<string, readonly number[]>>,
  opset: number,
): EncodedNodes {
  if (opset < sliceByInputs) {
    const attributes = Object.fromEntries(Object.entries(bounds).map(([name, ints]) => [name, { ints }]));
    return { nodes: [encodeNode({ opType: 'Slice', inputs: [input], outputs: [output], attributes })], initializers: [] };
  }
  const names = Object.keys(bounds).map((name) => `${output}/${name}`);
  return {
    nodes: [encodeNode({ opType: 'Slice', inputs: [input, ...names], outputs: [output] })],
    initializers: Object.entries(bounds).map(([name, values]) => encodeIntegerTensor(`${output}/${name}`, [values.length], values)),
  };
}
