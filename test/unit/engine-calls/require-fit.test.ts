import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/model-error';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { answer } from '../engine-onnx/serving';

const file = 'test/fixtures/trust/measure-60000px.onnx';
const input = { kind: 'pattern' } as const;
const options = { metric: 'flat', memoryBudgetBytes: 2 ** 30 } as const;

async function refusal(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelError)) throw new Error(`expected a ModelError, got ${String(error)}`);
  expect(error.code).toBe('too-large');
  return error.message;
}

describe('a model whose image cannot fit into memory', () => {
  const sentence =
    /^An image of 60000x60000 pixels and its largest feature map take \d{5,} MB, and the memory budget is 1024 MB: use a smaller image, or raise the memory budget\.$/;

  it('is refused before anything is made of it, by every call that runs it', async () => {
    const model: ModelPayload = { path: file, bytes: await readFile(file), folder: path.dirname(file), overlay: {} };
    const image = { name: 'a.png', path: 'a.png', label: null };
    const calls = [
      answer('measure', { model, input, options }),
      answer('measure-deployed', { model, input, options: { ...options, pattern: 'grid' } }),
      answer('features', { model, input, options: { ...options, layer: 'any', shift: [0, 0], channels: { first: 0, count: 1 } } }),
      answer('classify', { model, images: [image], options: { pairs: 1, seed: 0, memoryBudgetBytes: 2 ** 30 } }),
      answer('measure-variants', { model, input, options, pairs: 1, seed: 0, images: [], variants: [{ label: 'as it is', plans: [] }] }),
      answer('recover', {
        model,
        plans: [],
        images: [image],
        options: { reach: 'all', seed: 0, images: 1, pairs: 0, memoryBudgetBytes: 2 ** 30 },
      }),
    ];
    // All at once: one that is refused while another is awaited would be an unhandled rejection.
    for (const refused of await Promise.all(calls.map(refusal))) expect(refused).toMatch(sentence);
  });
});
