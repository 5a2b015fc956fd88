import * as vscode from 'vscode';
import { writeAtomically } from './atomic-write';
import type { ModelContent, ModelContents } from './model-contents';
import { displayPath } from './model-source';

/** One change of an ONNX document, as the editor's undo stack holds it. */
export interface OnnxEdit {
  /** Shown in the Edit menu. */
  readonly label: string;
  undo(): void;
  redo(): void;
}

/** An ONNX file open in the model editor: the bytes as edited, independent of the disk until saved. */
export class OnnxDocument implements vscode.CustomDocument {
  private revision = 0;
  private bytes: Uint8Array;
  private savedBytes: Uint8Array;
  /** The disk's state that `savedBytes` belongs to; undefined while it is not known (opened from a backup). */
  private diskVersion: string | undefined;
  private readonly contentChanges = new vscode.EventEmitter<void>();
  private readonly edits = new vscode.EventEmitter<OnnxEdit>();
  private readonly disposal = new vscode.EventEmitter<void>();
  private readonly attachment: vscode.Disposable;
  /** Fires after any change of the bytes: edit, undo, redo, revert, reload. */
  readonly onDidChangeContent = this.contentChanges.event;
  /** Fires for a new edit only, which the editor then owns. */
  readonly onDidEdit = this.edits.event;
  readonly onDidDispose = this.disposal.event;

  private constructor(
    readonly uri: vscode.Uri,
    contents: ModelContents,
    saved: ModelContent,
    restored: Uint8Array | undefined,
  ) {
    this.savedBytes = saved.bytes;
    this.bytes = restored ?? saved.bytes;
    this.diskVersion = saved.version;
    this.attachment = contents.attach(uri, () => this.content());
  }

  /** @throws vscode.FileSystemError where neither the file nor its backup can be read. */
  static async open(uri: vscode.Uri, contents: ModelContents, backup: vscode.Uri | undefined): Promise<OnnxDocument> {
    const restored = backup === undefined ? undefined : await vscode.workspace.fs.readFile(backup);
    return new OnnxDocument(uri, contents, await readDisk(uri), restored);
  }

  get isDirty(): boolean {
    return this.bytes !== this.savedBytes;
  }

  content(): ModelContent {
    return { bytes: this.bytes, version: `editor:${this.revision}` };
  }

  /** Replaces the bytes as one undoable edit. */
  replace(label: string, bytes: Uint8Array): void {
    const before = this.bytes;
    this.show(bytes);
    this.edits.fire({ label, undo: () => { this.show(before); }, redo: () => { this.show(bytes); } });
  }

  /** Writes to the document's own file, after asking where somebody else has changed it meanwhile. */
  async save(): Promise<void> {
    if ((await diskVersionOf(this.uri)) !== this.diskVersion && !(await mayOverwrite(this.uri))) {
      throw new vscode.CancellationError();
    }
    const bytes = this.bytes;
    await writeAtomically(this.uri, bytes);
    this.savedBytes = bytes;
    this.diskVersion = await diskVersionOf(this.uri);
    this.contentChanges.fire();
  }

  /** Writes the bytes elsewhere; the document itself stays as it is. */
  async saveAs(target: vscode.Uri): Promise<void> {
    await writeAtomically(target, this.bytes);
  }

  /** Back to what the disk holds. */
  async revert(): Promise<void> {
    const disk = await readDisk(this.uri);
    this.diskVersion = disk.version;
    this.savedBytes = disk.bytes;
    this.show(disk.bytes);
  }

  /** Follows a change on disk unless there are unsaved edits, which stay and are asked about when saved. */
  async followDisk(): Promise<void> {
    const version = await diskVersionOf(this.uri);
    if (version === undefined || version === this.diskVersion || this.isDirty) return;
    await this.revert();
  }

  dispose(): void {
    this.attachment.dispose();
    this.disposal.fire();
    for (const emitter of [this.contentChanges, this.edits, this.disposal]) emitter.dispose();
  }

  private show(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.revision += 1;
    this.contentChanges.fire();
  }
}

async function readDisk(uri: vscode.Uri): Promise<ModelContent> {
  const version = (await diskVersionOf(uri)) ?? '';
  return { version, bytes: await vscode.workspace.fs.readFile(uri) };
}

/** Undefined where the file does not exist (any more). */
async function diskVersionOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return `${mtime}:${size}`;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}

async function mayOverwrite(uri: vscode.Uri): Promise<boolean> {
  const overwrite = 'Overwrite';
  const message = `${displayPath(uri)} was changed on disk after it was opened. Saving replaces that change.`;
  return (await vscode.window.showWarningMessage(message, { modal: true }, overwrite)) === overwrite;
}
