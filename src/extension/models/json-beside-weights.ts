import * as vscode from 'vscode';
import { jsonHeadLength, mayHoldModel } from '../../core/formats/json-claim';
import { fileHead } from '../platform/file-head';

/** Folders with more JSON files than a collection of models has hold data: none of theirs is looked at. */
const mostBesideWeights = 100;

/** A JSON file, whatever its name. */
export function isJsonFile({ path }: vscode.Uri): boolean {
  return path.toLowerCase().endsWith('.json');
}

/**
 * The JSON files of a folder that may be models whatever their names: weights lie beside them, and their beginning names a topology or a
 * manifest. No file is read whole for that.
 */
export async function modelsBesideWeights(folder: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const names = await fileNamesIn(folder);
  if (!names.some((name) => name.endsWith('.bin'))) return [];
  const files = names.map((name) => vscode.Uri.joinPath(folder, name)).filter(isJsonFile);
  if (files.length > mostBesideWeights) return [];
  const isModel = await Promise.all(files.map(beginsAsModel));
  return files.filter((_, index) => isModel[index]);
}

async function beginsAsModel(file: vscode.Uri): Promise<boolean> {
  const head = await fileHead(file, jsonHeadLength);
  return head !== undefined && mayHoldModel(new TextDecoder('latin1').decode(head));
}

/** A folder that is gone has none. */
async function fileNamesIn(folder: vscode.Uri): Promise<readonly string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries.filter(([, type]) => (type & vscode.FileType.File) !== 0).map(([name]) => name);
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return [];
    throw error;
  }
}
