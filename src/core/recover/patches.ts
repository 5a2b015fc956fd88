import type { Layout } from '../graph/model-graph';

/** A map that windows are cut from: one sample, `channels` maps of `size`, over any number of axes. */
export interface PatchSource {
  readonly data: Float32Array;
  /** Where the sample begins. */
  readonly offset: number;
  readonly layout: Layout;
  readonly channels: number;
  readonly size: readonly number[];
}

/** The windows of a linear layer; without axes (a dense layer) each has the one position. */
export interface PatchWindow {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** Zeros in front of the map, per axis; negative where it is cropped. */
  readonly begin: readonly number[];
}

/** Where the numbers of a patch go, one behind another from `offset` on. */
export interface PatchTarget {
  readonly data: Float64Array;
  readonly offset: number;
}

/** Consecutive channels. */
export interface ChannelGroup {
  readonly first: number;
  readonly count: number;
}

/**
 * Copies what a layer's window sees at one position of its output (im2col), zeros where it hangs over the border. Unknowns
 * are in the order `[channel, ...kernel]`.
 *
 * @param taps of the window at the position
 */
export function writePatch(target: PatchTarget, source: PatchSource, taps: Int32Array, group: ChannelGroup): void {
  const plane = source.size.reduce((product, length) => product * length, 1);
  const [tapStep, channelStep] = source.layout === 'channels-first' ? [1, plane] : [source.channels, 1];
  let place = target.offset;
  for (let channel = group.first; channel < group.first + group.count; channel++) {
    const start = source.offset + channel * channelStep;
    for (const tap of taps) target.data[place++] = tap < 0 ? 0 : (source.data[start + tap * tapStep] ?? 0);
  }
}

/** The place in a plane of every tap of a window at one position, row-major over the kernel; -1 where it lies outside the map. */
export function windowTaps(
  { size }: PatchSource,
  { kernel, stride, dilation, begin }: PatchWindow,
  position: readonly number[],
): Int32Array {
  const taps = new Int32Array(kernel.reduce((product, length) => product * length, 1));
  for (let tap = 0; tap < taps.length; tap++) {
    let place = 0;
    let step = 1;
    for (let axis = kernel.length - 1, rest = tap; axis >= 0; axis--) {
      const length = kernel[axis] ?? 1;
      const coordinate = (position[axis] ?? 0) * (stride[axis] ?? 1) - (begin[axis] ?? 0) + (rest % length) * (dilation[axis] ?? 1);
      rest = Math.floor(rest / length);
      const extent = size[axis] ?? 1;
      if (coordinate < 0 || coordinate >= extent) place = -Infinity;
      place += coordinate * step;
      step *= extent;
    }
    taps[tap] = Number.isFinite(place) ? place : -1;
  }
  return taps;
}
