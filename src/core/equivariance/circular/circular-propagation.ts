import { indexGraph } from '../../graph/dataflow';
import type { AxisPair, Dimension, Layer, ModelGraph, Operation, Window } from '../../graph/model-graph';
import { declaredLengths, hasOtherLayout, imageAxes, spatialShape } from '../../graph/sampling';
import { isPending, jointPeriod, type CircularState, type SpatialState } from './circular-state';
import { addPending, circularWindow, nothingPending } from './circular-window';
import { circularResize, circularTransposed } from './circular-resampling';
import type { CircularPadding, CircularResampling } from '../contracts';
import type { PlannedInput } from '../plan/measure-plan';
import { followTokens } from '../tokens/token-propagation';
import { area, mapSize, periodOf, samePair } from '../../graph/period';

/** What the circular protocol makes of every tensor and window layer. */
export interface CircularPropagation {
  readonly states: ReadonlyMap<string, CircularState>;
  readonly circularPadding: ReadonlyMap<string, CircularPadding>;
  readonly circularResampling: ReadonlyMap<string, CircularResampling>;
  readonly foldedPads: ReadonlySet<string>;
  /** Window layers whose missing samples are supplied by wrapping. */
  readonly wrapped: readonly string[];
}

/**
 * Follows the images through the graph under the circular protocol.
 * @param size image size. Undefined for a first pass that only collects periods, where nothing depends on sizes.
 */
export function propagateCircular(
  graph: ModelGraph,
  { images, held }: Pick<PlannedInput, 'images' | 'held'>,
  size: AxisPair | undefined,
): CircularPropagation {
  const propagation = new Propagation(graph, size);
  for (const { tensor } of images)
    propagation.states.set(tensor, { kind: 'spatial', stride: [1, 1], period: [1, 1], pending: nothingPending });
  for (const { tensor } of held) propagation.states.set(tensor, { kind: 'global', period: [1, 1] });
  for (const layer of graph.layers) {
    const state = propagation.follow(layer);
    for (const output of layer.outputs) propagation.states.set(output, state);
  }
  return propagation;
}

class Propagation implements CircularPropagation {
  readonly states = new Map<string, CircularState>();
  readonly circularPadding = new Map<string, CircularPadding>();
  readonly circularResampling = new Map<string, CircularResampling>();
  readonly foldedPads = new Set<string>();
  readonly wrapped: string[] = [];
  private readonly readAsMaps = new Map<string, boolean>();

  constructor(
    private readonly graph: ModelGraph,
    private readonly size: AxisPair | undefined,
  ) {}

  follow(layer: Layer): CircularState {
    const states = layer.inputs.map((tensor) => this.states.get(tensor));
    const given = states.filter((state) => state !== undefined);
    if (given.length === 0 || given.length < states.length) {
      return omitted(layer, 'takes no input that follows from the image, so its shifts cannot be followed');
    }
    const left = given.find((state) => state.kind === 'omitted');
    if (left !== undefined) return left;
    const { operation } = layer;
    if (layer.sealed !== undefined) return omitted(layer, `cannot be followed: ${layer.sealed}`);
    if (operation.kind === 'opaque') return omitted(layer, `cannot be followed: ${operation.reason}`);
    const tokens = followTokens(this.graph, layer, given, (state) => this.sizeOf(state));
    if (tokens !== undefined) return tokens;
    // To whatever does not merely reorder them, tokens are values of their own for every shift.
    const known = given.map((state): CircularState => (state.kind === 'tokens' ? { kind: 'positional' } : state));
    if (layer.outputs.some((tensor) => hasOtherLayout(this.graph, tensor))) return this.mixPositions(layer, known);
    const [first = { kind: 'positional' }] = known;
    const step = layer.stepOf === undefined ? undefined : this.followStep(layer.stepOf, first);
    if (step !== undefined) return step;
    switch (operation.kind) {
      case 'convolution':
      case 'max-pool':
      case 'average-pool':
        return this.onMap(first, (map) => this.followWindow(layer, operation.window, map));
      case 'global-pool':
        return this.onMap(first, (map) => this.pool(layer, map));
      case 'pad':
        return this.onMap(first, (map) => this.pad(layer, operation, map));
      case 'pointwise':
      case 'channelwise':
      case 'merge':
        return this.merge(layer, known);
      case 'positional':
        return this.mixPositions(layer, known);
      case 'transposed-convolution':
        return hasMap(first)
          ? this.onMap(first, (map) => this.upsample(layer, operation.window, map))
          : omitted(layer, 'upsamples a value without positions');
      case 'resize':
        return hasMap(first)
          ? this.onMap(first, (map) => this.resize(layer, operation, map))
          : omitted(layer, 'resizes a value without positions');
      case 'space-to-depth':
        return this.onMap(first, (map) => this.subsample(layer, [operation.block[0] ?? 1, operation.block[1] ?? 1], map));
      case 'slice':
        return this.onMap(first, (map) => this.slice(layer, [operation.stride[0] ?? 1, operation.stride[1] ?? 1], map));
    }
  }

  /** Follows a layer that moves over positions; a value without any passes through it as it is. */
  private onMap(input: CircularState, follow: (map: SpatialState) => CircularState): CircularState {
    if (input.kind === 'spatial') return follow(input);
    if (input.kind !== 'positional' || input.map === undefined) return input;
    const followed = follow(input.map);
    if (followed.kind === 'spatial') return { kind: 'positional', map: followed };
    return followed.kind === 'global' ? { kind: 'positional' } : followed;
  }

  /** Inside a space-to-depth no map flows; what does belongs to the shifts that the whole of it needs. */
  private followStep(last: string, input: CircularState): CircularState | undefined {
    const operation = this.graph.layers.find(({ name }) => name === last)?.operation;
    if (operation?.kind !== 'space-to-depth' || input.kind !== 'spatial') return undefined;
    const stride: AxisPair = [input.stride[0] * (operation.block[0] ?? 1), input.stride[1] * (operation.block[1] ?? 1)];
    return { ...input, period: periodOf(input.period, stride) };
  }

  private followWindow(layer: Layer, window: Window, input: SpatialState): CircularState {
    const stride: AxisPair = [input.stride[0] * (window.stride[0] ?? 1), input.stride[1] * (window.stride[1] ?? 1)];
    const size = this.sizeOf(input);
    const kernel: AxisPair = [window.kernel[0] ?? 1, window.kernel[1] ?? 1];
    const wholeMap = layer.operation.kind !== 'convolution' && this.coversWholeMap(layer, window);
    if (wholeMap && !kernel.every((length, axis) => length === window.stride[axis])) return this.poolWholeMap(layer, kernel, input, size);
    if (size !== undefined) {
      const circular = circularWindow(window, size, input.pending);
      this.circularPadding.set(layer.name, circular.padding);
      if (circular.wrapped) this.wrapped.push(layer.name);
    }
    const moving = periodOf(input.period, stride);
    const along = (axis: 0 | 1): number => (this.standsStill(layer, window, size, axis) ? input.period[axis] : moving[axis]);
    return { kind: 'spatial', stride, period: [along(0), along(1)], pending: nothingPending };
  }

  /**
   * Along an axis of a single position nothing moves, and a pool of the whole axis sees the same numbers in any order: what comes out
   * repeats with the input's period, however large the stride.
   */
  private standsStill(
    { operation: { kind } }: Layer,
    { kernel, stride, dilation }: Window,
    size: AxisPair | undefined,
    axis: 0 | 1,
  ): boolean {
    const length = size?.[axis];
    const isPool = kind === 'max-pool' || kind === 'average-pool';
    return (
      length === 1 ||
      (isPool && length !== undefined && length === kernel[axis] && length === (stride[axis] ?? 1) && (dilation[axis] ?? 1) === 1)
    );
  }

  private upsample(layer: Layer, window: Window, input: SpatialState): CircularState {
    if (isPending(input)) return paddedForNobody(layer);
    const size = this.sizeOf(input);
    if (size !== undefined) this.circularResampling.set(layer.name, circularTransposed(window, size));
    const stride: AxisPair = [input.stride[0] / (window.stride[0] ?? 1), input.stride[1] / (window.stride[1] ?? 1)];
    return { kind: 'spatial', stride, period: periodOf(movingPeriod(input), stride), pending: nothingPending };
  }

  private resize(
    layer: Layer,
    { mode, antialias, alignsCorners }: Extract<Layer['operation'], { kind: 'resize' }>,
    input: SpatialState,
  ): CircularState {
    if (isPending(input)) return paddedForNobody(layer);
    const factor = this.declaredFactor(layer);
    if (factor === undefined) return omitted(layer, 'resizes by a factor that the model file does not tell');
    if (alignsCorners === true)
      return omitted(layer, 'resizes with aligned corners: its samples lie at fractions of the map that no shift preserves');
    if (!factor.every((scale) => Number.isInteger(scale) || Number.isInteger(1 / scale))) {
      return omitted(
        layer,
        `resizes by ${factor.map((scale) => Math.round(scale * 100) / 100).join(' x ')}, which is no whole number, so that its samples do not move with those of its input`,
      );
    }
    const size = this.sizeOf(input);
    if (size !== undefined) this.circularResampling.set(layer.name, circularResize(mode, antialias === true, factor, size));
    const stride: AxisPair = [input.stride[0] / factor[0], input.stride[1] / factor[1]];
    return { kind: 'spatial', stride, period: periodOf(input.period, stride), pending: nothingPending };
  }

  /** Output length / input length per axis, as the model declares them. */
  private declaredFactor(layer: Layer): AxisPair | undefined {
    const factors = declaredLengths(this.graph, layer).map(({ before, after }) => after / before);
    return factors.length !== 2 || factors.some(Number.isNaN) ? undefined : imageAxes(factors);
  }

  /** Every position goes somewhere: nothing wraps, and the layer runs as it is. */
  private subsample(layer: Layer, step: AxisPair, input: SpatialState): CircularState {
    if (isPending(input)) return paddedForNobody(layer);
    if (!this.keepsDeclaredSize(layer, step, input))
      return omitted(layer, 'names the size of the original map, but the circular protocol changes it');
    const stride: AxisPair = [input.stride[0] * step[0], input.stride[1] * step[1]];
    return { kind: 'spatial', stride, period: periodOf(movingPeriod(input), stride), pending: nothingPending };
  }

  /** A slice that takes every n-th sample and leaves none out at an end runs as it is; one that crops does not commute. */
  private slice(layer: Layer, step: AxisPair, input: SpatialState): CircularState {
    const factor = this.declaredFactor(layer);
    const takesAll = factor?.every((scale, axis) => scale * (step[axis] ?? 1) === 1) === true;
    return takesAll
      ? this.subsample(layer, step, input)
      : omitted(layer, 'cuts positions out of its input, which does not commute with circular shifts');
  }

  private keepsDeclaredSize(layer: Layer, step: AxisPair, input: SpatialState): boolean {
    const size = this.sizeOf(input);
    const declared = spatialShape(this.graph, layer.outputs[0] ?? '')?.size ?? [];
    return size === undefined || declared.every((length, axis) => length === null || length * (step[axis] ?? 1) === size[axis]);
  }

  /** A pool whose first window is the whole map (it may reach beyond it) is a global pool in all but name. */
  private coversWholeMap(layer: Layer, window: Window): boolean {
    const before = spatialShape(this.graph, layer.inputs[0] ?? '')?.size ?? [];
    const after = spatialShape(this.graph, layer.outputs[0] ?? '')?.size ?? [];
    const covers = (length: Dimension, axis: number): boolean => length !== null && length <= (window.kernel[axis] ?? 1);
    return before.length === 2 && before.every(covers) && after.every((length) => length === 1);
  }

  private poolWholeMap(layer: Layer, kernel: AxisPair, input: SpatialState, size: AxisPair | undefined): CircularState {
    if (size !== undefined) {
      if (!samePair(size, kernel)) {
        return omitted(
          layer,
          `pools its whole map with a window of ${kernel.join(' x ')}, but under the circular protocol the map is ${size.join(' x ')}`,
        );
      }
      this.circularPadding.set(layer.name, { begin: [0, 0], end: [0, 0] });
    }
    return this.pool(layer, input);
  }

  private pool(layer: Layer, input: SpatialState): CircularState {
    return isPending(input) ? paddedForNobody(layer) : { kind: 'global', period: input.period };
  }

  private pad(
    layer: Layer,
    amounts: { readonly begin: readonly number[]; readonly end: readonly number[] },
    input: SpatialState,
  ): CircularState {
    if ([...amounts.begin, ...amounts.end].every((amount) => amount === 0)) return input;
    this.foldedPads.add(layer.name);
    return { ...input, pending: addPending(input.pending, amounts.begin, amounts.end) };
  }

  private merge(layer: Layer, states: readonly CircularState[]): CircularState {
    if (states.some((state) => state.kind === 'positional')) return this.mixPositions(layer, states);
    const spatial = states.filter((state) => state.kind === 'spatial');
    const period = jointPeriod(states);
    const [first] = spatial;
    if (first === undefined) return { kind: 'global', period };
    const finest: AxisPair = [Math.min(...spatial.map((state) => state.stride[0])), Math.min(...spatial.map((state) => state.stride[1]))];
    const fits = (state: SpatialState, axis: 0 | 1): boolean => state.stride[axis] === finest[axis] || this.sizeOf(state)?.[axis] === 1;
    if (this.size !== undefined && !spatial.every((state) => fits(state, 0) && fits(state, 1))) {
      return omitted(layer, 'joins maps of different strides, whose positions do not correspond under the circular protocol');
    }
    if (!spatial.every((state) => samePair(state.pending.begin, first.pending.begin) && samePair(state.pending.end, first.pending.end))) {
      return omitted(layer, 'joins maps that are padded differently, whose positions do not correspond under the circular protocol');
    }
    return { kind: 'spatial', stride: finest, period, pending: first.pending };
  }

  private mixPositions(layer: Layer, states: readonly CircularState[]): CircularState {
    for (const [index, state] of states.entries()) {
      if (state.kind !== 'spatial') continue;
      if (isPending(state)) return paddedForNobody(layer);
      const size = this.sizeOf(state);
      const declared = spatialShape(this.graph, layer.inputs[index] ?? '')?.size ?? [];
      if (size !== undefined && declared.some((length, axis) => length !== null && length !== size[axis])) {
        return omitted(
          layer,
          `only fits the original map of ${declared.join(' x ')} positions, but under the circular protocol the map has ${size.join(' x ')}`,
        );
      }
    }
    const local = states.every((state) => state.kind === 'global' || (state.kind === 'spatial' && this.isSinglePosition(state)));
    if (local) return { kind: 'global', period: jointPeriod(states) };
    const map = this.positionalMap(layer, states);
    return map === undefined ? { kind: 'positional' } : { kind: 'positional', map };
  }

  /** Where the positions of a mixed value lie, if it has any. */
  private positionalMap(layer: Layer, states: readonly CircularState[]): SpatialState | undefined {
    const [tensor = ''] = layer.outputs;
    if (this.size === undefined || hasOtherLayout(this.graph, tensor) || layer.stepOf !== undefined) return undefined;
    if (layer.operation.kind !== 'positional') {
      const maps = states.filter(({ kind }) => kind !== 'global').map((state) => (state.kind === 'positional' ? state.map : state));
      const [first] = maps;
      const alike = maps.every(
        (map) => map?.kind === 'spatial' && first?.kind === 'spatial' && samePair(map.stride, first.stride) && !isPending(map),
      );
      return alike && first?.kind === 'spatial' ? { ...first, period: this.size } : undefined;
    }
    const [height, width, ...others] = spatialShape(this.graph, tensor)?.size ?? [];
    const fits = (length: Dimension | undefined, whole: number): length is number => typeof length === 'number' && whole % length === 0;
    if (others.length > 0 || !fits(height, this.size[0]) || !fits(width, this.size[1]) || !this.readAsMap(tensor)) return undefined;
    return { kind: 'spatial', stride: [this.size[0] / height, this.size[1] / width], period: this.size, pending: nothingPending };
  }

  /** Four axes alone make no map (heads, tokens and channels are three, too): a layer that slides over it must read it. */
  private readAsMap(tensor: string): boolean {
    const known = this.readAsMaps.get(tensor);
    if (known !== undefined) return known;
    const isMap = indexGraph(this.graph)
      .flow.readers(tensor)
      .some(({ operation: { kind }, outputs }) => {
        if (slidingKinds.has(kind)) return true;
        return (kind === 'pointwise' || kind === 'merge' || kind === 'channelwise') && outputs.some((output) => this.readAsMap(output));
      });
    this.readAsMaps.set(tensor, isMap);
    return isMap;
  }

  private isSinglePosition(state: SpatialState): boolean {
    const size = this.sizeOf(state);
    return size !== undefined && area(size) === 1;
  }

  private sizeOf(state: SpatialState): AxisPair | undefined {
    return this.size && mapSize(this.size, state.stride);
  }
}

/** Of what is spread over more positions than the map has: then also a single position, which itself stands still, has to move. */
function movingPeriod({ period, stride }: SpatialState): AxisPair {
  return periodOf(period, stride);
}

function hasMap(state: CircularState): boolean {
  return state.kind === 'spatial' || (state.kind === 'positional' && state.map !== undefined);
}

const slidingKinds: ReadonlySet<Operation['kind']> = new Set([
  'convolution',
  'transposed-convolution',
  'max-pool',
  'average-pool',
  'global-pool',
  'resize',
  'pad',
]);

function paddedForNobody(layer: Layer): CircularState {
  return omitted(layer, 'reads a padded map without being a window layer, so the padding cannot be replaced by wrapping');
}

function omitted(layer: Layer, clause: string): CircularState {
  return { kind: 'omitted', reason: `Layer "${layer.name}" (${layer.op}) ${clause}.` };
}
