import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { piecedSource, readAll, type Piece } from '../../core/formats/byte-source';
import { composePieces } from '../../core/formats/compose-pieces';
import type { FileChange } from '../../core/formats/format';
import { sentBytes } from '../../engine/input/sent-model';
import type { SentContent } from '../../engine/protocol/payload';
import { writeAtomically } from '../platform/atomic-write';
import { displayPath } from '../platform/display-path';
import { stableCopy, type StableCopy } from '../platform/stable-copy';
import { changedMeanwhile } from './changed-meanwhile';
import { diskContent, diskVersion, type EditorContent, type ModelContents } from './contents';
import { WeightFiles } from './weight-files';
import { askFirst } from '../platform/notices';

/** One change of an ONNX document, as the editor's undo stack holds it. */
export interface OnnxEdit {
  /** Shown in the Edit menu. */
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** What a file holds, and which version of the disk that is. */
interface Saved {
  readonly version: string;
  readonly content: SentContent;
}

/**
 * An ONNX file open in the model editor: its content as edited, independent of the disk until saved. Untouched, it is the file
 * itself; edits are pieces over a copy that nobody else can change, so that a large model is never held in memory.
 */
export class OnnxDocument implements vscode.CustomDocument {
  private revision = 0;
  /** What undo and redo show again is the version that it was. */
  private readonly versions = new WeakMap<SentContent, number>();
  private versionCount = 0;
  private edited: SentContent;
  private saved: SentContent;
  /** The file itself, which others may change; undefined where it is not in use. */
  private onDisk: SentContent | undefined;
  /** The disk's state that `saved` belongs to; undefined while it is not known (opened from a backup). */
  private diskVersion: string | undefined;
  private readonly kept: StableCopy[] = [];
  private readonly weightFiles: WeightFiles;
  private readonly contentChanges = new vscode.EventEmitter<void>();
  private readonly edits = new vscode.EventEmitter<OnnxEdit>();
  private readonly disposal = new vscode.EventEmitter<void>();
  private readonly attachment: vscode.Disposable;
  /** Fires after any change of the content: edit, undo, redo, revert, reload. */
  readonly onDidChangeContent = this.contentChanges.event;
  /** Fires for a new edit only, which the editor then owns. */
  readonly onDidEdit = this.edits.event;
  readonly onDidDispose = this.disposal.event;

  private constructor(
    readonly uri: vscode.Uri,
    contents: ModelContents,
    saved: Saved,
    restored: StableCopy | undefined,
  ) {
    this.saved = saved.content;
    this.edited = restored?.content ?? saved.content;
    this.onDisk = saved.content;
    if (restored !== undefined) this.kept.push(restored);
    this.diskVersion = saved.version;
    this.weightFiles = new WeightFiles(vscode.Uri.joinPath(uri, '..'));
    this.attachment = contents.attach(uri, () => this.content());
  }

  /** @throws vscode.FileSystemError where neither the file nor its backup can be read. */
  static async open(uri: vscode.Uri, contents: ModelContents, backup: vscode.Uri | undefined): Promise<OnnxDocument> {
    const restored = backup === undefined ? undefined : await stableCopy(backup);
    return new OnnxDocument(uri, contents, await readDisk(uri), restored);
  }

  get isDirty(): boolean {
    return this.edited !== this.saved;
  }

  /** Untouched, it is the very content of the disk, so that what was opened from there need not be opened again. */
  content(): EditorContent {
    const { edited, diskVersion: saved } = this;
    const isKnown = this.isOnDisk && saved !== undefined && saved !== '';
    return { version: isKnown ? saved : `editor:${this.versionOf(edited)}`, size: sentBytes(edited).size, sent: () => edited };
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
    const before = this.edited;
    const after = await withPieces(before, pieces);
    if (this.revision !== revision) throw changedMeanwhile(this.uri);
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
    const { edited } = this;
    await writeAtomically(this.uri, sentBytes(edited));
    this.saved = edited;
    this.weightFiles.keep();
    this.diskVersion = await diskVersionOf(this.uri);
    this.contentChanges.fire();
  }

  /** Writes the content elsewhere; the document itself stays as it is. */
  async saveAs(target: vscode.Uri): Promise<void> {
    await writeAtomically(target, sentBytes(this.edited));
  }

  /** Back to what the disk holds. */
  async revert(): Promise<void> {
    const disk = await readDisk(this.uri);
    this.diskVersion = disk.version;
    this.saved = disk.content;
    this.onDisk = disk.content;
    this.show(disk.content);
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

  private versionOf(content: SentContent): number {
    const version = this.versions.get(content) ?? ++this.versionCount;
    this.versions.set(content, version);
    return version;
  }

  private get isOnDisk(): boolean {
    return this.edited === this.onDisk;
  }

  /** From now on the file may change without changing what edits are made of. */
  private async leaveDisk(): Promise<void> {
    if (!this.isOnDisk) return;
    const stable = await stableCopy(this.uri);
    this.kept.push(stable);
    if ((await diskVersionOf(this.uri)) !== this.diskVersion) throw changedMeanwhile(this.uri);
    this.edited = stable.content;
    this.saved = stable.content;
  }

  private show(content: SentContent): void {
    this.edited = content;
    this.revision += 1;
    this.contentChanges.fire();
  }
}

/** A content with a change made. */
async function withPieces(before: SentContent, pieces: readonly Piece[]): Promise<SentContent> {
  if ('content' in before) {
    const { content } = before;
    return { content: { ...content, pieces: content.pieces === null ? pieces : composePieces(content.pieces, pieces) } };
  }
  return { bytes: await readAll(piecedSource(sentBytes(before), pieces)) };
}

/** @throws vscode.FileSystemError where the file cannot be reached */
async function readDisk(uri: vscode.Uri): Promise<Saved> {
  const stat = await vscode.workspace.fs.stat(uri);
  return { version: diskVersion(stat), content: await diskContent(uri, stat) };
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
  const overwrite = t`Overwrite`;
  const message = t`${displayPath(uri)} was changed on disk after it was opened. Saving replaces that change.`;
  return (await askFirst(message, overwrite)) === overwrite;
}
