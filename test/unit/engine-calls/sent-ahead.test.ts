import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { EngineClient } from '../../../src/engine/host/client';
import { partBytes } from '../../../src/engine/protocol/parts';
import { ArrivingParts, inParts, type PartAhead } from '../../../src/engine/protocol/sent-ahead';
import { fakeEngine, removeModuleFolders } from '../engine-onnx/engine-bundle';

afterAll(removeModuleFolders);

const large = (length: number, start = 0): Float32Array => Float32Array.from({ length }, (_, index) => start + index);

/** What comes of a message on its way, and the messages that it takes. */
function sent<Message extends object>(
  message: Message,
): { readonly arrived: Message; readonly messages: readonly (Message | PartAhead)[] } {
  const messages = [...inParts(message)];
  const arrays = new ArrivingParts();
  const [last, ...parts] = structuredClone(messages).reverse();
  for (const part of parts.reverse()) arrays.add(part as PartAhead);
  return { arrived: arrays.complete(last as Message), messages };
}

/** The same with a digest for each array, which is compared in no time. */
function digested(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const hash = createHash('sha256').update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return `${value.constructor.name} of ${value.byteLength} bytes: ${hash.digest('hex')}`;
  }
  if (value instanceof Map) return new Map([...(value as ReadonlyMap<unknown, unknown>)].map(([key, part]) => [key, digested(part)]));
  if (Array.isArray(value)) return value.map(digested);
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, digested(part)]));
}

const bytesOf = (value: object): number => {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  const parts: unknown[] = value instanceof Map ? [...value.values()] : Object.values(value);
  return parts.reduce<number>((sum, part) => sum + (typeof part === 'object' && part !== null ? bytesOf(part) : 0), 0);
};

describe('large arrays and long lists, which are sent in parts', () => {
  it('are whole when their message has arrived, wherever they stand in it, and no message is large', () => {
    const shared = large(200_000, 1);
    const message = {
      kind: 'result',
      id: 7,
      result: {
        weights: new Map([
          ['a', { weights: large(400_000), bias: Float32Array.of(1, 2) }],
          ['b', { weights: shared, bias: undefined }],
        ]),
        pieces: [{ start: 0, end: 3 }, new Uint8Array(shared.buffer, 40, 600_000), Uint8Array.of(1)],
        again: shared,
        other: [new Date(0), null, 'text', new Set([1])],
      },
    };
    const { arrived, messages } = sent(message);
    expect(digested(arrived)).toEqual(digested(message));
    expect(arrived.result.again === arrived.result.weights.get('b')?.weights).toBe(true);
    expect(messages.length).toBeGreaterThan(4);
    for (const each of messages) expect(bytesOf(each)).toBeLessThanOrEqual(partBytes);
  });

  it.each([Float64Array, Int8Array, Int32Array, Uint16Array, Uint8ClampedArray, BigInt64Array])('keep their type: %o', (Type) => {
    const data = new Type(partBytes + 8);
    const { arrived, messages } = sent({ id: 1, data });
    expect(messages.length).toBeGreaterThan(2);
    expect(digested(arrived.data)).toBe(digested(data));
    expect(arrived.data instanceof Type).toBe(true);
  });

  it('leave a message alone that holds no large one', () => {
    const message = { id: 1, model: { bytes: new Uint8Array(partBytes) }, sentAhead: 0, type: 'Uint8Array' };
    const messages = [...inParts(message)];
    expect(messages.length === 1 && messages[0] === message).toBe(true);
    expect(digested(sent(message).arrived)).toEqual(digested(message));
  });

  it('are as long as before, with what is large or long in their items', () => {
    const list = Array.from({ length: 1000 }, (_, index) => ({
      index,
      ...(index === 300 && { weights: large(200_000) }),
      ...(index === 999 && { nested: Array.from({ length: 300 }, (_, own) => ({ own })) }),
    }));
    const message = { id: 1, plans: list, numbers: Array.from({ length: 200_000 }, (_, index) => index), few: [{ a: 1 }], none: [] };
    const { arrived, messages } = sent(message);
    expect(digested(arrived)).toEqual(digested(message));
    const lengths = messages.map((each) => ('kind' in each && each.kind === 'list-part' ? each.items.length : 0));
    expect(lengths.filter((length) => length > 256)).toEqual([65_536, 65_536, 65_536, 3392]);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(1000 + 300 + 200_000);
  });

  it('are told from those of other calls, whose parts come between', () => {
    const arrays = new ArrivingParts();
    const streams = [1, 2].map((id) => [...inParts({ id, data: large(300_000, id) })]);
    for (let step = 0; step < streams[0]!.length - 1; step++) for (const stream of streams) arrays.add(stream[step] as PartAhead);
    for (const [index, stream] of streams.entries())
      expect(digested(arrays.complete(stream.at(-1) as object))).toEqual(digested({ id: index + 1, data: large(300_000, index + 1) }));
    expect(arrays.forget(1)).toBe(false);
  });

  it('reach a process, and come back from it', async () => {
    const modulePath = fakeEngine(`
      let parts = 0;
      process.on('disconnect', () => process.exit(0));
      process.on('message', (message) => {
        if (message.kind.endsWith('-part')) parts += 1;
        if (message.kind !== 'call') { process.send(message); return; }
        process.send({ kind: 'result', id: message.id, result: { backend: String(parts), outputs: message.request } });
      });`);
    const client = new EngineClient({ modulePath });
    try {
      const model = { path: 'a.onnx', bytes: new Uint8Array(large(300_000).buffer), folder: '.', overlay: {} };
      const request = { model, input: { kind: 'pattern' as const } };
      expect(digested(await client.call('run', request))).toEqual(digested({ backend: '3', outputs: request }));
    } finally {
      client.dispose();
    }
  });
});
