import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/model-error';
import { CallQueue } from '../../../src/engine/process/call-queue';
import { handlers } from '../../../src/engine/process/calls/index';
import type { Handler, Handlers } from '../../../src/engine/process/handler';
import type { CallKind, CallRequest } from '../../../src/engine/protocol/calls';
import type { CallMessage, CallAnswer, ToProcess } from '../../../src/engine/protocol/messages';

const request: CallRequest<'measure'> = {
  model: { path: 'a.onnx', bytes: new Uint8Array(), folder: '.', overlay: {} },
  input: { kind: 'pattern' },
  options: { metric: 'flat', memoryBudgetBytes: 1 },
};
const result = { backend: 'fake', outputs: [] };

function measuring(id: number): CallMessage {
  return { kind: 'call', id, call: 'measure', request };
}

function running(id: number): CallMessage {
  return { kind: 'call', id, call: 'run', request };
}

/** A queue of which some handlers are replaced, what it sent, and how to wait for a number of messages. */
function queueWith(replaced: Partial<Handlers<CallKind>>) {
  const sent: CallAnswer[] = [];
  const waiting: (() => void)[] = [];
  const queue = new CallQueue({ ...handlers, ...replaced }, (message) => {
    sent.push(message);
    for (const check of waiting) check();
  });
  const until = (count: number): Promise<readonly CallAnswer[]> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (sent.length >= count) resolve(sent);
      };
      waiting.push(check);
      check();
    });
  return { queue, sent, until };
}

const runs: Handler<'run'> = () => Promise.resolve(result);

describe('the queue of the engine process', () => {
  it('serves one call after another, each with its progress before its result', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { queue, sent, until } = queueWith({
      measure: async (_, call) => {
        call.report({ kind: 'share', done: 0.5 });
        await gate;
        call.report({ kind: 'share', done: 1 });
        return undefined;
      },
      run: runs,
    });
    queue.receive(measuring(7));
    queue.receive(running(8));
    await until(1);
    expect(queue.servedId).toBe(7);
    expect(sent).toEqual([{ kind: 'progress', id: 7, progress: { kind: 'share', done: 0.5 } }]);
    release();
    expect((await until(4)).slice(1)).toEqual([
      { kind: 'progress', id: 7, progress: { kind: 'share', done: 1 } },
      { kind: 'cancelled', id: 7 },
      { kind: 'result', id: 8, result },
    ]);
    expect(queue.servedId).toBeUndefined();
  });

  it.each([
    [new ModelError('truncated', '"a.onnx" ends too early.'), { code: 'truncated', message: '"a.onnx" ends too early.' }],
    [
      new TypeError('x is undefined\nat somewhere'),
      { code: 'internal', message: 'The measurement stopped because of an error inside Shiftlint: x is undefined.' },
    ],
    [
      new RangeError('Array buffer allocation failed'),
      {
        code: 'too-large',
        message:
          'There is not enough memory for this model and image size. Lower the memory budget in the settings, or use a smaller image.',
      },
    ],
  ])('answers %s with a code and one sentence, and goes on', async (error, failure) => {
    const { queue, until } = queueWith({ measure: () => Promise.reject(error), run: runs });
    queue.receive(measuring(1));
    queue.receive(running(2));
    expect(await until(2)).toEqual([
      { kind: 'failed', id: 1, ...failure, stack: expect.any(String) as string },
      { kind: 'result', id: 2, result },
    ]);
  });

  it('answers an error that is thrown rather than rejected', async () => {
    const { queue, until } = queueWith({
      measure: () => {
        throw new ModelError('unsupported', 'No.');
      },
    });
    queue.receive(measuring(1));
    expect(await until(1)).toEqual([{ kind: 'failed', id: 1, code: 'unsupported', message: 'No.', stack: expect.any(String) as string }]);
  });

  it('tells the call that is served of its cancellation, and no other', async () => {
    const seen: boolean[] = [];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { queue, until } = queueWith({
      measure: async (_, call) => {
        await gate;
        seen.push(call.cancelled);
        return undefined;
      },
      run: (_, call) => {
        seen.push(call.cancelled);
        return Promise.resolve(result);
      },
    });
    queue.receive(measuring(1));
    queue.receive(running(2));
    queue.receive({ kind: 'cancel', id: 1 });
    queue.receive({ kind: 'cancel', id: 99 });
    release();
    expect(await until(2)).toEqual([
      { kind: 'cancelled', id: 1 },
      { kind: 'result', id: 2, result },
    ]);
    expect(seen).toEqual([true, false]);
  });

  it('drops a call that is cancelled while it waits, at once', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const served: string[] = [];
    const { queue, sent, until } = queueWith({
      measure: async () => {
        await gate;
        return undefined;
      },
      run: () => {
        served.push('run');
        return Promise.resolve(result);
      },
    });
    queue.receive(measuring(1));
    queue.receive(running(2));
    queue.receive({ kind: 'cancel', id: 2 });
    expect(sent).toEqual([{ kind: 'cancelled', id: 2 }]);
    release();
    await until(2);
    expect(served).toEqual([]);
  });

  it('gives a call the text that came ahead of it in parts, and forgets that of a call which is cancelled before it comes', async () => {
    const texts: unknown[] = [];
    const { queue, until } = queueWith({
      run: ({ model }) => {
        texts.push('text' in model ? model.text : undefined);
        return Promise.resolve(result);
      },
    });
    const aboutText = (id: number): CallMessage => {
      const model = { path: 'model.json', folder: '.', overlay: {}, text: [] };
      return { kind: 'call', id, call: 'run', request: { ...request, model } };
    };
    for (const text of ['a', 'b']) queue.receive({ kind: 'part', id: 1, text });
    queue.receive({ kind: 'part', id: 2, text: 'never asked about' });
    queue.receive({ kind: 'cancel', id: 2 });
    queue.receive(aboutText(1));
    queue.receive(aboutText(2));
    expect(await until(3)).toContainEqual({ kind: 'cancelled', id: 2 });
    expect(texts).toEqual([['a', 'b'], []]);
  });

  it.each(['guess', 'constructor', '__proto__'])('does not know the call "%s", and says so', async (call) => {
    const { queue, until } = queueWith({ run: runs });
    queue.receive({ kind: 'call', id: 1, call, request: {} } as unknown as ToProcess);
    queue.receive(running(2));
    expect(await until(2)).toEqual([
      { kind: 'failed', id: 1, code: 'internal', message: expect.stringContaining(`does not know the call "${call}"`) },
      { kind: 'result', id: 2, result },
    ]);
  });
});
