import * as vscode from 'vscode';
import type { InputSpec } from '../engine/protocol';

/** What a panel measures with: the built-in test pattern, or an image the user has chosen. */
export interface MeasureInput {
  readonly spec: InputSpec;
  /** File name of the image, null for the pattern. */
  readonly imageName: string | null;
}

export const patternInput: MeasureInput = { spec: { kind: 'pattern' }, imageName: null };

/** Lets the user choose an image; undefined where they cancel. @throws vscode.FileSystemError where it cannot be read. */
export async function chooseImage(besides: vscode.Uri): Promise<MeasureInput | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Image to measure with',
    openLabel: 'Use Image',
    defaultUri: vscode.Uri.joinPath(besides, '..'),
    filters: { Images: ['png', 'jpg', 'jpeg', 'bmp', 'tif', 'tiff'] },
  });
  const uri = chosen?.[0];
  if (uri === undefined) return undefined;
  const bytes = await vscode.workspace.fs.readFile(uri);
  return { spec: { kind: 'image', path: uri.fsPath, bytes }, imageName: uri.path.slice(uri.path.lastIndexOf('/') + 1) };
}
