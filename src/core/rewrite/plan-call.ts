import type { Dimension, Layer, ModelGraph, Window } from '../graph/model-graph';
import { spatialShape } from '../graph/sampling';
import { windowOutputSize } from '../graph/window';
import { alignAverage, alignBlur } from './alignment';
import type { BlurPlace } from './blur-place';
import { chooseBorder } from './border';
import { centredPadding, type BlurFilter } from './filters';
import { filterForAverage, filterForStride } from './fitting-filter';
import { blurStride, type BlurPlan, type PlanOptions } from './plan';

/** A window layer that gives its stride, or a part of it, to a blur; or why it cannot. */
export function planWindow(
  graph: ModelGraph,
  layer: Layer,
  window: Window,
  place: BlurPlace,
  wanted: BlurFilter,
  options: PlanOptions,
): BlurPlan | string {
  const layerStride = options.splitStride === true ? window.stride.map(splitPart) : window.stride.map(() => 1);
  const stride = blurStride({ stride: window.stride, layerStride });
  const { filter, notes } = filterForStride(wanted, stride);
  const size = inputSize(graph, layer, window);
  const alignment = alignBlur(window, size, filter.taps.length, { layerStride });
  if (!alignment.ok) return cannot(layer, alignment.reason);
  if (channelsOf(graph, layer.outputs[0]) === null) return cannot(layer, 'the number of its output channels is not known');
  const mapSize = windowOutputSize({ ...window, stride: layerStride, padding: { kind: 'explicit', ...alignment.layerPadding } }, size);
  const border = chooseBorder(graph.format, options.padding ?? 'reflect', mapSize, alignment.blurPadding);
  const split = layerStride.some((step) => step > 1)
    ? [`"${layer.name}" keeps a stride of ${layerStride.join('x')}, which is cheaper but still aliases.`]
    : [];
  return {
    ...place,
    layer: layer.name,
    furtherCalls: [],
    filter,
    stride: window.stride,
    layerStride,
    padding: border.padding,
    notes: [...notes, ...place.notes, ...split, ...border.notes],
  };
}

/** The part of a stride that a split leaves with the layer: 4 becomes 2 and a blur of 2. Odd strides are not split. */
function splitPart(step: number): number {
  return step >= 4 && step % 2 === 0 ? step / 2 : 1;
}

/** An average-pool that becomes a blur at its own place; or why it cannot. */
export function planAverage(graph: ModelGraph, layer: Layer, window: Window, wanted: BlurFilter, options: PlanOptions): BlurPlan | string {
  const fitting = filterForAverage(wanted, window.kernel, window.stride);
  if (fitting === undefined) {
    return cannot(
      layer,
      `its windows of ${window.kernel.join('x')} are wider than the widest filter, or even along one axis and odd along the other`,
    );
  }
  const size = inputSize(graph, layer, window);
  const alignment = alignAverage(window, size, fitting.filter.taps.length);
  if (!alignment.ok) return cannot(layer, alignment.reason);
  if (channelsOf(graph, layer.outputs[0]) === null) return cannot(layer, 'the number of its channels is not known');
  const border = chooseBorder(graph.format, options.padding ?? 'reflect', size, alignment.blurPadding);
  return {
    recipe: 'average-to-blur',
    layer: layer.name,
    blurAfter: layer.name,
    furtherCalls: [],
    filter: fitting.filter,
    stride: window.stride,
    layerStride: window.stride.map(() => 1),
    padding: border.padding,
    notes: [...fitting.notes, ...border.notes],
  };
}

/** A layer that only picks samples, which gets a blur in front and stays as it is; or why not. */
export function planSubsample(
  graph: ModelGraph,
  layer: Layer,
  stride: readonly number[] | undefined,
  wanted: BlurFilter,
  options: PlanOptions,
): BlurPlan | string {
  if (stride === undefined) return cannot(layer, 'by how much it shrinks its input is not known');
  const { filter, notes } = filterForStride(wanted, stride);
  const input = spatialShape(graph, layer.inputs[0] ?? '');
  if (input?.channels === undefined || input.channels === null) return cannot(layer, 'the number of its channels is not known');
  const { before, after } = centredPadding(filter.taps.length);
  const amounts = { begin: stride.map((step) => (step > 1 ? before : 0)), end: stride.map((step) => (step > 1 ? after : 0)) };
  const border = chooseBorder(graph.format, options.padding ?? 'reflect', input.size, amounts);
  return {
    recipe: 'blur-then-subsample',
    layer: layer.name,
    blurAfter: layer.name,
    furtherCalls: [],
    filter,
    stride,
    layerStride: stride,
    padding: border.padding,
    notes: [...notes, ...border.notes],
  };
}

function inputSize(graph: ModelGraph, layer: Layer, window: Window): readonly Dimension[] {
  return spatialShape(graph, layer.inputs[0] ?? '')?.size ?? window.kernel.map(() => null);
}

function channelsOf(graph: ModelGraph, tensor: string | undefined): Dimension {
  return spatialShape(graph, tensor ?? '')?.channels ?? null;
}

function cannot({ name }: Layer, reason: string): string {
  return `"${name}" cannot be rewritten: ${reason}.`;
}
