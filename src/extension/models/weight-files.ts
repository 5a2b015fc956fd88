import * as vscode from 'vscode';
import type { NewFile } from '../../core/formats/format';
import { createFile, holds } from '../platform/atomic-write';

/** Files of weights that edits of a model bring along: beside it while their edit stands, and for good once it was saved with them. */
export class WeightFiles {
  /** Those that we made, with what we wrote. */
  private readonly unsaved = new Map<string, Uint8Array>();
  private readonly lasting = new Set<string>();

  /** @param folder of the model */
  constructor(private readonly folder: vscode.Uri) {}

  /** Makes files that were not there when their edit was made. @throws ModelError `unwritable` where others are by now */
  async write(files: readonly NewFile[]): Promise<void> {
    for (const { relativePath, bytes } of files) {
      if (this.lasting.has(relativePath)) continue;
      if (await createFile(this.uriOf(relativePath), bytes)) this.unsaved.set(relativePath, bytes);
    }
  }

  /**
   * Removes files whose edit stands no more, unless the model was saved with them or somebody else has written to them.
   *
   * @param paths all where none are named
   */
  async remove(paths: readonly string[] = [...this.unsaved.keys()]): Promise<void> {
    for (const path of paths) {
      const bytes = this.unsaved.get(path);
      this.unsaved.delete(path);
      if (bytes !== undefined && (await holds(this.uriOf(path), bytes))) await vscode.workspace.fs.delete(this.uriOf(path));
    }
  }

  /** The model was saved: what stands beside it belongs to it. */
  keep(): void {
    for (const path of this.unsaved.keys()) this.lasting.add(path);
    this.unsaved.clear();
  }

  private uriOf(relativePath: string): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, relativePath);
  }
}
