import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { documentBytes } from './document-bytes';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { nextSent } from './panel-messages';
import { diagnosticsOf, eventually } from './waiting';

const vgg = 'test/fixtures/oracle/vgg_like.onnx';

suite('Model editor for ONNX', () => {
  let testing: ExtensionTesting;
  suiteSetup(async () => {
    testing = await activated();
  });
  teardown(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  test('a fix is an edit: dirty, undone, redone, and written at save only', async () => {
    const folder = await FixtureFolder.create('editor');
    const uri = await folder.copy(vgg, 'vgg.onnx');
    await diagnosticsOf(uri, 4);
    const original = await readFile(uri.fsPath);
    const analysis = testing.store.get(uri);
    assert.ok(analysis?.ok);
    const layer = analysis.findings[0]!.layer;

    await vscode.commands.executeCommand('shiftlint.fixLayer', uri, layer);
    await diagnosticsOf(uri, 3);
    await eventually('the tab to be dirty', () => (tabOf(uri)?.isDirty ? true : undefined));
    assert.deepEqual(await readFile(uri.fsPath), original);

    await vscode.commands.executeCommand('undo');
    await diagnosticsOf(uri, 4);
    await eventually('the tab to be clean', () => (tabOf(uri)?.isDirty === false ? true : undefined));
    assert.deepEqual(await documentBytes(testing.documents.get(uri)), original);

    const panel = testing.panels.get(uri);
    assert.ok(panel !== undefined);
    const offered = nextSent(panel, 'last-fix', ({ fix }) => fix?.obstacle === null);
    await vscode.commands.executeCommand('redo');
    await diagnosticsOf(uri, 3);
    await offered;
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('the tab to be clean', () => (tabOf(uri)?.isDirty === false ? true : undefined));
    assert.notDeepEqual(await readFile(uri.fsPath), original);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await testing.store.refresh(uri, 'asked');
    const saved = testing.store.get(uri);
    assert.ok(saved?.ok);
    assert.equal(saved.findings.length, 3);
    assert.ok(!saved.findings.some((finding) => finding.layer === layer));
    assert.deepEqual(await leftovers(folder), []);
  });

  test('fix all changes every layer it may and revert brings the file back', async () => {
    const folder = await FixtureFolder.create('fix-all');
    const uri = await folder.copy(vgg, 'vgg.onnx');
    await diagnosticsOf(uri, 4);
    await vscode.commands.executeCommand('shiftlint.fixAll', uri);
    await diagnosticsOf(uri, 0);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await diagnosticsOf(uri, 4);
    assert.equal(tabOf(uri)?.isDirty, false);
  });

  test('follows the file on disk while there is nothing unsaved', async () => {
    const folder = await FixtureFolder.create('reload');
    const uri = await folder.copy(vgg, 'vgg.onnx');
    await vscode.commands.executeCommand('shiftlint.openModelEditor', uri);
    await diagnosticsOf(uri, 4);
    await folder.copy('test/fixtures/oracle/vgg_like.tri3.onnx', 'vgg.onnx');
    await diagnosticsOf(uri, 0);
  });

  test('opens a damaged file with its message instead of failing', async () => {
    const folder = await FixtureFolder.create('damaged-editor');
    const uri = await folder.write('x.onnx', 'not a model\n');
    await vscode.commands.executeCommand('shiftlint.openModelEditor', uri);
    const panel = await testing.panels.whenAdded(uri);
    const shown = nextSent(panel, 'model');
    await panel.receive({ kind: 'ready' });
    assert.match((await shown).model.error ?? '', /holds no ONNX model/);
  });
});

function tabOf(uri: vscode.Uri): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => input instanceof vscode.TabInputCustom && input.uri.toString() === uri.toString());
}

async function leftovers(folder: FixtureFolder): Promise<readonly string[]> {
  const files = await vscode.workspace.fs.readDirectory(folder.uri('.'));
  return files.map(([name]) => name).filter((name) => name !== 'vgg.onnx');
}
