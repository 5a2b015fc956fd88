import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/cli/command';
import { engineEnvironment, withoutEngineOptions } from '../../../src/cli/engine-options';
import { engineSettings } from '../../../src/engine/protocol/engine-settings';
import { packagePlaces, placesVariable } from '../../../src/engine/protocol/package-places';
import { inTemporaryFolder } from './command-line';

const places = (): readonly string[] => packagePlaces(engineEnvironment()[placesVariable.native]).map(({ folder }) => folder);

/** A folder that has the package, as far as looking for it goes. */
async function install(folder: string): Promise<string> {
  const own = path.join(folder, 'node_modules/@tensorflow/tfjs-node');
  await mkdir(own, { recursive: true });
  await writeFile(path.join(own, 'package.json'), '{"name": "@tensorflow/tfjs-node"}');
  return own;
}

describe('where the command line looks for tfjs-node', () => {
  it('is the working folder unless it is told', () => {
    expect(withoutEngineOptions(['model.json', '--json'])).toEqual(['model.json', '--json']);
    expect(places().at(-1)).toBe(process.cwd());
  });

  it('is the folder of --tfjs-node first, a folder with node_modules or the package', async () => {
    await inTemporaryFolder(async (folder) => {
      const own = await install(folder);
      expect(withoutEngineOptions(['model.json', '--tfjs-node', folder, '--json'])).toEqual(['model.json', '--json']);
      expect(places()).toEqual([folder, ...places().slice(1)]);
      expect(withoutEngineOptions([`--tfjs-node=${own}`])).toEqual([]);
      expect(places()[0]).toBe(own);
    });
  });

  it('is told where there is none, rather than that the slower backend runs', async () => {
    await inTemporaryFolder((folder) => {
      expect(() => withoutEngineOptions(['--tfjs-node', folder])).toThrow(UsageError);
      for (const words of [['--tfjs-node'], ['--tfjs-node='], ['--tfjs-node', '--json']])
        expect(() => withoutEngineOptions(words)).toThrow('--tfjs-node takes a folder.');
      return Promise.resolve();
    });
  });
});

describe('--device', () => {
  it('is told to the engine process, in either spelling, and leaves the other words', () => {
    expect(engineSettings({}).device).toBe('auto');
    expect(withoutEngineOptions(['model.onnx', '--device', 'gpu', '--json'])).toEqual(['model.onnx', '--json']);
    expect(engineSettings(engineEnvironment()).device).toBe('gpu');
    expect(withoutEngineOptions(['--device=cpu'])).toEqual([]);
    expect(engineSettings(engineEnvironment()).device).toBe('cpu');
  });

  it('refuses what is no device, and no value at all', () => {
    expect(() => withoutEngineOptions(['--device', 'tpu'])).toThrow(new UsageError('--device takes auto, cpu, gpu, not "tpu".'));
    for (const words of [['--device'], ['--device='], ['--device', '--json']])
      expect(() => withoutEngineOptions(words)).toThrow(new UsageError('--device takes auto, cpu, gpu.'));
  });

  it('is what the surroundings of the process say where nothing is asked, and auto where they say nonsense', () => {
    expect(engineSettings({ SHIFTLINT_DEVICE: 'gpu' }).device).toBe('gpu');
    expect(engineSettings({ SHIFTLINT_DEVICE: 'GPU!' }).device).toBe('auto');
  });
});

describe('--threads', () => {
  it('is told to the engine process and to TensorFlow, and is one a core where nothing is asked', () => {
    expect(engineSettings({}).threads).toBeUndefined();
    expect(withoutEngineOptions(['model.onnx', '--threads', '3'])).toEqual(['model.onnx']);
    expect(engineSettings(engineEnvironment()).threads).toBe(3);
    expect(engineEnvironment()).toMatchObject({ TF_NUM_INTRAOP_THREADS: '3' });
  });

  it.each(['0', '1.5', 'all', '-1', '9999999'])('refuses %s', (value) => {
    expect(() => withoutEngineOptions([`--threads=${value}`])).toThrow(
      new UsageError(`--threads takes a number from 1 on, not "${value}".`),
    );
    expect(engineSettings({ SHIFTLINT_THREADS: value }).threads).toBeUndefined();
  });

  it('refuses no value at all', () => {
    expect(() => withoutEngineOptions(['--threads', '--json'])).toThrow(new UsageError('--threads takes a number.'));
  });
});

it('--tfjs-webgpu takes a folder that has both packages', async () => {
  await inTemporaryFolder(async (folder) => {
    for (const name of ['webgpu', '@tensorflow/tfjs-backend-webgpu']) {
      expect(() => withoutEngineOptions(['--tfjs-webgpu', folder])).toThrow(UsageError);
      await mkdir(path.join(folder, 'node_modules', name), { recursive: true });
      await writeFile(path.join(folder, 'node_modules', name, 'package.json'), '{}');
    }
    expect(withoutEngineOptions(['--tfjs-webgpu', folder])).toEqual([]);
    expect(packagePlaces(engineEnvironment()[placesVariable.gpu])[0]).toEqual({ folder, place: 'the folder of --tfjs-webgpu' });
  });
});
