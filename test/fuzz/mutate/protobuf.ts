import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { oddNumbers, oddTexts, type Random } from '../random';

/** A field of a message of which no schema is known: a number, bytes, or a message where the bytes read as one. */
interface Field {
  number: number;
  type: WireType;
  value: Uint8Array | bigint | Message;
}

type Message = Field[];

/** Larger values are weights, and smaller ones may be texts. */
const messageBytes = { least: 2, most: 1 << 16 };
const deepest = 9;

/** Changes a message field by field: what comes out is a protobuf again, of a model that no exporter writes. */
export function mutateProtobuf(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const message = parse(bytes, 0);
  const donor = parse(other, 0);
  if (message === undefined || donor === undefined) return bytes;
  const donors = messagesIn(donor);
  for (let times = 1 + random.below(5); times > 0; times--) mutateOnce(random, random.pick(messagesIn(message)), donors);
  return encode(message);
}

function mutateOnce(random: Random, message: Message, donors: readonly Message[]): void {
  const at = random.below(message.length);
  const field = message[at];
  if (field === undefined) {
    message.push(...structuredClone(random.pick(donors).slice(0, 3)));
    return;
  }
  switch (random.below(9)) {
    case 0:
      message.splice(at, 1);
      return;
    case 1:
      message.splice(at, 0, ...Array.from({ length: 1 + random.below(random.chance(0.03) ? 300 : 3) }, () => structuredClone(field)));
      return;
    case 2: {
      const alike = donors.flatMap((donor) => donor.filter(({ number, type }) => number === field.number && type === field.type));
      if (alike.length > 0) message[at] = structuredClone(random.pick(alike));
      return;
    }
    case 3:
      message.splice(random.below(message.length), 0, structuredClone(random.pick([field, ...random.pick(donors).slice(0, 100)])));
      return;
    case 4:
      field.number = 1 + random.below(30);
      return;
    case 5: {
      const swapped = random.below(message.length);
      const that = message[swapped];
      if (that !== undefined) [message[at], message[swapped]] = [that, field];
      return;
    }
    default:
      mutateValue(random, field);
  }
}

function mutateValue(random: Random, field: Field): void {
  if (typeof field.value === 'bigint') {
    const odd = random.pick(oddNumbers);
    field.value = BigInt.asUintN(64, Number.isFinite(odd) ? BigInt(Math.trunc(odd)) : BigInt(random.below(1000)));
  } else if (field.value instanceof Uint8Array) {
    field.value = random.chance(0.5)
      ? new TextEncoder().encode(random.pick(oddTexts))
      : field.value.map((byte) => (random.chance(0.2) ? random.below(256) : byte));
  } else if (random.chance(0.3)) {
    // A message within itself, and again.
    field.value = [...field.value, { number: field.number, type: field.type, value: structuredClone(field.value) }];
  }
}

function messagesIn(message: Message): Message[] {
  return [message, ...message.flatMap(({ value }) => (Array.isArray(value) ? messagesIn(value) : []))];
}

function parse(bytes: Uint8Array, depth: number): Message | undefined {
  const reader = new BinaryReader(bytes);
  const fields: Message = [];
  try {
    while (reader.pos < bytes.length) {
      const [number, type] = reader.tag();
      if (number > 60) return undefined;
      if (type === WireType.Varint) fields.push({ number, type, value: BigInt(reader.uint64()) });
      else if (type === WireType.LengthDelimited) fields.push({ number, type, value: delimited(reader.bytes(), depth) });
      else if (type === WireType.Bit32 || type === WireType.Bit64) {
        const start = reader.pos;
        reader.skip(type);
        fields.push({ number, type, value: bytes.slice(start, reader.pos) });
      } else return undefined;
    }
  } catch {
    return undefined;
  }
  return fields;
}

function delimited(bytes: Uint8Array, depth: number): Uint8Array | Message {
  if (depth >= deepest || bytes.length < messageBytes.least || bytes.length > messageBytes.most) return bytes.slice();
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return (isText ? undefined : parse(bytes, depth + 1)) ?? bytes.slice();
}

function encode(message: Message): Uint8Array {
  const writer = new BinaryWriter();
  for (const { number, type, value } of message) {
    writer.tag(number, type);
    if (typeof value === 'bigint') writer.uint64(value);
    else if (Array.isArray(value)) writer.bytes(encode(value));
    else if (type === WireType.LengthDelimited) writer.bytes(value);
    else writer.raw(value);
  }
  return writer.finish();
}
