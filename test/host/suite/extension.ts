import * as vscode from 'vscode';
import type { ExtensionApi, ExtensionTesting } from '../../../src/extension/testing-api';

export function extension(): vscode.Extension<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>('shiftlint.shiftlint');
  if (found === undefined) throw new Error('The extension under test is not installed in this VS Code.');
  return found;
}

/** Activates the extension and waits for its first look at the workspace. */
export async function activated(): Promise<ExtensionTesting> {
  const { testing } = await extension().activate();
  await testing.ready;
  return testing;
}
