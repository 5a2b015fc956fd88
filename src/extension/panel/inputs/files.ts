import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { imagesOf } from '../../../engine/host/image-lists/image-list';
import type { ImageFile } from '../../../engine/protocol/classifying';
import type { InputSpec } from '../../../engine/protocol/payload';
import type { StudyInputs } from './memory';

/** The chosen image as the engine takes it. @throws vscode.FileSystemError where it cannot be read */
export async function inputOf({ image }: StudyInputs): Promise<InputSpec> {
  if (image === null) return { kind: 'pattern' };
  const uri = vscode.Uri.parse(image);
  return { kind: 'image', path: uri.fsPath, bytes: await vscode.workspace.fs.readFile(uri) };
}

/** The images of the chosen folder; none where there is no folder. @throws ModelError where it holds none */
export async function folderImages({ folder }: StudyInputs): Promise<readonly ImageFile[]> {
  return folder === null ? [] : imagesOf(folder);
}

/** Tells one image from another by its bytes. */
export function imageDigest(input: InputSpec): string {
  const hash = createHash('sha256').update(input.kind);
  if (input.kind === 'image') hash.update(input.bytes);
  return hash.digest('hex');
}

/** Tells one folder from another by name, size and time of its images. */
export async function folderDigest(images: readonly ImageFile[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { name, path } of images) {
    const { size, mtimeMs } = await stat(path);
    hash.update(`${name}\n${size}\n${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
