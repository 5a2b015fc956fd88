import * as vscode from 'vscode';
import type { ModelPanel } from '../../../src/extension/panel/panel';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { nextSent } from './panel-messages';

/** Opens the model editor and waits until its page has asked for its state. */
export async function openPanel({ panels }: ExtensionTesting, uri: vscode.Uri): Promise<ModelPanel> {
  const opening = vscode.commands.executeCommand('shiftlint.openModelEditor', uri);
  const panel = await panels.whenAdded(uri);
  await nextSent(panel, 'model');
  await opening;
  return panel;
}
