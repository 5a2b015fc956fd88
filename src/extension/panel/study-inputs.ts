import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ImageFile, InputSpec } from '../../engine/protocol/protocol';
import { imagesOf } from '../../engine/host/studies/image-folder';
import { choicesFrom, defaultChoices } from './study-choices';
import type { StudyChoices } from '../../panel-protocol/messages';

/** What the tasks of one model run with, remembered in the workspace. */
export interface StudyInputs {
  /** Address of the image; null for the built-in test pattern. */
  readonly image: string | null;
  /** Path of a folder of images; null until one is chosen. */
  readonly folder: string | null;
  readonly choices: StudyChoices;
}

const memoryPrefix = 'shiftlint.inputs:';

/** Choices of every model, kept with the workspace. */
export class StudyMemory {
  constructor(private readonly state: vscode.Memento) {}

  recall(model: vscode.Uri): StudyInputs {
    const kept = this.state.get<Partial<Record<keyof StudyInputs, unknown>>>(memoryPrefix + model.toString()) ?? {};
    return {
      image: typeof kept.image === 'string' ? kept.image : null,
      folder: typeof kept.folder === 'string' ? kept.folder : null,
      choices: choicesFrom(kept.choices, defaultChoices),
    };
  }

  keep(model: vscode.Uri, inputs: StudyInputs): Thenable<void> {
    return this.state.update(memoryPrefix + model.toString(), inputs);
  }
}

/** The chosen image as the engine takes it. @throws vscode.FileSystemError where it cannot be read */
export async function inputOf({ image }: StudyInputs): Promise<InputSpec> {
  if (image === null) return { kind: 'pattern' };
  const uri = vscode.Uri.parse(image);
  return { kind: 'image', path: uri.fsPath, bytes: await vscode.workspace.fs.readFile(uri) };
}

/** The images of the chosen folder; none where there is no folder. @throws ModelError where it holds none */
export async function folderImages({ folder }: StudyInputs): Promise<readonly ImageFile[]> {
  return folder === null ? [] : imagesOf(folder, undefined, null);
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

/** Lets the user choose an image; its address, or undefined where they cancel. */
export async function chooseImage(besides: vscode.Uri): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Image to measure with',
    openLabel: 'Use Image',
    defaultUri: vscode.Uri.joinPath(besides, '..'),
    filters: { Images: ['png', 'jpg', 'jpeg', 'webp', 'bmp', 'tif', 'tiff'] },
  });
  return chosen?.[0]?.toString();
}

/** Lets the user choose a folder of images; its path, or undefined where they cancel. */
export async function chooseFolder(besides: vscode.Uri): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Folder of images to classify; subfolders may name their classes',
    openLabel: 'Use Folder',
    defaultUri: vscode.Uri.joinPath(besides, '..'),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0]?.fsPath;
}
