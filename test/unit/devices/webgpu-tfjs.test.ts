import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it, test } from 'vitest';
import { placesVariable } from '../../../src/engine/protocol/package-places';
import type { GpuEngine } from '../../../src/engine/runtimes/devices/gpu-engine';
import { createTfjsEngine, createTfjsGpuEngine } from '../../../src/engine/runtimes/tfjs/index';
import { families as graphFamilies, graphFile } from '../engine-tfjs/graph-families';
import { families as layersFamilies, layersFile } from '../engine-tfjs/layers-families';
import { expectSameOnCard } from './measured-on';
import { driverTimeoutMs, whyNoSoftwareAdapter } from './software-adapter';
import { standInPackages } from './webgpu-package';

/** The real packages where somebody names them; else stand-ins, by which the processor poses as a card. */
const named = process.env[placesVariable.gpu];
const absent = named === undefined ? `no ${placesVariable.gpu} names a folder with its packages` : whyNoSoftwareAdapter();
if (absent !== undefined) console.log(`The GPU backend of TensorFlow.js is tested by a stand-in: ${absent}.`);
const card = { vendor: 'nobody', architecture: '', device: 'Stand-in', description: 'driver 1.2', isFallbackAdapter: false };
const folder = absent === undefined ? undefined : standInPackages(card);
if (folder !== undefined) process.env[placesVariable.gpu] = JSON.stringify([{ folder, place: 'the test' }]);
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const processor = await createTfjsEngine();
const found = await createTfjsGpuEngine('gpu');

/** The engine. @throws where it did not start: packages that are named have to work */
function started(): GpuEngine {
  if (!found.ok) throw new Error(found.reason);
  return found.engine;
}

it('starts beside the backend of the processor, and names device, driver and place', () => {
  expect(started().backend).toMatch(/^tfjs 4\.22\.0 WebGPU \(\S.*; from .+\)$/);
  if (folder !== undefined) expect(started().backend).toBe('tfjs 4.22.0 WebGPU (Stand-in, driver 1.2; from the test)');
});

const ofLayers = [
  'VGG with a dense head',
  'MobileNet: depthwise and separable, average pool, LeakyReLU',
  'squeeze-excite across a stride, even kernels',
];
const ofGraphs = [
  'ResNet with Pad and VALID, average pool, stride per axis',
  'U-Net: transposed convolutions of either padding, resizes, skip connections',
];

describe.each(['flat', 'channel'] as const)('%s heatmaps are those of the processor', (metric) => {
  test.each(ofLayers)(
    'layers-models: %s',
    async (chosen) => {
      const family = layersFamilies.find(({ name }) => name === chosen)!;
      await expectSameOnCard(started(), processor, await layersFile(family), metric);
    },
    driverTimeoutMs,
  );

  test.each(ofGraphs)(
    'graph-models: %s',
    async (chosen) => {
      await expectSameOnCard(started(), processor, graphFile(graphFamilies.find(({ name }) => name === chosen)!), metric);
    },
    driverTimeoutMs,
  );
});
