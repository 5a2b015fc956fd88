import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { EngineClient } from '../../../src/engine/host/client';
import type { CallRequest } from '../../../src/engine/protocol/calls';
import { EngineError } from '../../../src/engine/protocol/engine-error';
import { fakeEngine, removeModuleFolders } from '../engine-onnx/engine-bundle';

const request: CallRequest<'measure'> = {
  model: { path: 'a.onnx', bytes: Uint8Array.of(1, 2, 3), folder: '.', overlay: {} },
  input: { kind: 'pattern' },
  options: { metric: 'flat', memoryBudgetBytes: 5 },
};

const clients: EngineClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});
afterAll(removeModuleFolders);

/** A client of a process that does this with every message. @param code reads `message`, and may `send` */
function clientOf(code: string): EngineClient {
  const modulePath = fakeEngine(`const send = (answer) => process.send(answer);
    process.on('disconnect', () => process.exit(0));
    process.on('message', (message) => { const { id } = message; ${code} });`);
  const client = new EngineClient({ modulePath });
  clients.push(client);
  return client;
}

async function failure(call: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`);
  return { code: error.code, message: error.message };
}

/** Answers a run with what was asked. */
const answering = `if (message.kind === 'call') send({ kind: 'result', id, result: { backend: message.call, outputs: message.request } });`;

describe('a call of the engine', () => {
  it('sends what is asked and resolves with the result', async () => {
    expect(await clientOf(answering).call('run', request)).toEqual({ backend: 'run', outputs: request });
  });

  it('is served by a process that gives memory back, unless the environment says otherwise', async () => {
    const threshold = async (): Promise<unknown> =>
      clientOf(`send({ kind: 'result', id, result: process.env.MALLOC_MMAP_THRESHOLD_ });`).call('run', request);
    expect(await threshold()).toBe('1048576');
    vi.stubEnv('MALLOC_MMAP_THRESHOLD_', '65536');
    expect(await threshold()).toBe('65536');
    vi.unstubAllEnvs();
  });

  it('hears its own progress, in order, before it resolves', async () => {
    const client = clientOf(`
      globalThis.calls ??= [];
      calls.push(id);
      if (calls.length < 2) return;
      for (const done of [0, 0.25, 1]) for (const id of calls) send({ kind: 'progress', id, progress: { kind: 'share', done: id + done } });
      for (const id of calls) send({ kind: 'result', id, result: id });`);
    const told: Record<'first' | 'second', unknown[]> = { first: [], second: [] };
    const first = client
      .call('measure', request, { onProgress: (progress) => told.first.push(progress) })
      .then(() => told.first.push('end'));
    const second = client.call('measure', request, { onProgress: (progress) => told.second.push(progress) });
    await Promise.all([first, second]);
    const shares = (id: number) => [0, 0.25, 1].map((done) => ({ kind: 'share', done: id + done }));
    expect(told).toEqual({ first: [...shares(1), 'end'], second: shares(2) });
  });

  it('rejects with the code and the sentence of an error reply, and the process serves the next call', async () => {
    const client = clientOf(`
      if (message.call === 'measure') send({ kind: 'failed', id, code: 'truncated', message: 'It ends too early.' });
      else { ${answering} }`);
    expect(await failure(client.call('measure', request))).toEqual({ code: 'truncated', message: 'It ends too early.' });
    const before = client.processId;
    await client.call('run', request);
    expect(client.processId).toBe(before);
  });

  it('is cancelled at once, hears nothing more, and leaves the process and other calls alone', async () => {
    const client = clientOf(`
      if (message.kind === 'cancel') {
        send({ kind: 'progress', id, progress: { kind: 'share', done: 1 } });
        send({ kind: 'cancelled', id });
        send({ kind: 'result', id: id + 1, result: 'the other' });
      } else if (message.call === 'measure') send({ kind: 'progress', id, progress: { kind: 'share', done: 0 } });`);
    const controller = new AbortController();
    const told: unknown[] = [];
    const onProgress = (progress: unknown): void => {
      told.push(progress);
      controller.abort();
    };
    const cancelled = failure(client.call('measure', request, { signal: controller.signal, onProgress }));
    const other = client.call('run', request);
    expect(await cancelled).toEqual({ code: 'cancelled', message: 'The measurement was cancelled.' });
    expect(await other).toBe('the other');
    expect(told).toEqual([{ kind: 'share', done: 0 }]);
    expect(client.processId).toBeDefined();
  });

  it('that is cancelled before it is sent starts no process', async () => {
    const client = clientOf(answering);
    expect((await failure(client.call('run', request, { signal: AbortSignal.abort() }))).code).toBe('cancelled');
    expect(client.processId).toBeUndefined();
  });

  it('ends a process that does not confirm a cancellation, and with it the calls that wait behind', async () => {
    const client = clientOf('');
    const controller = new AbortController();
    const cancelled = failure(client.call('measure', request, { signal: controller.signal }));
    const waiting = failure(client.call('run', request));
    controller.abort();
    expect((await cancelled).code).toBe('cancelled');
    expect(client.processId).toBeDefined();
    expect(await waiting).toEqual({
      code: 'engine-exited',
      message: 'The engine process was ended because it did not react to a cancellation. Measure again to start a new one.',
    });
    expect(client.processId).toBeUndefined();
  });

  it('rejects with all others when the process dies, and the next call starts a new one', async () => {
    const client = clientOf(`if (message.call === 'measure') process.exit(3); else { ${answering} }`);
    await client.call('run', request);
    const before = client.processId;
    const calls = [failure(client.call('measure', request)), failure(client.call('measure', request))];
    for (const call of calls) {
      expect(await call).toEqual({
        code: 'engine-exited',
        message: 'The engine process ended unexpectedly with exit code 3. Measure again to start a new one.',
      });
    }
    await client.call('run', request);
    expect(client.processId).not.toBe(before);
  });

  it('ends a process whose run of the model takes longer than its work may take, and the next call starts a new one', async () => {
    const client = clientOf(`
      if (message.call === 'run') { ${answering} }
      else {
        send({ kind: 'run-began', run: 0, limitMs: 2000 });
        send({ kind: 'run-ended', run: 0 });
        send({ kind: 'run-began', run: 1, limitMs: 1000 });
        send({ kind: 'run-began', run: 2, limitMs: 1e12 });
        send({ kind: 'run-ended', run: 2 });
        for (;;);
      }`);
    const hanging = failure(client.call('measure', request));
    const before = client.processId;
    expect(await hanging).toEqual({
      code: 'hung',
      message:
        'A layer of the model did not end within 1 seconds, many times what its work takes, and the engine process was ended. Measure again; where this happens again, use a smaller image.',
    });
    await client.call('run', request);
    expect(client.processId).not.toBe(before);
  });

  it('takes an answer of no known kind for a misunderstanding, and answers to nobody for nothing', async () => {
    const client = clientOf(`send({ kind: 'result', id: 77, result: null }); send({ kind: 'guess', id });`);
    expect(await failure(client.call('run', request))).toEqual({
      code: 'internal',
      message: 'The engine process answered another question than it was asked. Measure again.',
    });
  });

  it.each([
    ['dispose', 'The measurement was cancelled because Shiftlint is closing.'],
    ['restart', 'The measurement was cancelled because the backend has changed. Measure again.'],
  ] as const)('ends with "%s", which says why', async (end, message) => {
    const client = clientOf(`if (message.call !== 'measure') { ${answering} }`);
    const call = failure(client.call('measure', request));
    await vi.waitFor(() => {
      expect(client.processId).toBeDefined();
    });
    client[end]();
    expect(await call).toEqual({ code: 'cancelled', message });
    expect(client.processId).toBeUndefined();
    expect(await client.call('run', request)).toMatchObject({ backend: 'run' });
  });
});
