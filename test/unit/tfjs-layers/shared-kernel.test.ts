import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/core/graph/model-graph';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { sourceOf } from '../tfjs-files';

const channels = 2;
const tri3 = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((value) => value / 16);
/** `[3, 3, channels, 1]`: each of the nine values once per channel. */
const weights = tri3.flatMap((value) => Array.from({ length: channels }, () => value));
/** Sixteenths up to 4/16 are k * 2^-4: exact as float16 (sign 0, exponent field 15 + e, fraction 0). */
const halfBits: Readonly<Record<number, number>> = { 0.0625: 0x2c00, 0.125: 0x3000, 0.25: 0x3400 };

interface Stored {
  readonly bytes: Uint8Array;
  readonly quantization?: Readonly<Record<string, unknown>>;
}

function packed(bytesEach: number, set: (view: DataView, offset: number, value: number) => void, values = weights): Uint8Array {
  const bytes = new Uint8Array(values.length * bytesEach);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    set(view, index * bytesEach, value);
  });
  return bytes;
}

const float32 = (values = weights): Stored => ({
  bytes: packed(
    4,
    (view, offset, value) => {
      view.setFloat32(offset, value, true);
    },
    values,
  ),
});

async function operationOf({ bytes, quantization }: Stored, depthMultiplier = 1, shards = 1): Promise<Operation> {
  const config = {
    name: 'blur',
    batch_input_shape: [null, 8, 8, channels],
    kernel_size: [3, 3],
    strides: [2, 2],
    padding: 'valid',
    depth_multiplier: depthMultiplier,
    activation: 'linear',
    use_bias: false,
  };
  const cut = Math.ceil(bytes.length / shards) | 1;
  const pieces = Array.from({ length: shards }, (_, index) => bytes.slice(index * cut, (index + 1) * cut));
  const entry = { name: 'blur/depthwise_kernel', shape: [3, 3, channels, 1], dtype: 'float32', ...(quantization && { quantization }) };
  const before = { name: 'other', shape: [3], dtype: 'bool' };
  const text = JSON.stringify({
    modelTopology: { class_name: 'Sequential', config: { layers: [{ class_name: 'DepthwiseConv2D', config }] } },
    weightsManifest: [{ paths: ['first', ...pieces.map((_, index) => `w${index}`)], weights: [before, entry] }],
  });
  const files = new Map([['first', new Uint8Array(3)], ...pieces.map((piece, index) => [`w${index}`, piece] as const)]);
  return (await tfjsLayersFormat.open(sourceOf({ text, files }))).graph.layers[0]!.operation;
}

describe('a blur is recognised by its weights', () => {
  it.each<[string, Stored]>([
    ['float32', float32()],
    [
      'uint8',
      {
        bytes: packed(1, (view, offset, value) => {
          view.setUint8(offset, value * 16);
        }),
        quantization: { dtype: 'uint8', scale: 1 / 16, min: 0 },
      },
    ],
    [
      'uint16',
      {
        bytes: packed(2, (view, offset, value) => {
          view.setUint16(offset, value * 32 + 5, true);
        }),
        quantization: { dtype: 'uint16', scale: 1 / 32, min: -5 / 32 },
      },
    ],
    [
      'float16',
      {
        bytes: packed(2, (view, offset, value) => {
          view.setUint16(offset, halfBits[value]!, true);
        }),
        quantization: { dtype: 'float16', original_dtype: 'float32' },
      },
    ],
  ])('%s', async (_, stored) => {
    expect(await operationOf(stored)).toMatchObject({
      kind: 'convolution',
      groups: channels,
      sharedKernel: { shape: [3, 3], values: tri3 },
    });
  });

  it('also where it lies across three shards, behind another weight', async () => {
    expect(await operationOf(float32(), 1, 3)).toMatchObject({ sharedKernel: { values: tri3 } });
  });

  it('but not where one channel differs', async () => {
    expect(await operationOf(float32(weights.with(5, 0.3)))).not.toHaveProperty('sharedKernel');
  });

  it('nor where a channel has two kernels', async () => {
    expect(await operationOf(float32(), 2)).not.toHaveProperty('sharedKernel');
  });
});
