import { partBytes } from './parts';

/** Something of a message still to come: bytes of a large array of numbers, or items of a long list. Those of one follow one another. */
export type PartAhead = {
  /** Of the call that the message is about. */
  readonly id: number;
  /** Tells the arrays and lists of a message apart. */
  readonly index: number;
} & (
  | { readonly kind: 'array-part'; /** Bytes of the whole array. */ readonly size: number; readonly bytes: Uint8Array }
  | { readonly kind: 'list-part'; readonly items: readonly unknown[] }
);

const arrayTypes = {
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
};
type ArrayType = keyof typeof arrayTypes;
type LargeArray = InstanceType<(typeof arrayTypes)[ArrayType]>;

/** Stands in a message for what has gone ahead of it. */
interface SentAhead {
  readonly sentAhead: number;
  readonly type: ArrayType | 'list';
}

/** Items of a list that take a host little time to send and to receive: objects, such as plans and findings, or plain values. */
const objectsOfPart = 256;
const valuesOfPart = 1 << 16;

/** What is sent for a message: large arrays and long lists part by part, so that neither end handles much at once, and then the rest. */
export function* inParts<Message extends object>(message: Message): Generator<Message | PartAhead> {
  if ('id' in message && typeof message.id === 'number') yield yield* sendAhead(message, message.id, { next: 0 });
  else yield message;
}

/** @returns the value with something else for what was sent ahead */
function* sendAhead<Value>(value: Value, id: number, index: { next: number }): Generator<PartAhead, Value> {
  const ahead = new Map<number, LargeArray | readonly unknown[]>();
  const rest = replaced(value, (part): SentAhead | undefined => {
    const type = isLarge(part) ? typeOf(part) : isLong(part) ? 'list' : undefined;
    if (type === undefined) return undefined;
    ahead.set(index.next, part as LargeArray | readonly unknown[]);
    return { sentAhead: index.next++, type };
  });
  for (const [own, part] of ahead) yield* isLarge(part) ? arrayParts(part, id, own) : listParts(part, id, own, index);
  return rest;
}

function* arrayParts({ buffer, byteOffset, byteLength }: LargeArray, id: number, index: number): Generator<PartAhead> {
  for (let offset = 0; offset < byteLength; offset += partBytes) {
    const bytes = new Uint8Array(buffer, byteOffset + offset, Math.min(partBytes, byteLength - offset));
    yield { kind: 'array-part', id, index, size: byteLength, bytes };
  }
}

/** Items may hold large arrays themselves. */
function* listParts(list: readonly unknown[], id: number, index: number, counter: { next: number }): Generator<PartAhead> {
  const step = itemsOfPart(list);
  for (let from = 0; from < list.length; from += step) {
    const items = yield* sendAhead(list.slice(from, from + step), id, counter);
    yield { kind: 'list-part', id, index, items };
  }
}

/** True for a part of a message still to come. */
export function isPartAhead(message: { readonly kind: string }): message is PartAhead {
  return message.kind === 'array-part' || message.kind === 'list-part';
}

/** What has come of an array, in the room for all of it, or of a list. */
type Arrived = { readonly bytes: Uint8Array<ArrayBuffer>; filled: number } | unknown[];

/** Puts what was sent ahead back into its messages. */
export class ArrivingParts {
  /** By call and index. */
  private readonly calls = new Map<number, Map<number, Arrived>>();

  add(part: PartAhead): void {
    const arrived = this.calls.get(part.id) ?? new Map<number, Arrived>();
    this.calls.set(part.id, arrived);
    const known = arrived.get(part.index);
    if (part.kind === 'list-part') {
      const items = this.restored(part.items, part.id);
      if (Array.isArray(known)) known.push(...items);
      else arrived.set(part.index, [...items]);
      return;
    }
    // Clearing so many bytes, all of which are written, would take as long as a large message.
    const array =
      known === undefined || Array.isArray(known) ? { bytes: new Uint8Array(Buffer.allocUnsafeSlow(part.size).buffer), filled: 0 } : known;
    arrived.set(part.index, array);
    array.bytes.set(part.bytes, array.filled);
    array.filled += part.bytes.length;
  }

  /** The message as it was before parts of it were sent ahead. */
  complete<Message extends object>(message: Message): Message {
    if (!('id' in message) || typeof message.id !== 'number' || !this.calls.has(message.id)) return message;
    const whole = this.restored(message, message.id);
    this.calls.delete(message.id);
    return whole;
  }

  /** A message that parts were sent ahead of will not come; true where there were any. */
  forget(id: number): boolean {
    return this.calls.delete(id);
  }

  private restored<Value>(value: Value, id: number): Value {
    const arrived = this.calls.get(id);
    if (arrived === undefined || arrived.size === 0) return value;
    return replaced(value, (place) => {
      const part = isSentAhead(place) ? arrived.get(place.sentAhead) : undefined;
      if (part === undefined || Array.isArray(part) || !isSentAhead(place) || place.type === 'list') return part;
      return new arrayTypes[place.type](part.bytes.buffer);
    });
  }
}

/**
 * A value with some of the objects in it replaced; what holds none of them stays the very object that it was.
 *
 * @param replacement undefined for an object that is looked into
 */
function replaced<Value>(value: Value, replacement: (value: object) => object | undefined, known = new Map<object, object>()): Value {
  if (typeof value !== 'object' || value === null) return value;
  const found = known.get(value) ?? replacement(value) ?? withReplaced(value, (part) => replaced(part, replacement, known));
  known.set(value, found);
  // It is of the type that the other end puts back.
  return found as Value;
}

function withReplaced(value: object, replace: (part: unknown) => unknown): object {
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const parts = list.map(replace);
    return parts.some((part, index) => part !== list[index]) ? parts : list;
  }
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<unknown, unknown>)].map(([key, part]) => [key, replace(part)] as const);
    return entries.some(([key, part]) => part !== value.get(key)) ? new Map(entries) : value;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  let changed: Record<string, unknown> | undefined;
  for (const [key, part] of Object.entries(value)) {
    const other = replace(part);
    if (other !== part) (changed ??= { ...value })[key] = other;
  }
  return changed ?? value;
}

function isLarge(value: object): value is LargeArray {
  return ArrayBuffer.isView(value) && value.byteLength > partBytes && !(value instanceof DataView);
}

function isLong(value: object): value is readonly unknown[] {
  return Array.isArray(value) && value.length > itemsOfPart(value);
}

function itemsOfPart([first]: readonly unknown[]): number {
  return typeof first === 'object' ? objectsOfPart : valuesOfPart;
}

/** A buffer of Node.js arrives as an array of bytes. */
function typeOf(value: LargeArray): ArrayType {
  return value instanceof Uint8Array ? 'Uint8Array' : (value.constructor.name as ArrayType);
}

function isSentAhead(value: object): value is SentAhead {
  return 'sentAhead' in value && typeof value.sentAhead === 'number' && 'type' in value;
}
