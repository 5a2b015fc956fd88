import { createHash } from 'node:crypto';
import type { OpenedModel } from '../../core/formats/format';

/** Bytes hashed at a time. */
const pieceLength = 1 << 22;

/** SHA-256 of a model file and its weight files, in hexadecimal. */
export async function modelDigest({ source, graph }: Pick<OpenedModel, 'source' | 'graph'>): Promise<string> {
  const hash = createHash('sha256');
  const add = async (read: (offset: number) => Promise<Uint8Array | undefined>): Promise<void> => {
    for (let offset = 0; ;) {
      const piece = await read(offset);
      if (piece === undefined || piece.length === 0) return;
      hash.update(piece);
      offset += piece.length;
    }
  };
  await add((offset) => source.read(offset, Math.min(pieceLength, source.size - offset)));
  for (const file of graph.weightFiles ?? []) {
    hash.update(`\n${file}\n`);
    await add((offset) => source.readSiblingRange(file, offset, pieceLength));
  }
  return hash.digest('hex');
}
