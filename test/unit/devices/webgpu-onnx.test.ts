import { describe, expect, it, test } from 'vitest';
import { createOnnxEngine, createOnnxGpuEngine } from '../../../src/engine/runtimes/onnx/index';
import { families, fileOf } from '../engine-onnx/families';
import { inMemory } from '../engine-onnx/measuring';
import { expectSameOnCard } from './measured-on';
import { driverTimeoutMs, whyNoSoftwareAdapter } from './software-adapter';

const absent = whyNoSoftwareAdapter();
const found = absent === undefined ? await createOnnxGpuEngine('gpu') : undefined;
const gpu = found?.ok === true ? found.engine : undefined;
if (gpu === undefined) console.log(`The WebGPU provider is not tested: ${absent ?? (found?.ok === false ? found.reason : '')}.`);

const chosen = [
  'ResNet: strided stem, overlapping pool, strided shortcut',
  'MobileNet: depthwise, TensorFlow SAME, even kernel',
  'squeeze-excite across a stride',
  'U-Net: strided encoder, transposed convolutions, skip connections',
];
const networks = families.filter(({ name }) => chosen.includes(name));

it('networks are chosen among those of the brute-force tests', () => {
  expect(networks.map(({ name }) => name)).toEqual(chosen);
});

describe.skipIf(gpu === undefined).each(networks)('by the WebGPU provider, $name', (family) => {
  test.each(['flat', 'channel'] as const)(
    '%s heatmaps are those of the processor',
    async (metric) => {
      expect(gpu!.backend).toMatch(/^ONNX Runtime \d+\.\d+ WebGPU \(\S.*\)$/);
      await expectSameOnCard(gpu!, await createOnnxEngine(), inMemory(fileOf(family)), metric);
    },
    driverTimeoutMs,
  );
});
