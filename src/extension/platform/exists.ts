import * as vscode from 'vscode';

/** Whether there is a file or folder; failures that may be those of a file that is there are thrown on. */
export async function exists(uri: vscode.Uri): Promise<boolean> {
  return (await typeOf(uri)) !== undefined;
}

/** Whether there is a file, by a link too, and no folder. */
export async function isFile(uri: vscode.Uri): Promise<boolean> {
  return (((await typeOf(uri)) ?? vscode.FileType.Unknown) & vscode.FileType.File) !== 0;
}

async function typeOf(uri: vscode.Uri): Promise<vscode.FileType | undefined> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && ['FileNotFound', 'FileNotADirectory'].includes(error.code)) return undefined;
    throw error;
  }
}
