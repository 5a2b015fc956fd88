import * as vscode from 'vscode';
import { piecedSource, type ByteSource } from '../../core/formats/byte-source';
import type { FileChange } from '../../core/formats/format';
import { writeAtomically } from '../platform/atomic-write';
import { diskBytes, stableBytes, type StableBytes } from '../platform/disk-bytes';
import { diskVersion, type ModelContent, type ModelContents } from './contents';
import { changedMeanwhile } from './source';
import { displayPath } from '../platform/display-path';
import { WeightFiles } from './weight-files';

/** One change of an ONNX document, as the editor's undo stack holds it. */
export interface OnnxEdit {
  /** Shown in the Edit menu. */
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/**
 * An ONNX file open in the model editor: its bytes as edited, independent of the disk until saved. Untouched, they are read
 * from the file; edits are pieces over bytes that nobody else can change, so that a large model is never held in memory.
 */
export class OnnxDocument implements vscode.CustomDocument {
  private revision = 0;
  private bytes: ByteSource;
  private savedBytes: ByteSource;
  /** The file's own bytes, which others may change; undefined where none are in use. */
  private diskBytes: ByteSource | undefined;
  /** The disk's state that `savedBytes` belongs to; undefined while it is not known (opened from a backup). */
  private diskVersion: string | undefined;
  private readonly kept: StableBytes[] = [];
  private readonly weightFiles: WeightFiles;
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
    restored: StableBytes | undefined,
  ) {
    this.savedBytes = saved.bytes;
    this.bytes = restored?.bytes ?? saved.bytes;
    this.diskBytes = saved.bytes;
    if (restored !== undefined) this.kept.push(restored);
    this.diskVersion = saved.version;
    this.weightFiles = new WeightFiles(vscode.Uri.joinPath(uri, '..'));
    this.attachment = contents.attach(uri, () => this.content());
  }

  /** @throws vscode.FileSystemError where neither the file nor its backup can be read. */
  static async open(uri: vscode.Uri, contents: ModelContents, backup: vscode.Uri | undefined): Promise<OnnxDocument> {
    const restored = backup === undefined ? undefined : await stableBytes(backup);
    return new OnnxDocument(uri, contents, await readDisk(uri), restored);
  }

  get isDirty(): boolean {
    return this.bytes !== this.savedBytes;
  }

  /** Untouched, it is the very content of the disk, so that what was opened from there need not be opened again. */
  content(): ModelContent {
    const { bytes, diskVersion: saved } = this;
    const isKnown = this.isOnDisk && saved !== undefined && saved !== '';
    return { bytes, version: isKnown ? saved : `editor:${this.revision}` };
  }

  /**
   * Replaces the content as one undoable edit. New files of weights are written at once, as the edited model reads them.
   * @param version of the content that the change was made from @throws Error where it is another one by now
   */
  async replace(label: string, version: string, { pieces, newFiles }: Extract<FileChange, { kind: 'binary' }>): Promise<void> {
    const { revision } = this;
    if (this.content().version !== version) throw changedMeanwhile(this.uri);
    await this.leaveDisk();
    if (this.revision !== revision) throw changedMeanwhile(this.uri);
    const before = this.bytes;
    const after = piecedSource(before, pieces);
    const apply = async (): Promise<void> => {
      await this.weightFiles.write(newFiles);
      this.show(after);
    };
    await apply();
    this.edits.fire({
      label,
      undo: async () => {
        this.show(before);
        await this.weightFiles.remove(newFiles.map(({ relativePath }) => relativePath));
      },
      redo: apply,
    });
  }

  /** Writes to the document's own file, after asking where somebody else has changed it meanwhile. */
  async save(): Promise<void> {
    if (this.isOnDisk) return;
    if ((await diskVersionOf(this.uri)) !== this.diskVersion && !(await mayOverwrite(this.uri))) {
      throw new vscode.CancellationError();
    }
    const { bytes } = this;
    await writeAtomically(this.uri, bytes);
    this.savedBytes = bytes;
    this.weightFiles.keep();
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
    this.diskBytes = disk.bytes;
    this.show(disk.bytes);
    await this.weightFiles.remove();
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
    for (const part of [this.contentChanges, this.edits, this.disposal, ...this.kept]) part.dispose();
  }

  private get isOnDisk(): boolean {
    return this.bytes === this.diskBytes;
  }

  /** From now on the file may change without changing what edits are made of. */
  private async leaveDisk(): Promise<void> {
    if (!this.isOnDisk) return;
    const stable = await stableBytes(this.uri);
    this.kept.push(stable);
    if ((await diskVersionOf(this.uri)) !== this.diskVersion) throw changedMeanwhile(this.uri);
    this.bytes = stable.bytes;
    this.savedBytes = stable.bytes;
  }

  private show(bytes: ByteSource): void {
    this.bytes = bytes;
    this.revision += 1;
    this.contentChanges.fire();
  }
}

async function readDisk(uri: vscode.Uri): Promise<ModelContent> {
  const version = (await diskVersionOf(uri)) ?? '';
  return { version, bytes: await diskBytes(uri) };
}

/** Undefined where the file does not exist (any more). */
async function diskVersionOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return diskVersion(await vscode.workspace.fs.stat(uri));
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
