import { describe, expect, it } from 'vitest';
import { bundled } from '../bundled';

/** What a program of ours is made of, by path from the root. */
async function filesOf(entry: string): Promise<readonly string[]> {
  const { outputs } = await bundled(entry);
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
}

/** What opens a model or judges it. */
const opensModels = /^src\/core\/(?:formats\/(?:registry\.ts|read-once\.ts|onnx\/|tfjs)|lint\/(?:linter|rule-context)\.ts)/;

describe('the extension host', () => {
  it('has none of the code that opens or judges models, so that no file can hold it up', async () => {
    expect((await filesOf('src/extension/activate.ts')).filter((file) => opensModels.test(file))).toEqual([]);
  });

  it('leaves them to a process that has', async () => {
    const files = (await filesOf('src/engine/process/reader.ts')).filter((file) => opensModels.test(file));
    expect(files).toContain('src/core/formats/registry.ts');
    expect(files).toContain('src/core/lint/linter.ts');
  });
});
