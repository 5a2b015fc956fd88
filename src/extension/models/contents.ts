import * as vscode from 'vscode';
import { jsonHeadLength, mayHoldModel } from '../../core/formats/json-claim';
import type { SentContent } from '../../engine/protocol/payload';
import { claimsOnnx } from './claims-onnx';
import { documentHead, documentLength } from '../platform/document-head';
import { documentText } from './document-text';

/** What a model file holds at one moment, saved or not. */
export interface ModelContent {
  /** Equal versions mean equal bytes. */
  readonly version: string;
  /** Equal ones mean equal bytes in the files beside it, too. */
  readonly readVersion: string;
  /** Of the file, in bytes; of a text document, in characters, which takes a walk over a large one. */
  readonly size: () => number;
  /** Whether it is larger than so much. */
  readonly exceeds: (size: number) => boolean;
  /** Whether it is an editor's, whose changes are heard of at once. */
  readonly isEdited: boolean;
  /** False for a text whose beginning shows that it is no model. */
  readonly mayBeModel: boolean;
  /** What a process of ours is sent. */
  readonly sent: () => SentContent | Promise<SentContent>;
}

/** VS Code opens no larger files as text documents of extensions. */
const largestDocument = 50 * 1024 * 1024;

/** What a model editor answers for its file. */
export interface EditorContent extends Pick<ModelContent, 'version' | 'sent'> {
  readonly size: number;
}

/**
 * The one answer to "what does this file hold now": an open model editor wins over an open text document, which wins
 * over the file on disk. Diagnostics, fixes and measurements all ask here, so they never disagree. Nothing is read here:
 * files are read by the processes that work on them.
 */
export class ModelContents {
  private readonly editors = new Map<string, () => EditorContent>();
  /** Versions of a text document start anew when it is closed and opened. */
  private readonly documents = new WeakMap<vscode.TextDocument, number>();
  private documentCount = 0;
  /** How often files beside a model have changed. */
  private readonly changesBeside = new Map<string, number>();

  /** Lets a model editor answer for its file until disposed. */
  attach(uri: vscode.Uri, read: () => EditorContent): vscode.Disposable {
    const key = uri.toString();
    this.editors.set(key, read);
    return new vscode.Disposable(() => {
      if (this.editors.get(key) === read) this.editors.delete(key);
    });
  }

  /** @throws vscode.FileSystemError where the file cannot be reached. */
  async of(uri: vscode.Uri): Promise<ModelContent> {
    const content = await this.contentOf(uri);
    return { ...content, readVersion: `${content.version} ${this.changesBeside.get(uri.toString()) ?? 0}` };
  }

  /** Weights beside a model came, went or changed: it has to be opened anew. */
  changedBeside(uri: vscode.Uri): void {
    this.changesBeside.set(uri.toString(), (this.changesBeside.get(uri.toString()) ?? 0) + 1);
  }

  private async contentOf(uri: vscode.Uri): Promise<Omit<ModelContent, 'readVersion'>> {
    const editor = this.editors.get(uri.toString());
    if (editor !== undefined) {
      const { size, ...edited } = editor();
      return { ...edited, ...sized(size), isEdited: true, mayBeModel: true };
    }
    const document = openTextDocument(uri);
    if (document !== undefined) return this.ofDocument(document);
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return {
      version: diskVersion({ mtime, size }),
      ...sized(size),
      isEdited: false,
      mayBeModel: true,
      sent: () => diskContent(uri, { mtime, size }),
    };
  }

  private ofDocument(document: vscode.TextDocument): Omit<ModelContent, 'readVersion'> {
    const number = this.documents.get(document) ?? ++this.documentCount;
    this.documents.set(document, number);
    const { version } = document;
    const size = (): number => documentLength(document);
    return {
      version: `text:${number}:${version}`,
      size,
      exceeds: (limit) => limit < largestDocument && size() > limit,
      isEdited: true,
      mayBeModel: mayHoldModel(documentHead(document, jsonHeadLength)),
      sent: async () => ({ text: await documentText(document, version) }),
    };
  }
}

function sized(size: number): Pick<ModelContent, 'size' | 'exceeds'> {
  return { size: () => size, exceeds: (limit) => size > limit };
}

/** Version of what a file on disk holds. */
export function diskVersion({ mtime, size }: Pick<vscode.FileStat, 'mtime' | 'size'>): string {
  return `disk:${mtime}:${size}`;
}

/** Whether a version is that of a file as it lies on disk, which no editor holds otherwise. */
export function isOfDisk(version: string | undefined): boolean {
  return version?.startsWith('disk:') === true;
}

/** A file by its place; with its bytes where its file system exists in the editor alone. */
export async function diskContent(uri: vscode.Uri, { mtime, size }: Pick<vscode.FileStat, 'mtime' | 'size'>): Promise<SentContent> {
  if (uri.scheme !== 'file') return { bytes: await vscode.workspace.fs.readFile(uri) };
  return { content: { file: uri.fsPath, size, modified: mtime, pieces: null } };
}

/** A binary file that somebody looks at as text is still what the disk holds. */
function openTextDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  if (claimsOnnx(uri)) return undefined;
  const key = uri.toString();
  const document = vscode.workspace.textDocuments.find((open) => !open.isClosed && open.uri.toString() === key);
  return document === undefined || binaryStart.test(documentHead(document, 1)) ? undefined : document;
}

/** What no text begins with, and every ONNX file does whatever its name. */
// eslint-disable-next-line no-control-regex -- control characters are what tells
const binaryStart = /^[\0-\x08]/;
