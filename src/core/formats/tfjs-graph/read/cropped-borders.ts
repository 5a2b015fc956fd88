import { spatialAxes } from '../../../graph/layout';
import type { Dimension, Layer, Operation } from '../../../graph/model-graph';
import type { Neighbours } from '../../../graph/rearrangement';
import type { CropPadding } from '../operators/call';

/**
 * Marks slices that make room for a border: the padding and the window behind make up for what they cut off the sides of a map, so that
 * as many samples come out as of the whole map. They are a padding themselves then, of amounts below zero: all of the border wraps under
 * the circular protocol.
 *
 * @param crops what slices take off, by name @param outputs of the model
 */
export function markCroppedBorders(
  layers: readonly Layer[],
  neighbours: Neighbours,
  crops: ReadonlyMap<string, CropPadding>,
  outputs: readonly string[],
): readonly Layer[] {
  const read = new Set(outputs);
  return layers.map((layer) => {
    const crop = crops.get(layer.name);
    if (crop === undefined || layer.operation.kind !== 'slice' || !isMadeUpFor(layer, neighbours, read)) return layer;
    const operation: Operation = { kind: 'pad', ...crop, mode: 'constant' };
    return { ...layer, operation };
  });
}

function isMadeUpFor(layer: Layer, neighbours: Neighbours, outputs: ReadonlySet<string>): boolean {
  const behind = windowBehind(layer, neighbours, outputs);
  if (behind === undefined) return false;
  const [before, after] = [layer.inputs[0], behind.output].map((tensor) => sizeOf(tensor ?? '', neighbours));
  return before !== undefined && before.every((length, axis) => isWhole(length, after?.[axis] ?? null, behind.stride[axis] ?? 1));
}

/** True where a window of such a stride gives one sample for every stride of the map, rounded either way. */
function isWhole(length: Dimension, samples: Dimension, stride: number): boolean {
  return length !== null && samples !== null && Math.abs(samples * stride - length) < stride;
}

/** The only reader, beyond padding: a convolution or a pool. */
function windowBehind(
  layer: Layer,
  neighbours: Neighbours,
  outputs: ReadonlySet<string>,
): { readonly stride: readonly number[]; readonly output: string } | undefined {
  for (let [tensor] = layer.outputs; tensor !== undefined && !outputs.has(tensor);) {
    const [reader, ...others] = neighbours.readers(tensor);
    if (reader === undefined || others.length > 0) return undefined;
    const { operation } = reader;
    if (operation.kind === 'convolution' || operation.kind === 'max-pool' || operation.kind === 'average-pool')
      return { stride: operation.window.stride, output: reader.outputs[0] ?? '' };
    if (operation.kind !== 'pad') return undefined;
    [tensor] = reader.outputs;
  }
  return undefined;
}

function sizeOf(tensor: string, neighbours: Neighbours): readonly Dimension[] | undefined {
  const shape = neighbours.shape(tensor);
  return shape && spatialAxes(neighbours.layout(tensor), shape.length).map((axis) => shape[axis] ?? null);
}
