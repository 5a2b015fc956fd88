import type { ModelSource } from './format';

/** A part of a file that was read. */
interface ReadPart {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** What a reader needs while it opens a model: a source that hands out again what was read before. */
export interface ReadOnceSource {
  readonly source: ModelSource;
  /** Drops what was read; from now on the source only passes reads on. */
  release(): void;
}

/**
 * Wraps a source so that no byte is read twice while a model is opened: telling formats apart, skimming and sampling each look
 * at the beginning of things. Reads are expected to follow one another.
 */
export function readOnce(source: ModelSource): ReadOnceSource {
  let released = false;
  const own = new ReadParts((offset, length) => source.read(offset, length));
  const siblings = new Map<string, ReadParts>();
  const siblingParts = (path: string): ReadParts => {
    const known = siblings.get(path) ?? new ReadParts((offset, length) => source.readSiblingRange(path, offset, length));
    siblings.set(path, known);
    return known;
  };
  return {
    source: {
      path: source.path,
      size: source.size,
      ...(source.whole !== undefined && { whole: source.whole }),
      ...(source.imageSize !== undefined && { imageSize: source.imageSize }),
      read: async (offset, length) => {
        if (released) return source.read(offset, length);
        return (await own.read(offset, Math.min(length, source.size - offset))) ?? new Uint8Array();
      },
      readSibling: async (path) => {
        const size = released ? undefined : await source.siblingSize(path);
        const bytes = size === undefined ? await source.readSibling(path) : await siblingParts(path).read(0, size);
        // Whoever takes a file whole keeps it: it would be in memory twice.
        siblings.delete(path);
        return bytes;
      },
      siblingSize: (path) => source.siblingSize(path),
      readSiblingRange: (path, offset, length) =>
        released ? source.readSiblingRange(path, offset, length) : siblingParts(path).read(offset, length),
    },
    release: () => {
      released = true;
      own.clear();
      siblings.clear();
    },
  };
}

/** The parts of one file that were read, ascending and disjoint. */
class ReadParts {
  private readonly parts: ReadPart[] = [];

  constructor(private readonly fetch: (offset: number, length: number) => Promise<Uint8Array | undefined>) {}

  clear(): void {
    this.parts.length = 0;
  }

  /** Undefined where there is no such file. */
  async read(offset: number, length: number): Promise<Uint8Array | undefined> {
    if (length <= 0) return this.fetch(offset, Math.max(0, length));
    const end = offset + length;
    const whole = this.parts[this.firstBehind(offset)];
    if (whole !== undefined && whole.start <= offset && end <= endOf(whole)) {
      return whole.bytes.subarray(offset - whole.start, end - whole.start);
    }
    for (let at = offset; at < end;) {
      const next = this.parts[this.firstBehind(at)];
      if (next !== undefined && next.start <= at) {
        at = endOf(next);
        continue;
      }
      const wanted = Math.min(end, next?.start ?? end) - at;
      const bytes = await this.fetch(at, wanted);
      if (bytes === undefined) return undefined;
      if (bytes.length > 0) this.parts.splice(this.firstBehind(at), 0, { start: at, bytes });
      if (bytes.length < wanted) return this.joined(offset, at + bytes.length);
      at += wanted;
    }
    return this.joined(offset, end);
  }

  /** Bytes that have all been read. */
  private joined(start: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - start);
    for (let index = this.firstBehind(start); index < this.parts.length; index++) {
      const part = this.parts[index];
      if (part === undefined || part.start >= end) break;
      const from = Math.max(start, part.start);
      const to = Math.min(end, endOf(part));
      bytes.set(part.bytes.subarray(from - part.start, to - part.start), from - start);
    }
    return bytes;
  }

  /** Index of the first part that ends behind `offset`. */
  private firstBehind(offset: number): number {
    let [low, high] = [0, this.parts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const part = this.parts[middle];
      if (part !== undefined && endOf(part) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function endOf({ start, bytes }: ReadPart): number {
  return start + bytes.length;
}
