import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** As much of the editor's API as the model editor needs to open, save and back up its documents, over the disk: what it writes is real. */
export class Uri {
  readonly scheme = 'file';
  private constructor(readonly fsPath: string) {}

  get path(): string {
    return this.fsPath;
  }

  static file(file: string): Uri {
    return new Uri(file);
  }

  static parse(text: string): Uri {
    return new Uri(fileURLToPath(text));
  }

  static joinPath(base: Uri, ...parts: readonly string[]): Uri {
    return new Uri(path.join(base.fsPath, ...parts));
  }

  toString(): string {
    return pathToFileURL(this.fsPath).href;
  }
}

export class Disposable {
  constructor(readonly dispose: () => void) {}
}

export class FileSystemError extends Error {
  readonly code = 'FileNotFound';
}

export class CancellationError extends Error {}

export class EventEmitter<T> {
  private readonly listeners = new Set<(event: T) => void>();
  readonly event = (listener: (event: T) => void): Disposable => {
    this.listeners.add(listener);
    return new Disposable(() => void this.listeners.delete(listener));
  };

  fire(event: T): void {
    for (const listener of this.listeners) listener(event);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

async function orMissing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'ENOENT' ? new FileSystemError(error.message) : error;
  }
}

export class RelativePattern {
  constructor(
    readonly base: Uri,
    readonly pattern: string,
  ) {}
}

const silent = (): Disposable => new Disposable(() => undefined);

export const workspace = {
  textDocuments: [],
  createFileSystemWatcher: () => ({ onDidChange: silent, onDidCreate: silent, dispose: () => undefined }),
  asRelativePath: ({ fsPath }: Uri): string => path.basename(fsPath),
  fs: {
    stat: async ({ fsPath }: Uri) => {
      const { mtimeMs, size } = await orMissing(stat(fsPath));
      return { mtime: Math.floor(mtimeMs), size };
    },
    readFile: ({ fsPath }: Uri) => orMissing(readFile(fsPath)),
    writeFile: ({ fsPath }: Uri, bytes: Uint8Array) => writeFile(fsPath, bytes),
    createDirectory: async ({ fsPath }: Uri): Promise<void> => {
      await mkdir(fsPath, { recursive: true });
    },
    delete: ({ fsPath }: Uri) => rm(fsPath),
  },
};
