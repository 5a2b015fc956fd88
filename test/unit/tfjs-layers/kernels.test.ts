import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/core/graph/model-graph';
import { lintGraph } from '../../../src/core/lint/linter';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { kernelSample } from '../../../src/core/formats/tfjs/kernel-sample';
import type { SlicedWeight } from '../../../src/core/formats/tfjs/weight-slices';
import { sourceOf } from '../tfjs-files';
import { rewritable } from '../graph-builder';

type Convolution = Extract<Operation, { kind: 'convolution' }>;

interface Stored {
  readonly bytes: Uint8Array;
  readonly quantization?: Readonly<Record<string, unknown>>;
}

function float32(values: readonly number[]): Stored {
  return { bytes: new Uint8Array(Float32Array.from(values).buffer) };
}

/** value = stored / 64 - 1 */
function uint8(values: readonly number[]): Stored {
  return { bytes: Uint8Array.from(values.map((value) => (value + 1) * 64)), quantization: { dtype: 'uint8', scale: 1 / 64, min: -1 } };
}

interface Weights {
  readonly className: string;
  readonly weight: string;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly stored: Stored;
}

async function graphOf({ className, weight, shape, stride, stored }: Weights) {
  const window = shape.slice(0, -2);
  const [inputs = 1, outputs = 1] = shape.slice(-2);
  const config = {
    name: 'down',
    batch_input_shape: [null, ...window.map(() => 12), inputs],
    kernel_size: window,
    strides: stride,
    padding: 'valid',
    filters: outputs,
    depth_multiplier: outputs,
    activation: 'linear',
    use_bias: false,
  };
  const entry = { name: `down/${weight}`, shape, dtype: 'float32', ...(stored.quantization && { quantization: stored.quantization }) };
  const text = JSON.stringify({
    modelTopology: { class_name: 'Sequential', config: { layers: [{ class_name: className, config }] } },
    weightsManifest: [{ paths: ['w'], weights: [{ name: 'other/bias', shape: [3], dtype: 'bool' }, entry] }],
  });
  return tfjsLayersFormat
    .open(sourceOf({ text, files: new Map([['w', Uint8Array.from([1, 2, 3, ...stored.bytes])]]) }))
    .then(({ graph }) => graph);
}

async function operationOf(weights: Weights): Promise<Convolution> {
  return (await graphOf(weights)).layers[0]!.operation as Convolution;
}

/** Sixty-fourths, so that every packing holds them exactly. */
function numbers(shape: readonly number[]): number[] {
  return Array.from({ length: shape.reduce((product, length) => product * length, 1) }, (_, index) => ((index * 29) % 97) / 64);
}

/** `[kernels, ...window]` out of `[...window, kernels]`. */
function transposed(values: readonly number[], places: number): number[] {
  const kernels = values.length / places;
  return Array.from({ length: values.length }, (_, index) => values[(index % places) * kernels + Math.floor(index / places)]!);
}

const classes = [
  { className: 'Conv1D', weight: 'kernel', shape: [3, 2, 4], stride: [2] },
  { className: 'Conv2D', weight: 'kernel', shape: [3, 2, 2, 5], stride: [2, 2] },
  { className: 'Conv3D', weight: 'kernel', shape: [2, 3, 2, 2, 3], stride: [2, 1, 2] },
  { className: 'DepthwiseConv2D', weight: 'depthwise_kernel', shape: [3, 3, 4, 2], stride: [2, 2] },
  { className: 'SeparableConv2D', weight: 'depthwise_kernel', shape: [3, 3, 4, 1], stride: [2, 2] },
] as const;

describe('strided convolutions show their kernels', () => {
  it.each(classes.flatMap((layer) => [['float32', layer, float32] as const, ['uint8', layer, uint8] as const]))(
    '%s $className',
    async (_, layer, store) => {
      const values = numbers(layer.shape);
      const window: readonly number[] = layer.shape.slice(0, -2);
      const { kernels } = await operationOf({ ...layer, stored: store(values) });
      expect(kernels?.shape).toEqual(window);
      expect([...kernels!.values]).toEqual(
        transposed(
          values,
          window.reduce((product, length) => product * length, 1),
        ),
      );
    },
  );

  it('but neither where they have no stride nor where a kernel is a single sample', async () => {
    expect(await operationOf({ ...classes[1], stride: [1, 1] as never, stored: float32(numbers(classes[1].shape)) })).not.toHaveProperty(
      'kernels',
    );
    expect(await operationOf({ ...classes[1], shape: [1, 1, 2, 5] as never, stored: float32(numbers([10])) })).not.toHaveProperty(
      'kernels',
    );
  });

  it('which a finding weighs', async () => {
    const smooth = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((value) => value / 16);
    const [finding] = lintGraph(
      rewritable(
        await graphOf({
          className: 'Conv2D',
          weight: 'kernel',
          shape: [3, 3, 1, 2],
          stride: [2, 2],
          stored: float32(smooth.flatMap((value) => [value, -value])),
        }),
      ),
    );
    expect(finding).toMatchObject({ severity: 'information', aliasedEnergy: expect.closeTo(0.145, 3) });
  });

  it.each([
    ['a large layer', [3, 3, 512, 512]],
    ['wide windows', [7, 7, 64, 64]],
    ['windows wider than a sample may be', [20, 20, 20, 8, 8]],
    ['one kernel', [3, 3, 1, 1]],
    ['as many kernels as fit', [2, 2, 64, 64]],
  ])('within bounds: %s', async (_, shape) => {
    let [bytes, reads] = [0, 0];
    const weight: SlicedWeight = {
      shape,
      dtype: 'float32',
      elementBytes: 4,
      isMissing: false,
      read: (start, count) => {
        bytes += count * 4;
        reads++;
        expect(start + count).toBeLessThanOrEqual(shape.reduce((product, length) => product * length, 1));
        return Promise.resolve(Array.from({ length: count }, (_entry, index) => start + index));
      },
    };
    const window = shape.slice(0, -2);
    const places = window.reduce((product, length) => product * length, 1);
    const { values } = await kernelSample(window, weight);
    expect(bytes).toBeLessThanOrEqual(Math.max(1 << 16, places * 4));
    expect(reads).toBeLessThanOrEqual(Math.max(64, places));
    expect(values.length / places).toBeGreaterThanOrEqual(1);
    expect(values.length / places).toBeLessThanOrEqual(4096);
    const kernels = shape.slice(-2).reduce((product, length) => product * length, 1);
    for (let kernel = 0; kernel < values.length; kernel += places) {
      const first = values[kernel]!;
      expect(first).toBeLessThan(kernels);
      expect(values[kernel + places - 1]).toBe(Math.fround((places - 1) * kernels + first));
    }
  });
});

describe('a full convolution that is a blur is recognised', () => {
  const channels = 3;
  const diagonal = (kernel: readonly number[], spoilt = 0): number[] =>
    kernel.flatMap((value) => Array.from({ length: channels ** 2 }, (_, index) => (index % (channels + 1) === 0 ? value : spoilt)));
  const blur = (className: string, window: readonly number[], values: readonly number[]): Promise<Convolution> =>
    operationOf({
      className,
      weight: 'kernel',
      shape: [...window, channels, channels],
      stride: window.map(() => 2),
      stored: float32(values),
    });

  it('in one dimension', async () => {
    expect((await blur('Conv1D', [3], diagonal([0.25, 0.5, 0.25]))).sharedKernel).toEqual({ shape: [3], values: [0.25, 0.5, 0.25] });
  });

  it('within a wider kernel of zeros, in three', async () => {
    const line = [0, 0.25, 0.5, 0.25];
    const cube = line.flatMap((z) => line.flatMap((y) => line.map((x) => x * y * z)));
    const { sharedKernel } = await blur('Conv3D', [4, 4, 4], diagonal(cube));
    expect(sharedKernel?.shape).toEqual([3, 3, 3]);
    expect(sharedKernel?.values.slice(0, 3)).toEqual([1 / 64, 2 / 64, 1 / 64]);
  });

  it('but not where a channel reads another, or weighs otherwise', async () => {
    expect(await blur('Conv1D', [3], diagonal([0.25, 0.5, 0.25], 0.01))).not.toHaveProperty('sharedKernel');
    expect(await blur('Conv1D', [3], diagonal([0.25, 0.5, 0.25]).with(4, 0.3))).not.toHaveProperty('sharedKernel');
  });
});
