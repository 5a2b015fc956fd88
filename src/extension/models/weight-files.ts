import * as vscode from 'vscode';
import type { NewFile } from '../../core/formats/format';

/** Files of weights that edits of a model bring along: beside it while their edit stands, and for good once it was saved with them. */
export class WeightFiles {
  private readonly unsaved = new Set<string>();
  private readonly lasting = new Set<string>();

  /** @param folder of the model */
  constructor(private readonly folder: vscode.Uri) {}

  /** Writes files that were not there when their edit was made. @throws vscode.FileSystemError */
  async write(files: readonly NewFile[]): Promise<void> {
    for (const { relativePath, bytes } of files) {
      if (this.lasting.has(relativePath)) continue;
      this.unsaved.add(relativePath);
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(this.folder, relativePath), bytes);
    }
  }

  /** Removes files whose edit stands no more, unless the model was saved with them. @param paths all where none are named */
  async remove(paths: readonly string[] = [...this.unsaved]): Promise<void> {
    for (const path of paths) {
      if (this.unsaved.delete(path)) await vscode.workspace.fs.delete(vscode.Uri.joinPath(this.folder, path));
    }
  }

  /** The model was saved: what stands beside it belongs to it. */
  keep(): void {
    for (const path of this.unsaved) this.lasting.add(path);
    this.unsaved.clear();
  }
}
