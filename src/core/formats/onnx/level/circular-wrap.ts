import type { AxisPair } from '../../../graph/model-graph';
import type { CircularPadding } from '../../../equivariance/plan/measure-plan';
import { circularRanges } from '../../../equivariance/plan/circular-ranges';
import { encodeIntegerTensor, encodeNode } from '../wire/write';

/** Nodes that extend or crop a map on a circle, and the constants they read. */
export interface WrapParts {
  /** Name of the wrapped tensor; the input's own where nothing had to be done. */
  readonly output: string;
  /** Encoded NodeProtos, in order. */
  readonly nodes: readonly Uint8Array[];
  /** Encoded TensorProtos. */
  readonly initializers: readonly Uint8Array[];
}

/** The operator set from which Slice takes its bounds as inputs instead of attributes. */
const sliceByInputs = 10;

/**
 * Circular padding (negative: crop) of an NCHW tensor by Slice and Concat, which every operator set and every runtime
 * has; `Pad` with mode `wrap` came with operator set 19 and cannot wrap further than the axis is long.
 *
 * @param size height and width of the tensor; a height of 1 may be missing among its axes (`isSignal`).
 * @param prefix unique start of the new names.
 */
export function circularWrap(
  tensor: string,
  size: AxisPair,
  padding: CircularPadding,
  opset: number,
  prefix: string,
  isSignal = false,
): WrapParts {
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  let current = tensor;
  for (const image of [0, 1] as const) {
    const axis = isSignal ? image + 1 : image + 2;
    const ranges = circularRanges(size[image], padding.begin[image], padding.end[image]);
    if (ranges.length === 1 && ranges[0]?.start === 0 && ranges[0].end === size[image]) continue;
    const source = current;
    const parts = ranges.map(({ start, end }, index) => {
      if (start === 0 && end === size[image]) return source;
      const part = `${prefix}/axis${axis}/part${index}`;
      const bounds = { starts: [start], ends: [end], axes: [axis] };
      if (opset < sliceByInputs) {
        const attributes = Object.fromEntries(Object.entries(bounds).map(([name, ints]) => [name, { ints }]));
        nodes.push(encodeNode({ opType: 'Slice', inputs: [source], outputs: [part], attributes }));
      } else {
        const names = Object.entries(bounds).map(([name, values]) => {
          initializers.push(encodeIntegerTensor(`${part}/${name}`, [1], values));
          return `${part}/${name}`;
        });
        nodes.push(encodeNode({ opType: 'Slice', inputs: [source, ...names], outputs: [part] }));
      }
      return part;
    });
    current = `${prefix}/axis${axis}`;
    nodes.push(encodeNode({ opType: 'Concat', inputs: parts, outputs: [current], attributes: { axis: { int: axis } } }));
  }
  return { output: current, nodes, initializers };
}
