import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import type { Measurement } from '../../../src/core/equivariance/measure/measurement';
import { keptModels } from '../../../src/engine/process/kept/kept-models';
import type { CallRequest } from '../../../src/engine/protocol/calls';
import type { SentModel } from '../../../src/engine/protocol/payload';
import { randomNumbers } from '../equivariance/brute-force';
import { NetworkBuilder } from '../engine-onnx/network-builder';
import { answer, serve } from '../engine-onnx/serving';

const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28 } as const;
const input = { kind: 'pattern' } as const;
/** Later than any clock of a disk is coarse. */
const laterMs = 10_000;

let folder: string;
let creating: MockInstance<typeof InferenceSession.create>;
/** Sessions that are open, and the most that were so at once. */
let open: number;
let most: number;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-kept-'));
  [open, most] = [0, 0];
  const create = InferenceSession.create.bind(InferenceSession) as (...words: readonly unknown[]) => Promise<InferenceSession>;
  creating = vi.spyOn(InferenceSession, 'create').mockImplementation(async (...words: readonly unknown[]) => {
    const session = await create(...words);
    most = Math.max(most, ++open);
    const release = session.release.bind(session);
    session.release = () => {
      open--;
      return release();
    };
    return session;
  });
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  vi.setSystemTime(Date.now() + laterMs);
});
afterEach(async () => {
  await keptModels.letGo();
  vi.useRealTimers();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** A network of three levels, and the same with other weights of the same length. */
const [network, other] = networks();

function networks(): readonly [Uint8Array, Uint8Array] {
  const net = new NetworkBuilder();
  const strided = { kernel: [3, 3], pads: [1, 1, 1, 1], stride: [2, 2] };
  const first = net.node('Relu', [net.convolution('image', { from: 3, to: 16 }, strided)]);
  const second = net.node('Relu', [net.convolution(first, { from: 16, to: 16 }, strided)]);
  const bytes = net.build([3, 16, 16], net.node('GlobalAveragePool', [second]));
  const weights = Buffer.from(randomNumbers(16 * 3 * 9, 10).buffer);
  const changed = Buffer.from(bytes);
  const place = changed.indexOf(weights.subarray(0, 64));
  if (place < 0) throw new Error('The weights were not found.');
  // The sign of every third number.
  for (let byte = place + 3; byte < place + weights.length; byte += 12) changed[byte] = changed[byte]! ^ 0x80;
  return [bytes, changed];
}

function onDisk(bytes: Uint8Array, name = 'model.onnx'): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

function sent(file: string): SentModel {
  const { size, mtime } = statSync(file);
  const content = { file, size, modified: mtime.getTime(), pieces: null };
  return { path: file, folder: path.dirname(file), file, overlay: {}, content };
}

async function measured(model: SentModel, more: Partial<CallRequest<'measure'>['options']> = {}): Promise<Measurement> {
  return (await answer('measure', { model, input, options: { ...options, ...more } })).measurement;
}

/** Heatmaps by a process that has kept nothing. */
async function measuredAnew(model: SentModel, more: Partial<CallRequest<'measure'>['options']> = {}): Promise<Measurement> {
  await keptModels.letGo();
  const result = await measured(model, more);
  await keptModels.letGo();
  return result;
}

/** Sessions that a piece of work creates. */
async function created(work: () => Promise<unknown>): Promise<number> {
  const before = creating.mock.calls.length;
  await work();
  return creating.mock.calls.length - before;
}

const tiles = ({ heatmaps }: Measurement) => heatmaps.map(({ tile }) => tile);

describe('a model that is measured again', () => {
  it('runs in the sessions it has, and gives the same', async () => {
    const model = sent(onDisk(network));
    // The first of all looks for what the runtime can do.
    await measuredAnew(model);
    let [first, again]: Measurement[] = [];
    const anew = await created(async () => (first = await measured(model)));
    const kept = open;
    expect(kept).toBeGreaterThan(0);
    // Those that give all maps, for the unshifted image, were closed as soon as sums sufficed.
    expect(await created(async () => (again = await measured(model)))).toBe(anew - kept);
    expect(tiles(again!)).toEqual(tiles(first!));
    expect(open).toBe(kept);
  });

  it('never holds the weights of a level more than twice, whatever is asked of it', async () => {
    const model = sent(onDisk(network));
    const flat = await measured(model);
    const kept = open;
    const channels = await measured(model, { metric: 'channel' });
    expect(open).toBe(kept);
    expect(most).toBeLessThanOrEqual(2 * kept);
    expect(tiles(channels)).not.toEqual(tiles(flat));
    expect(tiles(channels)).toEqual(tiles(await measuredAnew(model, { metric: 'channel' })));
  });

  it('shows another image', async () => {
    const model = sent(onDisk(network));
    const image = { kind: 'tensor', shape: [1, 3, 16, 16], data: Float32Array.from(randomNumbers(768, 7)) } as const;
    await answer('measure', { model, input: image, options });
    const again = await measured(model);
    expect(tiles(again)).toEqual(tiles(await measuredAnew(model)));
  });

  it('stays open beside its feature maps', async () => {
    const model = sent(onDisk(network));
    const first = await measured(model);
    const wanted = { ...options, layer: first.heatmaps[0]!.layer.name, shift: [1, 1], channels: { first: 0, count: 1 } } as const;
    const anew = await created(() => answer('features', { model, input, options: wanted }));
    expect(anew).toBeGreaterThan(0);
    expect(await created(() => answer('features', { model, input, options: wanted }))).toBeLessThan(anew);
    expect(await created(() => measured(model))).toBeLessThan(await created(() => measuredAnew(model)));
  });
});

describe('a changed file', () => {
  it('is read anew, though its length and its time are those of before', async () => {
    const expected = tiles(await measuredAnew(sent(onDisk(other, 'other.onnx'))));
    const file = onDisk(network);
    const model = sent(file);
    await measured(model);
    expect(open).toBeGreaterThan(0);
    const { atime, mtime } = statSync(file);
    writeFileSync(file, other);
    utimesSync(file, atime, mtime);
    expect(tiles(await measured(model))).toEqual(expected);
  });

  it('is read anew where it is a weight file beside the model', async () => {
    cpSync('samples/shapes-tfjs', folder, { recursive: true });
    const model = sent(path.join(folder, 'model.json'));
    const first = await measured(model);
    expect(tiles(await measured(model))).toEqual(tiles(first));
    const [shard = ''] = (JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8')) as { weightsManifest: { paths: string[] }[] })
      .weightsManifest[0]!.paths;
    const weights = readFileSync(path.join(folder, shard));
    for (let byte = 3; byte < weights.length; byte += 12) weights[byte] = weights[byte]! ^ 0x80;
    writeFileSync(path.join(folder, shard), weights);
    const again = tiles(await measured(model));
    expect(again).not.toEqual(tiles(first));
    expect(again).toEqual(tiles(await measuredAnew(model)));
  });

  it('is not kept where it had just changed, so that its next change might not be seen', async () => {
    const file = onDisk(network);
    vi.setSystemTime(statSync(file).ctimeMs + 1000);
    await measured(sent(file));
    expect(open).toBe(0);
  });

  it('is told from another that was not written yet', async () => {
    const model = { path: 'model.onnx', folder, overlay: {}, bytes: network };
    const first = tiles(await measured(model));
    expect(await created(() => measured({ ...model, bytes: Uint8Array.from(network) }))).toBeLessThan(
      await created(() => measuredAnew(model)),
    );
    await measured(model);
    expect(tiles(await measured({ ...model, bytes: other }))).not.toEqual(first);
  });
});

describe('what is kept', () => {
  it('is the last model alone, and none while a call opens several', async () => {
    await measured(sent(onDisk(network)));
    const kept = open;
    await measured(sent(onDisk(network, 'second.onnx')));
    expect(open).toBe(kept);
    await answer('run', { model: sent(onDisk(network, 'third.onnx')), input });
    expect(open).toBe(0);
  });

  it('is let go of as the editor closes the model, and after a while', async () => {
    const model = sent(onDisk(network));
    await measured(model);
    await answer('let-go', { path: 'another.onnx' });
    expect(open).toBeGreaterThan(0);
    await answer('let-go', { path: model.path });
    expect(open).toBe(0);
    await measured(model);
    expect(open).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(open).toBe(0);
  });

  it('is nothing of a call that failed', async () => {
    const model = sent(onDisk(network));
    const made = vi.spyOn(InferenceSession, 'create');
    await measured(model);
    const [session] = await Promise.all(made.mock.results.map(({ value }) => value as Promise<InferenceSession>));
    const run = vi.spyOn(session!, 'run').mockRejectedValueOnce(new Error('out of memory'));
    await expect(measured(model)).rejects.toThrow();
    expect(run).toHaveBeenCalled();
    expect(open).toBe(0);
  });

  it('serves on where a call was cancelled', async () => {
    const model = sent(onDisk(network));
    const expected = tiles(await measuredAnew(model));
    for (const cancelAt of [1, 3, 5]) {
      expect((await serve('measure', { model, input, options }, cancelAt)).result).toBeUndefined();
      expect(tiles(await measured(model))).toEqual(expected);
    }
  });

  it('takes no more than half of the memory budget', async () => {
    const model = sent(onDisk(network));
    await measured(model, { memoryBudgetBytes: 2 * network.length });
    expect(open).toBe(0);
  });
});
