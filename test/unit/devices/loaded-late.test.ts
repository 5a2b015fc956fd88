import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { bundled } from '../bundled';

const runtimes = ['onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-webgpu', 'webgpu'];

/** What is loaded as a program of ours starts: the modules that no `import()` stands in front of, packages by their names. */
async function loadedAtStart(entry: string): Promise<ReadonlySet<string>> {
  const { inputs } = await bundled(entry, runtimes);
  const reached = new Set<string>();
  const follow = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { path: next, kind } of inputs[file]?.imports ?? []) if (kind !== 'dynamic-import') follow(next);
  };
  follow(entry);
  return reached;
}

const isRuntime = (file: string): boolean => runtimes.includes(file) || /node_modules\/(?:@tensorflow|onnxruntime|webgpu)/.test(file);

describe('what runs models is loaded by the first call that runs one', () => {
  test.each(['src/extension/activate.ts', 'src/code/worker.ts', 'src/engine/process/reader.ts', 'src/cli/main.ts'])(
    '%s has none of it, at its start or later',
    async (entry) => {
      const reached = [...(await loadedAtStart(entry))];
      expect(reached.length).toBeGreaterThan(20);
      expect(reached.filter(isRuntime)).toEqual([]);
      expect(reached.filter((file) => file.startsWith(path.join('src', 'engine', 'runtimes')))).toEqual([]);
    },
  );

  it('not as the process starts that runs them', async () => {
    const reached = [...(await loadedAtStart('src/engine/process/main.ts'))];
    expect(reached).toContain('src/engine/process/model/engine-for.ts');
    expect(reached.filter(isRuntime)).toEqual([]);
    expect(reached.filter((file) => /runtimes\/onnx\/(?:index|webgpu)\.ts|runtimes\/tfjs\/index\.ts/.test(file))).toEqual([]);
  });
});
