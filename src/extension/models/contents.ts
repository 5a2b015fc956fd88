import * as vscode from 'vscode';
import { inMemory, type ByteSource } from '../../core/formats/byte-source';
import { diskBytes } from '../platform/disk-bytes';

/** What a model file holds at one moment, saved or not. */
export interface ModelContent {
  readonly bytes: ByteSource;
  /** Equal versions mean equal bytes. */
  readonly version: string;
}

/** Version and size of a content, known without reading it. */
export type ContentStamp = Pick<ModelContent, 'version'> & { readonly size: number };

/**
 * The one answer to "what does this file hold now": an open model editor wins over an open text document, which wins
 * over the file on disk. Diagnostics, fixes and measurements all read here, so they never disagree.
 */
export class ModelContents {
  private readonly editors = new Map<string, () => ModelContent>();

  /** Lets a model editor answer for its file until disposed. */
  attach(uri: vscode.Uri, read: () => ModelContent): vscode.Disposable {
    const key = uri.toString();
    this.editors.set(key, read);
    return new vscode.Disposable(() => {
      if (this.editors.get(key) === read) this.editors.delete(key);
    });
  }

  /** @throws vscode.FileSystemError where the file cannot be reached. */
  async stamp(uri: vscode.Uri): Promise<ContentStamp> {
    const editor = this.editors.get(uri.toString());
    if (editor !== undefined) {
      const { version, bytes } = editor();
      return { version, size: bytes.size };
    }
    const document = openTextDocument(uri);
    if (document !== undefined) return { version: textVersion(document), size: document.getText().length };
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return { version: diskVersion({ mtime, size }), size };
  }

  /** @throws vscode.FileSystemError where the file cannot be read. */
  async read(uri: vscode.Uri): Promise<ModelContent> {
    const editor = this.editors.get(uri.toString());
    if (editor !== undefined) return editor();
    const document = openTextDocument(uri);
    if (document !== undefined) {
      return { version: textVersion(document), bytes: inMemory(new TextEncoder().encode(document.getText())) };
    }
    const { version } = await this.stamp(uri);
    return { version, bytes: await diskBytes(uri) };
  }
}

/** Version of what a file on disk holds. */
export function diskVersion({ mtime, size }: Pick<vscode.FileStat, 'mtime' | 'size'>): string {
  return `disk:${mtime}:${size}`;
}

function openTextDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === key);
}

function textVersion(document: vscode.TextDocument): string {
  return `text:${document.version}`;
}
