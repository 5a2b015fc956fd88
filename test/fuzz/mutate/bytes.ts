import type { Random } from '../random';

/** Flips, cuts, repeats and splices bytes, near the beginning more often than elsewhere: that is where structure stands. */
export function mutateBytes(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let result = bytes;
  for (let times = 1 + random.below(4); times > 0; times--) result = mutateOnce(random, result, other);
  return result;
}

function mutateOnce(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const at = place(random, bytes.length);
  switch (random.below(8)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return joined(bytes.subarray(0, at), other.subarray(place(random, other.length)));
    case 2: {
      const length = random.below(64);
      return joined(bytes.subarray(0, at), bytes.subarray(at + length));
    }
    case 3: {
      const from = place(random, other.length);
      return joined(bytes.subarray(0, at), other.subarray(from, from + random.below(200)), bytes.subarray(at));
    }
    case 4:
      return joined(
        bytes.subarray(0, at),
        Uint8Array.from({ length: 1 + random.below(12) }, () => random.below(256)),
        bytes.subarray(at),
      );
    case 5: {
      const part = bytes.subarray(at, at + random.below(40));
      return joined(bytes.subarray(0, at), ...Array.from({ length: random.below(50) }, () => part), bytes.subarray(at));
    }
    default: {
      const changed = bytes.slice();
      for (let count = 1 + random.below(6); count > 0; count--) {
        const index = place(random, changed.length);
        changed[index] = random.chance(0.5) ? random.pick([0, 1, 0x7f, 0x80, 0xff]) : (changed[index] ?? 0) ^ (1 << random.below(8));
      }
      return changed;
    }
  }
}

function place(random: Random, length: number): number {
  return Math.floor((random.chance(0.6) ? random.next() ** 2 : random.next()) * length);
}

/** Parts as one. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
