import { t } from '@vscode/l10n';
import * as vscode from 'vscode';

/** Lets the user choose an image; its address, or undefined where they cancel. */
export async function chooseImage(besides: vscode.Uri): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: t`Image to measure with`,
    openLabel: t`Use Image`,
    defaultUri: vscode.Uri.joinPath(besides, '..'),
    filters: { [t`Images`]: ['png', 'jpg', 'jpeg', 'webp', 'bmp', 'tif', 'tiff'] },
  });
  return chosen?.[0]?.toString();
}

/** Lets the user choose a folder of images; its path, or undefined where they cancel. */
export async function chooseFolder(besides: vscode.Uri): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: t`Folder of images to classify; subfolders may name their classes`,
    openLabel: t`Use Folder`,
    defaultUri: vscode.Uri.joinPath(besides, '..'),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0]?.fsPath;
}
