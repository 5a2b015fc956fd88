import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { HostLoad, type OwnTurn } from './host-load';
import { nextSent } from './panel-messages';
import { eventually } from './waiting';

/** What became of a file that was opened, and the turns of the extension host in which we worked, the longest work first. */
export interface OpenedCase {
  readonly came: string;
  readonly turns: readonly OwnTurn[];
}

/** What is shown of a file is fetched a little after it was judged. */
const shownWithinMs = 500;
const openedWithinMs = 45_000;

/** Models and sources of a folder, by their path within it. */
export function casesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(onnx|json|py|js|jsx|ts|tsx)$/.test(file))
    .sort();
}

/** Opens a file as its user does, in our editor where that is its editor, and watches until it was judged and is shown. */
export async function openCase(testing: ExtensionTesting, folder: string, name: string): Promise<OpenedCase> {
  const uri = vscode.Uri.file(join(folder, name));
  const load = await HostLoad.start();
  const came = await (name.endsWith('.onnx') ? openOnnx(testing, uri) : openText(testing, uri)).catch(String);
  await new Promise((resolve) => setTimeout(resolve, shownWithinMs));
  return { came, turns: await load.stop() };
}

async function openOnnx({ store, panels }: ExtensionTesting, uri: vscode.Uri): Promise<string> {
  const opening = vscode.commands.executeCommand('vscode.openWith', uri, 'shiftlint.modelEditor', { preview: false });
  const panel = await eventually('the panel', () => panels.get(uri), openedWithinMs);
  // A page that has loaded is told how the runs stand. One that is hidden before holds the next one up (`close-editors.ts`).
  await nextSent(panel, 'run');
  await opening;
  return outcomeOf(await store.refresh(uri));
}

async function openText({ store, code }: ExtensionTesting, uri: vscode.Uri): Promise<string> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
  if (uri.path.endsWith('.json')) return outcomeOf(await store.refresh(uri));
  const source = code.documents.sourceOf(document);
  const judgement = source === undefined ? undefined : await code.documents.current(source);
  return judgement === undefined ? 'not judged' : `${judgement.findings.length} findings, ${judgement.notices.length} notices`;
}

function outcomeOf(analysis: Awaited<ReturnType<ExtensionTesting['store']['refresh']>>): string {
  if (analysis === undefined) return 'no model';
  return analysis.ok ? `${analysis.findingCount} findings` : analysis.error.code;
}
