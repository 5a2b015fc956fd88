import { lastAtOrBefore, pieceLength, type Piece, type SourceRange } from './byte-source';

/**
 * Two changes of a file, one after the other, as one: pieces over what the first was made from.
 *
 * @param first makes the file that `second` is made from
 */
export function composePieces(first: readonly Piece[], second: readonly Piece[]): readonly Piece[] {
  const starts: number[] = [];
  let end = 0;
  for (const piece of first) {
    starts.push(end);
    end += pieceLength(piece);
  }
  return second.flatMap((piece) => (piece instanceof Uint8Array ? [piece] : partOf(first, starts, piece)));
}

/** A range of the file that pieces make, as pieces itself. @param starts where each of them begins in that file */
function partOf(pieces: readonly Piece[], starts: readonly number[], { start, end }: SourceRange): readonly Piece[] {
  const parts: Piece[] = [];
  for (let index = lastAtOrBefore(starts, start); index < pieces.length && (starts[index] ?? 0) < end; index++) {
    const piece = pieces[index];
    const begin = starts[index] ?? 0;
    if (piece === undefined) continue;
    const [from, to] = [Math.max(start - begin, 0), Math.min(end - begin, pieceLength(piece))];
    if (from < to)
      parts.push(piece instanceof Uint8Array ? piece.subarray(from, to) : { start: piece.start + from, end: piece.start + to });
  }
  return parts;
}
