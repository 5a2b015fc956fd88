import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Bytes that are written or read at a time. */
const pieceLength = 1 << 16;
const newline = 0x0a;

/** Values that are too many to be held, as lines of JSON in a temporary file, in the order in which they were added. */
export class TemporaryLines<Item> {
  private waiting: string[] = [];
  private waitingLength = 0;
  private written = 0;
  private file: Promise<{ readonly handle: FileHandle; readonly folder: string }> | undefined;

  async add(item: Item): Promise<void> {
    const line = `${JSON.stringify(item)}\n`;
    this.waiting.push(line);
    this.waitingLength += line.length;
    if (this.waitingLength >= pieceLength) await this.flush();
  }

  /** Where the next item will lie; what has been added before can be read from there on. */
  async place(): Promise<number> {
    await this.flush();
    return this.written;
  }

  /** What lies between two places, all that has been added without them. */
  async *items(from = 0, to?: number): AsyncGenerator<Item> {
    const end = to ?? (await this.place());
    if (end === 0 || this.file === undefined) return;
    const { handle } = await this.file;
    let rest = Buffer.alloc(0);
    for (let at = from; at < end;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(pieceLength, end - at)), 0, undefined, at);
      if (bytesRead === 0) throw new Error('a temporary file is shorter than it was');
      at += bytesRead;
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const whole = bytes.lastIndexOf(newline) + 1;
      rest = bytes.subarray(whole);
      for (const line of bytes.toString('utf8', 0, whole).split('\n')) if (line !== '') yield JSON.parse(line) as Item;
    }
  }

  /** Closes and deletes the file. */
  async dispose(): Promise<void> {
    if (this.file === undefined) return;
    const { handle, folder } = await this.file;
    this.file = undefined;
    await handle.close();
    await rm(folder, { recursive: true, force: true });
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.waiting.join(''));
    this.waiting = [];
    this.waitingLength = 0;
    if (bytes.length === 0) return;
    this.file ??= temporaryFile();
    const { handle } = await this.file;
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, this.written);
      done += bytesWritten;
      this.written += bytesWritten;
    }
  }
}

async function temporaryFile(): Promise<{ readonly handle: FileHandle; readonly folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shiftlint-lines-'));
  const handle = await open(path.join(folder, 'lines'), 'wx+', 0o600);
  // Without a name it is gone with this process, however that ends; where the system does not allow it, `dispose` deletes it.
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  return { handle, folder };
}
