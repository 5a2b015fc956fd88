import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/cli/command';
import { nativeEnvironment, withoutNativeOption } from '../../../src/cli/native-backend';
import { nativeCandidates, nativeCandidatesVariable } from '../../../src/engine/protocol/native-candidates';
import { inTemporaryFolder } from './command-line';

const places = (): readonly string[] => nativeCandidates(nativeEnvironment()[nativeCandidatesVariable]).map(({ folder }) => folder);

/** A folder that has the package, as far as looking for it goes. */
async function install(folder: string): Promise<string> {
  const own = path.join(folder, 'node_modules/@tensorflow/tfjs-node');
  await mkdir(own, { recursive: true });
  await writeFile(path.join(own, 'package.json'), '{"name": "@tensorflow/tfjs-node"}');
  return own;
}

describe('where the command line looks for tfjs-node', () => {
  it('is the working folder unless it is told', () => {
    expect(withoutNativeOption(['model.json', '--json'])).toEqual(['model.json', '--json']);
    expect(places().at(-1)).toBe(process.cwd());
  });

  it('is the folder of --tfjs-node first, a folder with node_modules or the package', async () => {
    await inTemporaryFolder(async (folder) => {
      const own = await install(folder);
      expect(withoutNativeOption(['model.json', '--tfjs-node', folder, '--json'])).toEqual(['model.json', '--json']);
      expect(places()).toEqual([folder, ...places().slice(1)]);
      expect(withoutNativeOption([`--tfjs-node=${own}`])).toEqual([]);
      expect(places()[0]).toBe(own);
    });
  });

  it('is told where there is none, rather than that the slower backend runs', async () => {
    await inTemporaryFolder((folder) => {
      expect(() => withoutNativeOption(['--tfjs-node', folder])).toThrow(UsageError);
      for (const words of [['--tfjs-node'], ['--tfjs-node='], ['--tfjs-node', '--json']])
        expect(() => withoutNativeOption(words)).toThrow('--tfjs-node takes a folder.');
      return Promise.resolve();
    });
  });
});
