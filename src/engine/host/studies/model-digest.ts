import { createHash } from 'node:crypto';
import type { ModelSource } from '../../../core/formats/format';
import type { ModelGraph } from '../../../core/graph/model-graph';

/** Bytes of a weight file hashed at a time. */
const pieceLength = 1 << 22;

/** SHA-256 of the model file, whose bytes have been read, and its weight files, in hexadecimal. */
export async function modelDigest(source: ModelSource, graph: ModelGraph, bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256').update(bytes);
  for (const file of graph.weightFiles ?? []) {
    hash.update(`\n${file}\n`);
    for (let offset = 0; ;) {
      const piece = await source.readSiblingRange(file, offset, pieceLength);
      if (piece === undefined || piece.length === 0) break;
      hash.update(piece);
      offset += piece.length;
    }
  }
  return hash.digest('hex');
}
