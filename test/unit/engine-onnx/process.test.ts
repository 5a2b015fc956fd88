import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { expandTile } from '../../../src/core/equivariance/measure/measurement';
import { EngineClient } from '../../../src/engine/host/client';
import type { CallProgress } from '../../../src/engine/protocol/calls';
import { EngineError, type EngineErrorCode } from '../../../src/engine/protocol/engine-error';
import type { InputSpec, ModelPayload } from '../../../src/engine/protocol/payload';
import { fixesOf } from '../compare/shared-walk';
import { bundleEngine, fakeEngine, removeModuleFolders } from './engine-bundle';
import { largestDifference, oracleArray, oracleModel } from './oracle';

const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28 } as const;
const resnet = oracleModel('resnet_like.onnx');
const vggImage: InputSpec = { kind: 'tensor', ...oracleArray('vgg_like.input.npy') };
/** An image so large that the ResNet takes seconds: time to end the process or cancel in the middle. */
const largeImage: InputSpec = {
  kind: 'tensor',
  shape: [1, 3, 256, 256],
  data: Float32Array.from({ length: 3 * 256 * 256 }, (_, index) => Math.sin(index * index)),
};

const vgg = { model: oracleModel('vgg_like.onnx'), input: vggImage, options };
const large = { model: resnet, input: largeImage, options };

let client: EngineClient;
beforeAll(async () => {
  client = new EngineClient({ modulePath: await bundleEngine() });
}, 60_000);
afterAll(() => {
  client.dispose();
  removeModuleFolders();
});

async function measureVgg(): Promise<number> {
  const { measurement } = await client.call('measure', vgg);
  const maps = measurement.heatmaps.map(({ layer, tile }) => expandTile(tile, layer.period, measurement.size));
  return largestDifference(Float32Array.from(maps.flatMap((map) => [...map])), oracleArray('vgg_like.heatmaps_flat.npy').data);
}

async function failure(work: Promise<unknown>): Promise<EngineError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`);
  return error;
}

describe('the engine process', () => {
  test('measures a model and tells how far it is', async () => {
    const events: CallProgress<'measure'>[] = [];
    const { backend, measurement } = await client.call('measure', vgg, { onProgress: (told) => events.push(told) });
    expect(backend).toMatch(/^ONNX Runtime \d+\.\d+/);
    expect(events[0]).toMatchObject({ kind: 'started', size: [32, 32], notes: [], omitted: [] });
    expect(events.filter(({ kind }) => kind === 'heatmap')).toHaveLength(measurement.heatmaps.length);
    const progress = events.flatMap((event) => (event.kind === 'share' ? [event.done] : []));
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  });

  test('measures a layers-model', async () => {
    const folder = fileURLToPath(new URL('../../fixtures/textbook/max-pool-tfjs/', import.meta.url));
    const model: ModelPayload = { path: 'model.json', bytes: readFileSync(`${folder}model.json`), folder, overlay: {} };
    const { backend, measurement } = await client.call('measure', { model, input: { kind: 'pattern' }, options });
    expect(backend).toMatch(/^tfjs/i);
    expect(measurement.heatmaps.map(({ layer }) => layer.name)).toEqual(['pool']);
  });

  test('runs an unchanged model', async () => {
    const { outputs } = await client.call('run', vgg);
    expect(outputs.map(({ name, dims }) => ({ name, dims }))).toEqual([{ name: 'logits', dims: [1, 10] }]);
    expect(largestDifference(outputs[0]!.data, oracleArray('vgg_like.ort_out.npy').data)).toBeLessThan(1e-4);
  });

  test('killed in the middle: one error, and the next measurement works', async () => {
    const killed = await failure(
      client.call('measure', large, {
        onProgress: ({ kind }) => {
          if (kind === 'heatmap') process.kill(client.processId!, 'SIGKILL');
        },
      }),
    );
    expect(killed.code).toBe('engine-exited');
    expect(killed.message).toBe('The engine process ended unexpectedly by signal SIGKILL. Measure again to start a new one.');
    expect(await measureVgg()).toBeLessThan(1e-4);
  });

  test('cancelled in the middle: the same process serves the next call', async () => {
    await measureVgg();
    const before = client.processId;
    const controller = new AbortController();
    const cancelled = await failure(
      client.call('measure', large, {
        signal: controller.signal,
        onProgress: ({ kind }) => {
          if (kind === 'heatmap') controller.abort();
        },
      }),
    );
    expect(cancelled.code).toBe('cancelled');
    expect(await measureVgg()).toBeLessThan(1e-4);
    expect(client.processId).toBe(before);
  });

  test('measures variants, and can be cancelled in the middle of them', async () => {
    const request = {
      model: resnet,
      input: largeImage,
      options,
      images: [],
      pairs: 1,
      seed: 1,
      variants: [
        { label: 'as it is', plans: [] },
        { label: 'fixed', plans: (await fixesOf(resnet)).slice(-1) },
      ],
    };
    const controller = new AbortController();
    const cancelled = await failure(
      client.call('measure-variants', request, {
        signal: controller.signal,
        onProgress: ({ kind }) => {
          if (kind === 'share') controller.abort();
        },
      }),
    );
    expect(cancelled.code).toBe('cancelled');
    const { backend, variants } = await client.call('measure-variants', { ...request, input: { kind: 'pattern' } });
    expect(backend).toMatch(/^ONNX Runtime/);
    expect(variants.map(({ outcomes }) => outcomes.length)).toEqual([0, 1]);
    for (const { graph, measurement } of variants) expect(graph.layers.length).toBeGreaterThanOrEqual(measurement.heatmaps.length);
  });

  test('a call that waits for its turn can be cancelled without touching the one that runs', async () => {
    const controller = new AbortController();
    const first = client.call('measure', vgg);
    const second = failure(client.call('measure', large, { signal: controller.signal }));
    controller.abort();
    expect((await second).code).toBe('cancelled');
    expect((await first).measurement.heatmaps.length).toBeGreaterThan(0);
  });

  const payload = (bytes: Uint8Array): ModelPayload => ({ path: 'x.onnx', bytes, folder: '.', overlay: {} });
  const cases: readonly { name: string; bytes: Uint8Array; code: EngineErrorCode }[] = [
    { name: 'an empty file', bytes: new Uint8Array(), code: 'empty-file' },
    { name: 'a text file', bytes: new TextEncoder().encode('hello, I am no model'), code: 'not-a-model' },
    { name: 'a truncated model', bytes: resnet.bytes.slice(0, 5000), code: 'truncated' },
  ];
  test.each(cases)('$name fails with code $code and one sentence', async ({ bytes, code }) => {
    const error = await failure(client.call('measure', { model: payload(bytes), input: { kind: 'pattern' }, options }));
    expect(error.code).toBe(code);
    expect(error.message).toContain('"x.onnx"');
    expect(error.message).not.toMatch(/\n|\bat .*:\d+/);
  });
});

describe('a process that misbehaves', () => {
  const clients: EngineClient[] = [];
  const start = (modulePath: string): EngineClient => {
    const made = new EngineClient({ modulePath });
    clients.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of clients.splice(0)) made.dispose();
  });

  test('one that cannot start is reported', async () => {
    const error = await failure(start('/nowhere/engine.js').call('run', vgg));
    expect(error.code).toBe('engine-exited');
    expect(error.message).toMatch(/exit code 1\. Measure again/);
  });

  test('one that runs out of memory is named as such', async () => {
    const error = await failure(
      start(
        fakeEngine(`process.once('message', () => { console.error('FATAL ERROR: JavaScript heap out of memory'); process.exit(134); })`),
      ).call('run', vgg),
    );
    expect(error.message).toMatch(/ran out of memory.*Lower the memory budget/);
  });

  test('one that hangs lets go of the caller at once and is ended', async () => {
    const hanging = start(
      fakeEngine(
        `process.once('message', ({ id }) => { process.send({ kind: 'progress', id, progress: { kind: 'share', done: 0 } }, () => { for (;;); }); })`,
      ),
    );
    const controller = new AbortController();
    const cancelled = await failure(
      hanging.call('measure', vgg, {
        signal: controller.signal,
        onProgress: () => {
          controller.abort();
        },
      }),
    );
    expect(cancelled.code).toBe('cancelled');
    await vi.waitFor(
      () => {
        expect(hanging.processId).toBeUndefined();
      },
      { timeout: 20_000, interval: 100 },
    );
  }, 30_000);
});
