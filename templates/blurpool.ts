// Shiftlint BlurPool module for TensorFlow.js, version 1. MIT licence.
//
// Downsampling without aliasing: every stride gets a low-pass filter of its own. Each name is a drop-in for the strided
// original: it takes the same options and gives the same output shape. The original runs at stride 1; a fixed depthwise
// filter (binomial, normalised, reflected borders) then does the subsampling. A stride of 1 leaves the map as it is.
// The filter can be named: the number of its taps, or the taps one by one in place of the binomial ones.
//
//   tf.layers.maxPooling2d({poolSize: 2})           maxBlurPooling2d({poolSize: 2})
//   tf.layers.averagePooling2d({poolSize: 2})       averageBlurPooling2d({poolSize: 2})
//   tf.layers.conv2d({..., strides: 2})             blurPool2d({strides: 2}) behind the activation, the convolution at stride 1
//   tf.maxPool(x, 2, 2, 'same')                     maxBlurPool(x, 2, 2, 'same')
//   tf.relu(tf.conv2d(x, w, 2, 'same'))             blurPool(tf.relu(tf.conv2d(x, w, 1, 'same')), 2)
//
// Source of the method: R. Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.

import * as tf from '@tensorflow/tfjs';

type Size = number | number[];
type Padding = 'valid' | 'same';
type DataFormat = 'channelsFirst' | 'channelsLast';

/** Options of `blurPool1d`, `blurPool2d` and `blurPool3d`. */
export interface BlurPoolOptions {
  strides?: Size;
  /** Taps of the binomial filter, 1 to 7; 3 is [1, 2, 1] / 4. */
  filterSize?: number;
  /** The taps themselves, of sum 1, in place of the binomial ones. */
  taps?: number[];
  /** Kernel size of a convolution with padding 'same' whose stride this has: that padding depends on the stride. */
  sameKernel?: Size;
  dataFormat?: DataFormat;
  name?: string;
  inputShape?: (number | null)[];
}

/** Options of the pools: those of tf.layers.maxPooling2d, and the filter. */
export interface BlurPoolingOptions extends BlurPoolOptions {
  poolSize?: Size;
  padding?: string;
}

function perAxis(value: Size, axes: number): number[] {
  const values = Array.isArray(value) ? value : [value];
  return values.length === 1 ? Array.from({ length: axes }, () => values[0] as number) : values;
}

/** Row `size - 1` of Pascal's triangle divided by its sum: [1], [1, 1] / 2, [1, 2, 1] / 4, ... */
function binomial(size: number): number[] {
  if (!(size >= 1 && size <= 7)) throw new Error(`filterSize must be between 1 and 7, not ${size}.`);
  let row = [1];
  for (let i = 1; i < size; i++) row = [...row, 0].map((value, at) => value + (row[at - 1] ?? 0));
  return row.map((value) => value / 2 ** (size - 1));
}

/** A filter by the number of its binomial taps, or by the taps themselves. */
type Filter = number | number[];

function tapsOf(filter: Filter): number[] {
  if (!Array.isArray(filter)) return binomial(filter);
  const sum = filter.reduce((total, tap) => total + tap, 0);
  if (Math.abs(sum - 1) > 1e-6) throw new Error(`The taps of a low-pass filter have a sum of 1, not ${sum}.`);
  return filter;
}

/** Adds samples at both ends of an axis by reflection, however small the map; negative amounts crop. */
function extend(x: tf.Tensor, axis: number, before: number, after: number): tf.Tensor {
  if (before === 0 && after === 0) return x;
  const size = x.shape[axis] as number;
  const period = Math.max(1, 2 * (size - 1));
  const indices = Array.from({ length: size + before + after }, (_, at) => {
    const folded = Math.abs(at - before) % period;
    return Math.min(folded, period - folded);
  });
  return tf.gather(x, tf.tensor1d(indices, 'int32'), axis);
}

/** Every `step`-th sample of an axis. */
function subsample(x: tf.Tensor, axis: number, step: number): tf.Tensor {
  if (step === 1) return x;
  const length = Math.ceil((x.shape[axis] as number) / step);
  return tf.gather(
    x,
    tf.tensor1d(
      Array.from({ length }, (_, at) => at * step),
      'int32',
    ),
    axis,
  );
}

/** Filters rows and columns of [N, H, W, C] and keeps every `strides`-th result of each axis. */
function filterPlane(x: tf.Tensor4D, taps: number[][], strides: number[]): tf.Tensor4D {
  const [rows, columns] = taps as [number[], number[]];
  const [down, right] = strides as [number, number];
  if (rows.length === 1 && columns.length === 1) return subsample(subsample(x, 1, down), 2, right) as tf.Tensor4D;
  const plane = tf.outerProduct(rows, columns).expandDims(2).expandDims(3);
  const kernel = tf.tile(plane, [1, 1, x.shape[3], 1]) as tf.Tensor4D;
  // Depthwise convolutions stride by the same amount along both axes on some backends.
  if (down === right) return tf.depthwiseConv2d(x, kernel, down, 'valid');
  return subsample(subsample(tf.depthwiseConv2d(x, kernel, 1, 'valid'), 1, down), 2, right) as tf.Tensor4D;
}

/** Filters the spatial axes of [N, ..., C] with reflected borders. */
function filter(x: tf.Tensor, taps: number[][], strides: number[], before: number[], after: number[]): tf.Tensor {
  before.forEach((amount, axis) => {
    x = extend(x, axis + 1, amount, after[axis] as number);
  });
  const shape = x.shape;
  const channels = shape[shape.length - 1] as number;
  if (taps.length === 2) return filterPlane(x as tf.Tensor4D, taps, strides);
  const [batch, first] = shape as [number, number];
  if (taps.length === 1) {
    const y = filterPlane(x.reshape([batch, first, 1, channels]), [taps[0] as number[], [1]], [strides[0] as number, 1]);
    return y.reshape([batch, y.shape[1], channels]);
  }
  const [height, width] = shape.slice(2) as [number, number];
  const planes = filterPlane(x.reshape([batch * first, height, width, channels]), taps.slice(1), strides.slice(1));
  const [, rows, columns] = planes.shape;
  const y = filterPlane(planes.reshape([batch, first, rows * columns, channels]), [taps[0] as number[], [1]], [strides[0] as number, 1]);
  return y.reshape([batch, y.shape[1], rows, columns, channels]);
}

/** Blurs [N, ..., C], the first window `offsets` samples inside. */
function blur(x: tf.Tensor, strides: number[], given: Filter, offsets: number[]): tf.Tensor {
  const taps = strides.map((step) => (step > 1 ? tapsOf(given) : [1]));
  const before = taps.map((row, axis) => Math.floor((row.length - 1) / 2) - (offsets[axis] as number));
  return filter(
    x,
    taps,
    strides,
    before,
    taps.map((row, axis) => row.length - 1 - (before[axis] as number)),
  );
}

/** Samples that SAME padding adds before a map; the pools of three axes crop where a kernel is shorter than its stride. */
function sameBegin(size: number, kernel: number, step: number, axes: number): number {
  const total = (Math.ceil(size / step) - 1) * step + kernel - size;
  return Math.floor((axes === 3 ? total : Math.max(total, 0)) / 2);
}

/** SAME padding depends on the stride: at stride 1 the first window of a layer begins this much earlier. */
function sameOffsets(x: tf.Tensor, kernel: number[], strides: number[]): number[] {
  return kernel.map((length, axis) => {
    const step = strides[axis] as number;
    return step > 1 ? Math.floor((length - 1) / 2) - sameBegin(x.shape[axis + 1] as number, length, step, kernel.length) : 0;
  });
}

/** A maximum at stride 1 over [N, ..., C]. */
function maximum(x: tf.Tensor, kernel: number[], padding: Padding | number): tf.Tensor {
  const channels = x.shape[x.shape.length - 1] as number;
  const [batch, length] = x.shape as [number, number];
  if (kernel.length === 3) return tf.maxPool3d(x as tf.Tensor5D, kernel as [number, number, number], 1, padding);
  if (kernel.length === 2) return tf.maxPool(x as tf.Tensor4D, kernel as [number, number], 1, padding);
  const pooled = tf.maxPool(x.reshape<tf.Tensor4D>([batch, length, 1, channels]), [kernel[0] as number, 1], 1, padding);
  return pooled.reshape([batch, pooled.shape[1], channels]);
}

function maxBlur(x: tf.Tensor, kernel: number[], strides: number[], padding: Padding | number, given: Filter): tf.Tensor {
  const pooled = maximum(x, kernel, padding);
  if (strides.every((step) => step === 1)) return pooled;
  return blur(pooled, strides, given, padding === 'same' ? sameOffsets(x, kernel, strides) : kernel.map(() => 0));
}

function averageBlur(x: tf.Tensor, kernel: number[], strides: number[], padding: Padding | number, given?: Filter): tf.Tensor {
  const taps: number[][] = [];
  const before: number[] = [];
  const after: number[] = [];
  kernel.forEach((length, axis) => {
    const step = strides[axis] as number;
    // The filter stands where the window stood, so its length has the window's parity.
    const own = Math.min(Math.max(length, 4 - (length % 2)), 6 + (length % 2));
    const row = step === 1 ? Array.from({ length }, () => 1 / length) : tapsOf(given ?? own);
    const taken = row.length;
    taps.push(row);
    const begin =
      padding === 'same' ? sameBegin(x.shape[axis + 1] as number, length, step, kernel.length) : padding === 'valid' ? 0 : padding;
    const total = padding === 'same' ? taken - 1 : taken - length + (padding === 'valid' ? 0 : 2 * padding);
    before.push(begin + Math.floor((taken - length) / 2));
    after.push(total - (before[axis] as number));
  });
  return filter(x, taps, strides, before, after);
}

/** Runs on [N, ..., C]; maps with channels first are turned and turned back. */
function channelsLast(x: tf.Tensor, dataFormat: DataFormat | undefined, run: (maps: tf.Tensor) => tf.Tensor): tf.Tensor {
  if (dataFormat !== 'channelsFirst') return run(x);
  const axes = Array.from({ length: x.rank - 2 }, (_, axis) => axis);
  const y = run(tf.transpose(x, [0, ...axes.map((axis) => axis + 2), 1]));
  return tf.transpose(y, [0, y.rank - 1, ...axes.map((axis) => axis + 1)]);
}

/** Runs on [N, H, W, C], also for a single map [H, W, C]. */
function batched<T extends tf.Tensor>(x: T, run: (maps: tf.Tensor) => tf.Tensor): T {
  return tf.tidy(() => (x.rank === 3 ? tf.squeeze(run(x.expandDims(0)), [0]) : run(x)) as T);
}

/** Blurs and subsamples [N, H, W, C] or [H, W, C]; `sameKernel` is that of a convolution with padding 'same' whose stride this has. */
export function blurPool<T extends tf.Tensor>(x: T, strides: Size = 2, filter: Filter = 3, sameKernel: Size = 1): T {
  const steps = perAxis(strides, 2);
  if (steps.every((step) => step === 1)) return x;
  return batched(x, (maps) => blur(maps, steps, filter, sameOffsets(maps, perAxis(sameKernel, 2), steps)));
}

/** tf.maxPool without aliasing; `filter` is the blur's. */
export function maxBlurPool<T extends tf.Tensor>(x: T, filterSize: Size, strides: Size, pad: Padding | number, filter: Filter = 3): T {
  return batched(x, (maps) => maxBlur(maps, perAxis(filterSize, 2), perAxis(strides, 2), pad, filter));
}

/** tf.avgPool with a better filter than a box, at the same place; `filter` is the blur's. */
export function averageBlurPool<T extends tf.Tensor>(x: T, filterSize: Size, strides: Size, pad: Padding | number, filter?: Filter): T {
  return batched(x, (maps) => averageBlur(maps, perAxis(filterSize, 2), perAxis(strides, 2), pad, filter));
}

function firstOf(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
}

/** What a layer has been told: the window that it stands for, and its filter where the options name one. */
interface Window {
  poolSize: number[];
  strides: number[];
  padding: Padding;
  filter: Filter | undefined;
  sameKernel: number[] | undefined;
}

type LayerClass = new (options: BlurPoolingOptions) => tf.layers.Layer;

/** A layer for a number of axes, registered so that saved models load. It stays what `Base` is for all other code. */
function blurring(
  Base: LayerClass,
  axes: number,
  className: string,
  defaults: { poolSize: Size; padding: Padding },
  run: (maps: tf.Tensor, window: Window) => tf.Tensor,
): LayerClass {
  class Blurring extends Base {
    static readonly className = className;
    readonly poolSize: number[];
    readonly strides: number[];
    readonly padding: Padding;
    readonly dataFormat: DataFormat;
    readonly filterSize: number | undefined;
    readonly taps: number[] | undefined;
    readonly sameKernel: number[] | undefined;

    constructor(options: BlurPoolingOptions) {
      const poolSize = perAxis(options.poolSize ?? defaults.poolSize, axes);
      const strides = perAxis(options.strides ?? (defaults.padding === 'same' ? 2 : poolSize), axes);
      const padding = (options.padding as Padding | undefined) ?? defaults.padding;
      const dataFormat = options.dataFormat ?? 'channelsLast';
      super({ ...options, poolSize, strides, padding, dataFormat });
      this.poolSize = poolSize;
      this.strides = strides;
      this.padding = padding;
      this.dataFormat = dataFormat;
      this.filterSize = options.filterSize;
      this.taps = options.taps;
      this.sameKernel = options.sameKernel === undefined ? undefined : perAxis(options.sameKernel, axes);
    }

    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const { poolSize, strides, padding, sameKernel } = this;
      const window = { poolSize, strides, padding, filter: this.taps ?? this.filterSize, sameKernel };
      return tf.tidy(() => channelsLast(firstOf(inputs), this.dataFormat, (maps) => run(maps, window)));
    }

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tf.Shape;
      const first = this.dataFormat === 'channelsFirst' ? 2 : 1;
      return shape.map((size, at) => {
        const axis = at - first;
        const step = this.strides[axis];
        if (size === null || step === undefined) return size;
        return this.padding === 'same' ? Math.ceil(size / step) : Math.floor((size - (this.poolSize[axis] as number)) / step) + 1;
      });
    }

    override getConfig(): tf.serialization.ConfigDict {
      const { poolSize, strides, padding, dataFormat, filterSize, taps, sameKernel } = this;
      const own = {
        poolSize,
        strides,
        padding,
        dataFormat,
        ...(filterSize === undefined ? {} : { filterSize }),
        ...(taps === undefined ? {} : { taps }),
        ...(sameKernel === undefined ? {} : { sameKernel }),
      };
      return { ...super.getConfig(), ...own };
    }
  }
  tf.serialization.registerClass(Blurring as never, 'Shiftlint', className);
  return Blurring;
}

/** A class of TensorFlow.js that has only a maker; the sample is named so that no layer's own name changes by it. */
function classOf(make: (options: { poolSize: number; name: string }) => tf.layers.Layer): LayerClass {
  return make({ poolSize: 1, name: 'shiftlint_sample' }).constructor as LayerClass;
}

const blurDefaults = { poolSize: 1, padding: 'same' } as const;
const poolDefaults = { poolSize: 2, padding: 'valid' } as const;

function runBlur(maps: tf.Tensor, { strides, filter, sameKernel }: Window): tf.Tensor {
  if (strides.every((step) => step === 1)) return tf.clone(maps);
  return blur(maps, strides, filter ?? 3, sameKernel === undefined ? strides.map(() => 0) : sameOffsets(maps, sameKernel, strides));
}

function runMaximum(maps: tf.Tensor, { poolSize, strides, padding, filter }: Window): tf.Tensor {
  return maxBlur(maps, poolSize, strides, padding, filter ?? 3);
}

function runAverage(maps: tf.Tensor, { poolSize, strides, padding, filter }: Window): tf.Tensor {
  return averageBlur(maps, poolSize, strides, padding, filter);
}

const Layer = tf.layers.Layer as unknown as LayerClass;
const BlurPool1D = blurring(Layer, 1, 'BlurPool1D', blurDefaults, runBlur);
const BlurPool2D = blurring(Layer, 2, 'BlurPool2D', blurDefaults, runBlur);
const BlurPool3D = blurring(Layer, 3, 'BlurPool3D', blurDefaults, runBlur);
const MaxBlurPooling1D = blurring(classOf(tf.layers.maxPooling1d), 1, 'MaxBlurPooling1D', poolDefaults, runMaximum);
const MaxBlurPooling2D = blurring(classOf(tf.layers.maxPooling2d), 2, 'MaxBlurPooling2D', poolDefaults, runMaximum);
const MaxBlurPooling3D = blurring(classOf(tf.layers.maxPooling3d), 3, 'MaxBlurPooling3D', poolDefaults, runMaximum);
const AverageBlurPooling1D = blurring(classOf(tf.layers.averagePooling1d), 1, 'AverageBlurPooling1D', poolDefaults, runAverage);
const AverageBlurPooling2D = blurring(classOf(tf.layers.averagePooling2d), 2, 'AverageBlurPooling2D', poolDefaults, runAverage);
const AverageBlurPooling3D = blurring(classOf(tf.layers.averagePooling3d), 3, 'AverageBlurPooling3D', poolDefaults, runAverage);

/** A layer that blurs and subsamples [N, L, C]. */
export const blurPool1d = (options: BlurPoolOptions = {}): tf.layers.Layer => new BlurPool1D(options);
/** A layer that blurs and subsamples [N, H, W, C]. */
export const blurPool2d = (options: BlurPoolOptions = {}): tf.layers.Layer => new BlurPool2D(options);
/** A layer that blurs and subsamples [N, D, H, W, C]. */
export const blurPool3d = (options: BlurPoolOptions = {}): tf.layers.Layer => new BlurPool3D(options);
/** tf.layers.maxPooling1d without aliasing. */
export const maxBlurPooling1d = (options: BlurPoolingOptions = {}): tf.layers.Layer => new MaxBlurPooling1D(options);
/** tf.layers.maxPooling2d without aliasing. */
export const maxBlurPooling2d = (options: BlurPoolingOptions = {}): tf.layers.Layer => new MaxBlurPooling2D(options);
/** tf.layers.maxPooling3d without aliasing. */
export const maxBlurPooling3d = (options: BlurPoolingOptions = {}): tf.layers.Layer => new MaxBlurPooling3D(options);
/** tf.layers.averagePooling1d with a better filter than a box, at the same place. */
export const averageBlurPooling1d = (options: BlurPoolingOptions = {}): tf.layers.Layer => new AverageBlurPooling1D(options);
/** tf.layers.averagePooling2d with a better filter than a box, at the same place. */
export const averageBlurPooling2d = (options: BlurPoolingOptions = {}): tf.layers.Layer => new AverageBlurPooling2D(options);
/** tf.layers.averagePooling3d with a better filter than a box, at the same place. */
export const averageBlurPooling3d = (options: BlurPoolingOptions = {}): tf.layers.Layer => new AverageBlurPooling3D(options);
