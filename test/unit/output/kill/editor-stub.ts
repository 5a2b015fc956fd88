import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** As much of the editor's API as the document of the model editor needs, over the disk: what it writes is real. */
export class Uri {
  readonly scheme = 'file';
  private constructor(readonly fsPath: string) {}

  get path(): string {
    return this.fsPath;
  }

  static file(file: string): Uri {
    return new Uri(file);
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

export const workspace = {
  textDocuments: [],
  asRelativePath: ({ fsPath }: Uri): string => path.basename(fsPath),
  fs: {
    stat: async ({ fsPath }: Uri) => {
      const { mtimeMs, size } = await orMissing(stat(fsPath));
      return { mtime: Math.floor(mtimeMs), size };
    },
    readFile: ({ fsPath }: Uri) => orMissing(readFile(fsPath)),
    writeFile: ({ fsPath }: Uri, bytes: Uint8Array) => writeFile(fsPath, bytes),
    delete: ({ fsPath }: Uri) => rm(fsPath),
  },
};
