import type { MeasurePlan } from '../../../src/core/equivariance/plan/measure-plan';
import type { CircularModel, TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import { wrapIndex } from '../../../src/core/graph/circle';
import type { AxisPair, Layer, ModelGraph, Window } from '../../../src/core/graph/model-graph';
import { randomNumbers } from './brute-force';

/** One call of `runLevel`. */
export interface FakeRun {
  readonly level: number;
  /** The first number of the first fetch, for every image of the batch. */
  readonly firstValues: readonly number[];
}

/** A network under the circular protocol in plain loops, channels first, that remembers how it was run. */
export interface FakeModel extends CircularModel {
  readonly runs: readonly FakeRun[];
}

/** A fake of the layers that a plan names. @param seed of its weights */
export function fakeModel(graph: ModelGraph, plan: MeasurePlan, seed = 1): FakeModel {
  const runs: FakeRun[] = [];
  const layers = new Map(graph.layers.map((layer) => [layer.name, layer]));
  const weightSeed = (layer: Layer): number => seed * 1000 + graph.layers.indexOf(layer);
  return {
    runs,
    runLevel(index, feeds) {
      const level = plan.levels[index]!;
      const values = new Map(feeds);
      for (const name of level.layers) {
        const layer = layers.get(name)!;
        const inputs = layer.inputs.map((tensor) => values.get(tensor)!);
        values.set(layer.outputs[0]!, runLayer(layer, inputs, plan, weightSeed(layer)));
      }
      const fetched = new Map(level.fetches.map((tensor) => [tensor, values.get(tensor)!]));
      const [{ data, dims } = { data: new Float32Array(), dims: [0] }] = fetched.values();
      runs.push({ level: index, firstValues: Array.from({ length: dims[0]! }, (_, image) => data[(image * data.length) / dims[0]!]!) });
      return Promise.resolve(fetched);
    },
    dispose: () => Promise.resolve(),
  };
}

function runLayer(layer: Layer, [input, other]: readonly TensorBatch[], plan: MeasurePlan, seed: number): TensorBatch {
  const { operation } = layer;
  const { begin } = plan.circularPadding.get(layer.name) ?? { begin: [0, 0] };
  switch (operation.kind) {
    case 'convolution':
      return convolve(input!, operation.window, begin, seed);
    case 'max-pool':
      return slide(input!, operation.window, begin, (samples) => Math.max(...samples));
    case 'slice':
      return slide(input!, { ...onePixel, stride: operation.stride }, begin, ([sample]) => sample!);
    case 'resize':
      return repeat(input!);
    case 'pointwise':
      return { ...input!, data: input!.data.map((value) => Math.max(0, value)) };
    case 'merge':
      return add(input!, other!);
    case 'global-pool':
      return average(input!);
    case 'positional':
      return dense(input!, seed);
    default:
      throw new Error(`The fake knows no ${operation.kind}.`);
  }
}

const onePixel: Pick<Window, 'kernel'> = { kernel: [1, 1] };

/** Calls `reduce` with the samples of every window of every channel; windows wrap. */
function slide(
  { data, dims }: TensorBatch,
  { kernel, stride }: Pick<Window, 'kernel' | 'stride'>,
  begin: AxisPair,
  reduce: (samples: readonly number[]) => number,
): TensorBatch {
  const [images, channels, height, width] = dims as [number, number, number, number];
  const [rows, columns] = [height / stride[0]!, width / stride[1]!];
  const result = new Float32Array(images * channels * rows * columns);
  for (let target = 0; target < result.length; target++) {
    const [plane, row, column] = [Math.floor(target / (rows * columns)), Math.floor(target / columns) % rows, target % columns];
    const samples = Array.from({ length: kernel[0]! * kernel[1]! }, (_, tap) => {
      const y = wrapIndex(row * stride[0]! + Math.floor(tap / kernel[1]!) - begin[0], height);
      return data[(plane * height + y) * width + wrapIndex(column * stride[1]! + (tap % kernel[1]!) - begin[1], width)]!;
    });
    result[target] = reduce(samples);
  }
  return { data: result, dims: [images, channels, rows, columns] };
}

/** As many channels as the input has, each from all of them: a filter of its own per channel, then a mix of channels. */
function convolve(input: TensorBatch, window: Window, begin: AxisPair, seed: number): TensorBatch {
  const taps = randomNumbers(window.kernel[0]! * window.kernel[1]!, seed);
  const filtered = slide(input, window, begin, (samples) => samples.reduce((sum, sample, tap) => sum + sample * taps[tap]!, 0));
  const [images, channels, ...size] = filtered.dims as [number, number, number, number];
  const positions = size[0] * size[1];
  const mix = randomNumbers(channels * channels, seed + 500);
  const data = filtered.data.map((_, index) => {
    const [image, channel, position] = [
      Math.floor(index / (channels * positions)),
      Math.floor(index / positions) % channels,
      index % positions,
    ];
    let sum = 0;
    for (let from = 0; from < channels; from++)
      sum += mix[channel * channels + from]! * filtered.data[(image * channels + from) * positions + position]!;
    return sum;
  });
  return { data, dims: [images, channels, ...size] };
}

/** Every sample twice, along both axes. */
function repeat({ data, dims }: TensorBatch): TensorBatch {
  const [images, channels, height, width] = dims as [number, number, number, number];
  const [rows, columns] = [2 * height, 2 * width];
  const result = Float32Array.from({ length: images * channels * rows * columns }, (_, index) => {
    const [plane, row, column] = [Math.floor(index / (rows * columns)), Math.floor(index / columns) % rows, index % columns];
    return data[(plane * height + Math.floor(row / 2)) * width + Math.floor(column / 2)]!;
  });
  return { data: result, dims: [images, channels, rows, columns] };
}

/** The second may have a single position per channel. */
function add(a: TensorBatch, b: TensorBatch): TensorBatch {
  const times = a.data.length / b.data.length;
  return { ...a, data: a.data.map((value, index) => value + b.data[Math.floor(index / times)]!) };
}

function average({ data, dims }: TensorBatch): TensorBatch {
  const [images, channels, height, width] = dims as [number, number, number, number];
  const positions = height * width;
  const means = Float32Array.from({ length: images * channels }, (_, plane) =>
    data.subarray(plane * positions, (plane + 1) * positions).reduce((sum, value) => sum + value / positions, 0),
  );
  return { data: means, dims: [images, channels, 1, 1] };
}

const denseOutputs = 3;

function dense({ data, dims }: TensorBatch, seed: number): TensorBatch {
  const [images = 1] = dims;
  const length = data.length / images;
  const weights = randomNumbers(length * denseOutputs, seed);
  const sums = Float32Array.from({ length: images * denseOutputs }, (_, index) => {
    const [image, output] = [Math.floor(index / denseOutputs), index % denseOutputs];
    return data
      .subarray(image * length, (image + 1) * length)
      .reduce((sum, value, place) => sum + value * weights[output * length + place]!, 0);
  });
  return { data: sums, dims: [images, denseOutputs] };
}
