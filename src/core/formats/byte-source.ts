import { t } from '@vscode/l10n';
import { ModelError } from '../model-error';

/** Bytes that are read where and when they are needed. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `offset` on, fewer than `length` only where the source ends. The answer may be a view: do not change it. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A half-open range [start, end) of a source's bytes. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/** A part of a new file: bytes of its own, or a range of the file that it is made from. */
export type Piece = Uint8Array | SourceRange;

/** Pieces are copied in steps of this many bytes. */
const copyStep = 1 << 20;

/** A source over bytes in memory. */
export function inMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)) };
}

/** All bytes of a source. */
export function readAll(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, source.size);
}

/** Number of bytes of a piece. */
export function pieceLength(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.length : piece.end - piece.start;
}

/** The bytes of a piece list in order, never much at a time. @throws ModelError `truncated` where the source has fewer by now */
export async function* pieceBytes(source: ByteSource, pieces: readonly Piece[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      yield piece;
      continue;
    }
    for (let offset = piece.start; offset < piece.end; offset += copyStep) {
      const length = Math.min(copyStep, piece.end - offset);
      yield requireWhole(await source.read(offset, length), length);
    }
  }
}

/** Bytes that were read to be copied, of which none may be missing. @throws ModelError `truncated` */
export function requireWhole(bytes: Uint8Array | undefined, length: number): Uint8Array {
  if (bytes?.length === length) return bytes;
  throw new ModelError(
    'truncated',
    t('A file of the model became shorter or went away while it was copied, so nothing was written: try again.'),
  );
}

/** The new file as a source itself; nothing is copied before it is read. */
export function piecedSource(source: ByteSource, pieces: readonly Piece[]): ByteSource {
  const starts: number[] = [];
  let size = 0;
  for (const piece of pieces) {
    starts.push(size);
    size += pieceLength(piece);
  }
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const end = Math.min(offset + length, size);
    const first = lastAtOrBefore(starts, offset);
    const whole = pieces[first];
    if (whole !== undefined && end <= (starts[first] ?? 0) + pieceLength(whole))
      return readPiece(source, whole, offset - (starts[first] ?? 0), end - offset);
    const bytes = new Uint8Array(Math.max(0, end - offset));
    for (let index = first; index < pieces.length && (starts[index] ?? 0) < end; index++) {
      const piece = pieces[index];
      const start = starts[index] ?? 0;
      if (piece === undefined) continue;
      const from = Math.max(offset, start);
      const to = Math.min(end, start + pieceLength(piece));
      if (to > from) bytes.set(await readPiece(source, piece, from - start, to - from), from - offset);
    }
    return bytes;
  };
  return { size, read };
}

function readPiece(source: ByteSource, piece: Piece, offset: number, length: number): Promise<Uint8Array> {
  if (piece instanceof Uint8Array) return Promise.resolve(piece.subarray(offset, offset + Math.max(0, length)));
  return source.read(piece.start + offset, Math.max(0, length));
}

/** Index of the last of ascending starts that is not behind `offset`, of equal ones the last; 0 where all are behind it. */
export function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}
