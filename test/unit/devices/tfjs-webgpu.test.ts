import { rmSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it, test } from 'vitest';
import { placesVariable } from '../../../src/engine/protocol/package-places';
import { startWebGpu } from '../../../src/engine/runtimes/tfjs/webgpu';
import { standInPackages, type StandInAdapter } from './webgpu-package';

const card: StandInAdapter = {
  vendor: 'nvidia',
  architecture: 'hopper',
  device: 'NVIDIA H100 80GB HBM3',
  description: 'NVIDIA: 550.54.15',
  isFallbackAdapter: false,
};

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Starts the backend of a folder with stand-ins. */
async function start(
  device: 'auto' | 'gpu',
  adapter: StandInAdapter | null,
  more: { readonly backend?: string; readonly environment?: object } = {},
) {
  const folder = standInPackages(adapter, more.backend);
  folders.push(folder);
  await tf.setBackend('cpu');
  const places = JSON.stringify([
    { folder: '/nowhere', place: 'nowhere' },
    { folder, place: 'the workspace' },
  ]);
  return startWebGpu(tf, device, { [placesVariable.gpu]: places, ...more.environment });
}

describe('the GPU backend of TensorFlow.js', () => {
  it('is not installed where no place has it', async () => {
    expect(await startWebGpu(tf, 'gpu', {})).toEqual({
      ok: false,
      reason: 'the GPU backend of TensorFlow.js is not installed',
      isFailure: false,
    });
  });

  it('starts from the first place that has it, is named, and leaves everything else as it was', async () => {
    expect(await start('auto', card)).toEqual({
      ok: true,
      adapter: { name: 'NVIDIA H100 80GB HBM3, NVIDIA: 550.54.15', isSoftware: false },
      place: 'the workspace',
    });
    expect(tf.getBackend()).toBe('cpu');
    expect('navigator' in globalThis && 'gpu' in navigator).toBe(false);
  });

  test.each([
    [{ device: '0x2330' }, 'hopper, NVIDIA: 550.54.15'],
    [{ device: '', architecture: '', description: '' }, 'nvidia'],
    [{ device: '', architecture: '', vendor: '', description: '' }, 'an unnamed card'],
  ])('is named by what the driver tells: %j', async (less, name) => {
    expect(await start('auto', { ...card, ...less })).toMatchObject({ ok: true, adapter: { name } });
  });

  it('finds no card, or only a program, which by itself it never takes', async () => {
    const program = { ...card, device: 'swiftshader', description: 'SwiftShader driver 5.0.0', isFallbackAdapter: true };
    expect(await start('auto', null)).toEqual({ ok: false, reason: 'no graphics card was found that WebGPU can use', isFailure: false });
    const allowed = { environment: { SHIFTLINT_GPU_SOFTWARE: '1' } };
    expect(await start('auto', program, allowed)).toMatchObject({ ok: false, isFailure: false });
    expect(await start('gpu', program)).toMatchObject({ ok: false, reason: expect.stringContaining('is a program') as string });
    expect(await start('gpu', program, allowed)).toMatchObject({ ok: true, adapter: { isSoftware: true } });
  });

  it('says why it does not start, and leaves the backend of before', async () => {
    expect(await start('auto', card, { backend: "throw new Error('dawn.node is for another system. Sorry.');" })).toEqual({
      ok: false,
      reason: 'the GPU backend of the workspace did not start: dawn.node is for another system',
      isFailure: true,
    });
    expect(tf.getBackend()).toBe('cpu');
  });
});
