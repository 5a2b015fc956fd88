import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CodeRequests } from '../../../src/code/protocol';
import { CodeWorkerClient, CodeWorkerError } from '../../../src/code/worker-client';

const modulePath = path.join(import.meta.dirname, 'fake-worker.mjs');
const options = {};

describe('CodeWorkerClient', () => {
  const documents = new Map<string, CodeRequests['open']>();
  let client = newClient();
  afterEach(() => {
    client.dispose();
    documents.clear();
    client = newClient();
  });

  function newClient(answerWithinMs = 30_000): CodeWorkerClient {
    return new CodeWorkerClient({
      modulePath,
      documents: () => documents.values(),
      resourceLimits: { maxOldGenerationSizeMb: 32 },
      answerWithinMs,
    });
  }

  async function open(document: string, text: string): Promise<void> {
    documents.set(document, { document, language: 'python', text });
    await client.request('open', { document, language: 'python', text });
  }

  async function edit(document: string, text: string): Promise<void> {
    const before = documents.get(document)!.text;
    documents.set(document, { document, language: 'python', text });
    await client.request('edit', { document, edits: [{ offset: 0, length: before.length, text }] });
  }

  async function textOf(document: string): Promise<string | undefined> {
    return (await client.request('lint', { document, options })).findings[0]?.message;
  }

  it('starts no thread before a document is opened', async () => {
    await client.request('edit', { document: 'a', edits: [] });
    await client.request('close', { document: 'a' });
    expect(client.running).toBe(false);
    await open('a', 'x = 1');
    expect(client.running).toBe(true);
    expect(await textOf('a')).toBe('x = 1');
  });

  it('answers about the text as it was when asked', async () => {
    await open('a', 'one');
    const first = textOf('a');
    const changed = edit('a', 'two');
    const second = textOf('a');
    expect(await Promise.all([first, changed, second])).toEqual(['one', undefined, 'two']);
  });

  it('hands on what the worker refuses', async () => {
    await open('a', 'one');
    await expect(textOf('unknown')).rejects.toThrow(new CodeWorkerError('The document "unknown" is not open.'));
    expect(await textOf('a')).toBe('one');
  });

  it.each([
    ['ends', '!exit', /ended unexpectedly with exit code 3/],
    ['throws', '!throw', /ended unexpectedly \(a bug\)/],
    ['runs out of memory', '!memory', /ended unexpectedly \(.*memory/],
  ])('rejects what waits where the thread %s, and opens every document again', async (_, text, reason) => {
    await open('good', 'x = 1');
    await open('bad', text);
    const [bad, behind] = await Promise.allSettled([textOf('bad'), textOf('good')]);
    for (const outcome of [bad, behind]) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(CodeWorkerError) });
      expect(String(outcome.status === 'rejected' && outcome.reason)).toMatch(reason);
    }
    expect(client.running).toBe(false);
    await edit('bad', 'y = 2');
    await edit('good', 'x = 3');
    expect(client.running, 'a change alone starts nothing').toBe(false);
    expect(await textOf('good')).toBe('x = 3');
    expect(await textOf('bad')).toBe('y = 2');
  });

  it('ends a thread that hangs', async () => {
    client.dispose();
    // Long enough for a thread to start on a busy machine.
    client = newClient(3000);
    await open('a', '!hang');
    await expect(textOf('a')).rejects.toThrow(/did not answer within 3 seconds/);
    documents.set('a', { document: 'a', language: 'python', text: 'x' });
    expect(await textOf('a')).toBe('x');
  });

  it('gives up for a while where the thread ends again and again', async () => {
    await open('a', '!exit');
    for (let time = 0; time < 3; time++) await expect(textOf('a')).rejects.toThrow(/exit code 3/);
    await expect(textOf('a')).rejects.toThrow(/ended 3 times within a minute/);
    expect(client.running).toBe(false);
  });

  it('rejects what waits when it is disposed, and everything later', async () => {
    await open('a', '!hang');
    const waiting = textOf('a');
    client.dispose();
    await expect(waiting).rejects.toThrow(/is closing/);
    await expect(textOf('a')).rejects.toThrow(/is closing/);
  });
});
