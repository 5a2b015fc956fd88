import { describe, expect, test, vi } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { elementType } from '../../../src/core/formats/onnx/wire/schema';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { expectEveryShift } from '../equivariance/expect-every-shift';
import { inMemory } from './measuring';
import { NetworkBuilder } from './network-builder';

vi.mock('onnxruntime-node', () => {
  throw new Error('no binary for this platform');
});

const strided = { kernel: [3, 3], stride: [2, 2], pads: [1, 1, 1, 1] };

describe('where the native ONNX Runtime does not load, its WASM build', () => {
  test('is named with the reason', async () => {
    const { backend } = await createOnnxEngine();
    expect(backend).toMatch(/^ONNX Runtime 1\.\d+ WASM \(the native runtime did not load: .+\)$/);
  });

  test.each(['flat', 'channel'] as const)(
    'gives %s heatmaps that agree with running every shift, woven small maps and cast inputs included',
    async (metric) => {
      const net = new NetworkBuilder();
      const step = net.node('Cast', [net.input('step', [4, 1, 1], elementType.int64)], { to: { int: elementType.float } });
      const map = net.node('Add', [net.node('Relu', [net.convolution('image', { from: 2, to: 4 }, strided)]), step]);
      const deep = net.convolution(net.maxPool(map, strided), { from: 4, to: 4 }, { kernel: [3, 3], pads: [1, 1, 1, 1] });
      const scores = net.dense(net.node('Flatten', [net.node('GlobalMaxPool', [deep])]), 4, 3);
      const payload = inMemory(net.build([2, 16, 16], scores));
      await expectEveryShift({ engine: await createOnnxEngine(), format: onnxFormat, payload, size: [16, 16] }, metric);
    },
  );
});
