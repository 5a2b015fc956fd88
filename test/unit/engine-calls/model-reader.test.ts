import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readAll } from '../../../src/core/formats/byte-source';
import { applyEdits } from '../../../src/core/formats/text-edits';
import type { AxisPair } from '../../../src/core/graph/model-graph';
import { totalPrice } from '../../../src/core/lint/total-price';
import { lintGraph } from '../../../src/core/lint/linter';
import { openModel } from '../../../src/core/formats/registry';
import { ModelError } from '../../../src/core/model-error';
import { EngineClient } from '../../../src/engine/host/client';
import { ModelReader, type ReadableModel } from '../../../src/engine/host/model-reader';
import { modelDigest } from '../../../src/engine/input/model-digest';
import { sentBytes, sentSource } from '../../../src/engine/input/sent-model';
import { openSizeModels } from '../open-size-models';
import { poolsInARow } from '../tfjs-layers/pools-in-a-row';
import type { SentModel } from '../../../src/engine/protocol/payload';
import { layerKey } from '../../../src/engine/protocol/reading';
import { bundleEngine, fakeEngine, removeModuleFolders } from '../engine-onnx/engine-bundle';

const readers: ModelReader[] = [];
let bundle = '';
beforeAll(async () => {
  bundle = await bundleEngine('reader');
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.dispose();
});
afterAll(removeModuleFolders);

function readerOf(modulePath: string, silenceMs?: number, heapMegabytes?: number): ModelReader {
  const reader = new ModelReader(new EngineClient({ modulePath, ...(heapMegabytes !== undefined && { heapMegabytes }) }), silenceMs);
  readers.push(reader);
  return reader;
}

/** A reader whose process does this with every call. @param code reads `message`, and may `send` and `answer` */
function fakeReader(code: string, silenceMs?: number, heapMegabytes?: number): ModelReader {
  const modulePath = fakeEngine(`const send = (message) => process.send(message);
    process.on('disconnect', () => process.exit(0));
    process.on('message', (message) => {
      const { id, request } = message;
      const answer = (answer) => send({ kind: 'result', id, result: { kind: 'answer', answer } });
      ${code}
    });`);
  return readerOf(modulePath, silenceMs, heapMegabytes);
}

const fixtures = path.resolve('test/fixtures/oracle');

async function onDisk(file: string): Promise<ReadableModel> {
  const { size, mtime } = await stat(file);
  const content = { file, size, modified: mtime.getTime(), pieces: null };
  const sent: SentModel = { path: path.basename(file), folder: path.dirname(file), overlay: {}, content };
  return { id: file, version: `${mtime.getTime()}`, path: path.basename(file), sent: () => sent };
}

const inText = (text: string, version = '1', overlay: SentModel['overlay'] = {}): ReadableModel => ({
  id: 'model.json',
  version,
  path: 'model.json',
  sent: () => ({ path: 'model.json', folder: '.', overlay, text: [text] }),
});

const pools = (count: number, side: number | null = 64): string => poolsInARow(count, { side, indent: 1 });

async function failure(call: Promise<unknown>): Promise<ModelError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelError)) throw new Error(`expected a ModelError, got ${String(error)}`);
  return error;
}

describe('the reading process', () => {
  it('judges a file that it reads itself as the linter does, and hands out its layers', async () => {
    const reader = readerOf(bundle);
    const file = await onDisk(path.join(fixtures, 'vgg_like.onnx'));
    const model = await openModel(sentSource(await file.sent()));
    const findings = lintGraph(model);
    const summary = await reader.ask('judge', file, { lint: {} });
    expect(summary).toMatchObject({
      format: { id: 'onnx' },
      layerCount: model.graph.layers.length,
      findingCount: findings.length,
      fixableCount: findings.filter(({ fix }) => fix.ok && fix.inFixAll).length,
    });
    expect(summary?.findings.map(({ layer, message, place }) => ({ layer, message, place }))).toEqual(
      findings.map(({ layer, message }) => ({ layer, message, place: null })),
    );
    const rows = await reader.ask('layers', file, { lint: {}, first: 1 });
    expect(rows.map(({ layer }) => layer)).toEqual(model.graph.layers.slice(1).map(({ name }) => name));
    expect(rows.filter(({ finding }) => finding !== null)).toHaveLength(findings.length);
    for (const [index, { operation }] of model.graph.layers.slice(1).entries()) {
      if (operation.kind !== 'convolution') continue;
      const { inChannels, outChannels, groups, window } = operation;
      const kernels = (outChannels! * inChannels! * window.kernel.reduce((product, length) => product * length, 1)) / groups;
      expect(rows[index]?.parameters, 'kernels and a bias').toBe(kernels + outChannels!);
      expect(rows[index]?.receptiveField?.size?.every((length) => length > 1)).toBe(true);
    }
    expect(await reader.ask('digest', file, {})).toBe(await modelDigest(model));
  });

  it.each(openSizeModels)('judges and fixes $format of open size for the size that is asked for', async ({ fileName, bytes }) => {
    const reader = readerOf(bundle);
    const sent: SentModel = { path: fileName, folder: '.', overlay: {}, bytes };
    const asked = (imageSize?: AxisPair): ReadableModel => ({
      id: fileName,
      version: `1 ${imageSize?.join('x')}`,
      path: fileName,
      sent: () => sent,
      ...(imageSize && { imageSize }),
    });
    const forAll = await reader.ask('judge', asked(), { lint: {} });
    expect(forAll).toMatchObject({ judgedSize: null, findingCount: 1, fixableCount: 0, image: { declaredSize: [null, null] } });
    expect((await reader.ask('layers', asked(), { lint: {}, first: 0 })).at(-1)?.finding?.fix).toMatchObject({ ok: false });
    for (const imageSize of [
      [16, 24],
      [15, 17],
    ] as const) {
      const model = await openModel({ ...sentSource(sent), imageSize });
      const plans = lintGraph(model).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
      const { outcomes, ...change } = await model.patch(plans);
      expect(plans).toHaveLength(1);
      expect(await reader.ask('judge', asked(imageSize), { lint: {} })).toMatchObject({
        judgedSize: imageSize,
        findingCount: 1,
        fixableCount: 1,
        image: { declaredSize: [null, null] },
      });
      expect((await reader.ask('layers', asked(imageSize), { lint: {}, first: 0 })).at(-1)?.shape).toContain(
        imageSize.map((side) => Math.ceil(side / 2)).join(' × '),
      );
      const layersBefore = model.graph.layers.map(({ name, op }) => layerKey(name, op));
      const price = totalPrice(lintGraph(model), outcomes);
      expect(price?.multiplyAdds).toBeGreaterThan(0);
      expect(await reader.ask('fix', asked(imageSize), { lint: {}, fixes: 'all' })).toEqual({
        plans,
        change,
        outcomes,
        price,
        layersBefore,
      });
    }
    expect(await reader.ask('judge', asked(), { lint: {} })).toEqual(forAll);
  });

  it('makes the change that a patch in this process makes', async () => {
    const reader = readerOf(bundle);
    const file = await onDisk(path.join(fixtures, 'vgg_like.onnx'));
    const sent = await file.sent();
    const model = await openModel(sentSource(sent));
    const plans = lintGraph(model).flatMap(({ fix }) => (fix.ok && fix.inFixAll ? [fix.plan] : []));
    const { outcomes, ...change } = await model.patch(plans);
    const planned = await reader.ask('fix', file, { lint: {}, fixes: 'all' });
    expect(planned.change).toEqual(change);
    expect(planned.outcomes).toEqual(outcomes);
    expect(planned.plans).toEqual(plans);
    if (planned.change.kind !== 'binary' || !('content' in sent)) throw new Error('expected pieces of a file');
    const edited = sentBytes({ content: { ...sent.content, pieces: planned.change.pieces } });
    expect(
      lintGraph(await openModel({ ...sentSource(sent), size: edited.size, read: (offset, length) => edited.read(offset, length) })),
    ).toEqual([]);
    expect((await readAll(edited)).length).toBe(edited.size);
  });

  it('writes a copy elsewhere with its weights, which may not be told from the original', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-copy-'));
    try {
      const file = path.join(folder, 'copy.onnx');
      const original = await onDisk(path.join(fixtures, 'vgg_like.onnx'));
      const reader = readerOf(bundle);
      expect(await reader.ask('write-copy', original, { file })).toEqual([file]);
      expect(readFileSync(file).equals(readFileSync(original.id))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('reads a text that comes in parts as one, wherever it is cut', async () => {
    const reader = readerOf(bundle);
    const text = pools(40, null).replace('"pool7"', '"größer 𝄞"');
    const parts = Array.from({ length: Math.ceil(text.length / 97) }, (_, index) => text.slice(97 * index, 97 * (index + 1)));
    const whole = await reader.ask('judge', inText(text), { lint: {} });
    const inParts = { ...inText('', '2'), sent: () => ({ path: 'model.json', folder: '.', overlay: {}, text: parts }) };
    expect(await reader.ask('judge', inParts, { lint: {} })).toEqual(whole);
    expect(whole?.findings[7]?.layer).toBe('größer 𝄞');
  });

  it('tells where layers stand in a text, and edits that text', async () => {
    const reader = readerOf(bundle);
    const text = pools(2);
    const summary = await reader.ask('judge', inText(text), { lint: {} });
    const lines = text.split('\n');
    for (const { layer, place } of summary?.findings ?? []) {
      const shown = lines.slice(place?.start.line, (place?.end.line ?? 0) + 1).join('\n');
      expect(shown).toContain(`"${layer}"`);
    }
    const range = await reader.ask('locate', inText(text), { layer: 'pool1' });
    expect(text.slice(range?.offset, (range?.offset ?? 0) + (range?.length ?? 0))).toContain('"pool1"');
    const { change } = await reader.ask('fix', inText(text), { lint: {}, fixes: { layers: ['pool1'] } });
    if (change.kind !== 'text') throw new Error('expected edits');
    const weights = Object.fromEntries(change.newFiles.map(({ relativePath, bytes }) => [relativePath, bytes]));
    const after = await reader.ask('judge', inText(applyEdits(text, change.edits), '2', weights), { lint: {} });
    expect(after?.findings.map(({ layer }) => layer)).toEqual(['pool0']);
  });

  it('answers a bounded part of a long list at a time', async () => {
    const reader = readerOf(bundle);
    const long = inText(pools(2500, null));
    const summary = await reader.ask('judge', long, { lint: {} });
    expect(summary).toMatchObject({ layerCount: 2500, findingCount: 2500 });
    expect(summary?.findings.length).toBeGreaterThan(500);
    expect(summary?.findings.length).toBeLessThanOrEqual(1000);
    const names: string[] = [];
    for (let rows = await reader.ask('layers', long, { lint: {}, first: 0 }); rows.length > 0;) {
      expect(rows.length).toBeLessThanOrEqual(1000);
      names.push(...rows.map(({ layer }) => layer));
      rows = await reader.ask('layers', long, { lint: {}, first: names.length });
    }
    expect(names).toEqual(Array.from({ length: 2500 }, (_, index) => `pool${index}`));
  });

  it('says that a file is no model, and what is wrong with one that is', async () => {
    const reader = readerOf(bundle);
    expect(await reader.ask('judge', inText('{"a": 1}'), { lint: {} })).toBeNull();
    const error = await failure(reader.ask('judge', inText(pools(3).slice(0, -20), '2'), { lint: {} }));
    expect(error.code).toBe('truncated');
  });

  it('asks for the files beside a model that lies on no disk', async () => {
    const reader = readerOf(bundle);
    const folder = 'samples/shapes-tfjs';
    const bytes = readFileSync(path.join(folder, 'model.json'));
    const asked: string[] = [];
    const model: ReadableModel = {
      id: 'vscode-vfs://model.json',
      version: '1',
      path: 'model.json',
      sent: () => ({ path: 'model.json', folder: '', overlay: {}, bytes }),
      readBeside: (name) => {
        asked.push(name);
        return Promise.resolve(new Uint8Array(readFileSync(path.join(folder, name))));
      },
    };
    const onDiskToo = await onDisk(path.resolve(folder, 'model.json'));
    const expected = await reader.ask('judge', onDiskToo, { lint: {} });
    expect(await reader.ask('judge', model, { lint: {} })).toEqual(expected);
    expect(new Set(asked)).toEqual(new Set(['weights.bin']));
    const missing = { ...model, version: '2', readBeside: () => Promise.resolve(null) };
    const judged = await reader.ask('judge', missing, { lint: {} });
    expect(judged?.note).toContain('"weights.bin", which is not beside it');
    expect(judged?.findings.map(({ layer, fix }) => [layer, fix.ok])).toEqual(expected?.findings.map(({ layer }) => [layer, false]));
  });
});

describe('the reader', () => {
  it('sends a model once, and again to a process that does not hold it', async () => {
    const reader = fakeReader(`
      globalThis.calls ??= 0;
      calls += 1;
      if (calls === 3) send({ kind: 'result', id, result: { kind: 'lacks-model' } });
      else answer([request.model.version, request.model.sent?.text.join('') ?? null]);`);
    const ask = (model: ReadableModel): Promise<unknown> => reader.ask('judge', model, { lint: {} });
    expect(await ask(inText('a'))).toEqual(['1', 'a']);
    expect(await ask(inText('a'))).toEqual(['1', null]);
    expect(await ask(inText('a'))).toEqual(['1', 'a']);
    expect(await ask(inText('b', '2'))).toEqual(['2', 'b']);
  });

  const otherwise = `else answer(request.model.sent?.text.join('') ?? null);`;
  const whatToDo =
    'Other files are still checked, and this one again once it changes: export it anew, or leave it out with "shiftlint.exclude".';
  it.each([
    { ends: 'hangs', code: `while (true);`, says: 'Reading "model.json" took longer than 10 seconds and was ended.', silenceMs: 10_000 },
    { ends: 'ends', code: `process.exit(3);`, says: 'Reading "model.json" ended the process that reads models.' },
    { ends: 'is killed', code: `process.kill(process.pid, 'SIGKILL');`, says: 'Reading "model.json" ended the process that reads models.' },
    {
      ends: 'fails inside Shiftlint',
      code: `send({ kind: 'failed', id, code: 'internal', message: 'x is undefined.' });`,
      says: 'Reading "model.json" failed for a reason inside Shiftlint: x is undefined.',
    },
  ])('gives one message for a file at which the process $ends, and serves the others', async ({ code, says, silenceMs }) => {
    const reader = fakeReader(`if (request.model.sent?.text.join('') === 'hostile') { ${code} } ${otherwise}`, silenceMs);
    const before = reader.ask('judge', inText('good', '0'), { lint: {} });
    const hostile = failure(reader.ask('judge', inText('hostile', '1'), { lint: {} }));
    const behind = reader.ask('judge', inText('also good', '2'), { lint: {} });
    expect(await before).toBe('good');
    expect(await hostile).toMatchObject({ code: 'stopped', message: `${says} ${whatToDo}` });
    expect(await behind).toBe('also good');
  });

  it('tells a lack of memory from other ends', async () => {
    const reader = fakeReader(`const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length));`, 20_000, 32);
    expect(await failure(reader.ask('judge', inText('hostile'), { lint: {} }))).toMatchObject({
      code: 'stopped',
      message: `Reading "model.json" took more memory than it is given and was ended. ${whatToDo}`,
    });
  });

  it('waits for as long as a long read tells of its work', async () => {
    const reader = fakeReader(
      `let told = 0;
       const timer = setInterval(() => {
         if (++told < 6) send({ kind: 'progress', id, progress: { kind: 'working' } });
         else { clearInterval(timer); answer('all'); }
       }, 1200);`,
      4000,
    );
    expect(await reader.ask('digest', inText('a'), {})).toBe('all');
  });
});

describe('what a model was changed to before it could be read', () => {
  it('is told from what was asked for, by size and time of the file', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-reader-'));
    try {
      const file = path.join(folder, 'model.json');
      writeFileSync(file, pools(1));
      const { sent } = await onDisk(file);
      writeFileSync(file, pools(2));
      const { wholePayload } = await import('../../../src/engine/input/sent-model');
      expect((await failure(wholePayload(await sent()))).message).toBe(
        '"model.json" was changed on disk meanwhile, so nothing was measured: try again.',
      );
      rmSync(file);
      expect((await failure(wholePayload(await sent()))).message).toBe(
        '"model.json" is not there any more: it was moved or deleted. Open it again.',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
