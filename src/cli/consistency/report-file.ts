import { storedReport, type StoredReport } from '../../core/report/stored-report';
import { openRegularFile } from '../../engine/input/regular-file';

/** Bytes that are read at a time. */
const pieceLength = 1 << 16;

/** A report of consistency in a file, checked from its first to its last byte. @throws ModelError */
export async function reportInFile(file: string): Promise<StoredReport> {
  return storedReport(() => textOf(file), file);
}

/** Opens the file for each piece: there may be more parts than files that a process may have open. */
async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for (let offset = 0; ;) {
    const handle = await openRegularFile(file);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(pieceLength), 0, pieceLength, offset);
      if (bytesRead === 0) break;
      offset += bytesRead;
      yield decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
    } finally {
      await handle.close();
    }
  }
  yield decoder.decode();
}
