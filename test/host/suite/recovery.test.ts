import * as assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { externalCopy } from '../../unit/recover/external-copy';
import { documentBytes } from './document-bytes';
import { activated, extension } from './extension';
import { FixtureFolder } from './fixture-folder';
import { stubWindow, type StubbedWindow } from './stubbed-window';
import { diagnosticsOf, eventually, shiftlintDiagnostics } from './waiting';

const result = /^Same class as before on \d+ % \(\d+ % without recovery\); consistency \d+ → \d+ %, on 1 held-out image; \d+ of \d+ layers/;

suite('Fix and recover', () => {
  let testing: ExtensionTesting;
  let user: StubbedWindow | undefined;
  suiteSetup(async () => {
    testing = await activated();
  });
  teardown(async () => {
    user?.restore();
    user = undefined;
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('makes one edit of an ONNX model: dirty, undone, redone, and written at save only', async () => {
    const folder = await FixtureFolder.create('recover');
    const uri = await folder.copy('samples/shapes.onnx', 'shapes.onnx');
    const before = await flagged(uri);
    const original = await readFile(uri.fsPath);
    user = stubWindow({ folder: drawings() });
    await vscode.commands.executeCommand('shiftlint.fixAndRecover', uri);
    await diagnosticsOf(uri, 0);
    assert.match(user.messages.join(), result);
    await eventually('the tab to be dirty', () => (tabOf(uri)?.isDirty ? true : undefined));
    assert.deepEqual(await readFile(uri.fsPath), original);
    const recovered = await documentBytes(testing.documents.get(uri));

    await vscode.commands.executeCommand('undo');
    await diagnosticsOf(uri, before);
    assert.deepEqual(await documentBytes(testing.documents.get(uri)), original);
    await eventually('the tab to be clean', () => (tabOf(uri)?.isDirty === false ? true : undefined));

    await vscode.commands.executeCommand('redo');
    await diagnosticsOf(uri, 0);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('the tab to be clean', () => (tabOf(uri)?.isDirty === false ? true : undefined));
    assert.deepEqual(await readFile(uri.fsPath), recovered);
    assert.deepEqual(await readdir(folder.uri('.').fsPath), ['shapes.onnx']);
  });

  test('brings the new weights of an ONNX model with weights beside it, and takes them back with the edit', async () => {
    const folder = await FixtureFolder.create('recover-external');
    const sample = await readFile(join(extension().extensionPath, 'samples/shapes.onnx'));
    const { bytes, overlay } = await externalCopy({ path: 'shapes.onnx', bytes: sample, folder: '', overlay: {} });
    await folder.write('shapes.data', overlay['shapes.data']!);
    const uri = await folder.write('shapes.onnx', bytes);
    const before = await flagged(uri);
    const files = (): Promise<string[]> => readdir(folder.uri('.').fsPath);
    const recovered = ['shapes.data', 'shapes.onnx', 'shapes.onnx.recovered.data'];
    user = stubWindow({ folder: drawings() });
    await vscode.commands.executeCommand('shiftlint.fixAndRecover', uri);
    await diagnosticsOf(uri, 0);
    assert.match(user.messages.join(), result);
    assert.deepEqual((await files()).sort(), recovered);

    await vscode.commands.executeCommand('undo');
    await diagnosticsOf(uri, before);
    await eventually('the new weights to go', async () => ((await files()).length === 2 ? true : undefined));

    await vscode.commands.executeCommand('redo');
    await diagnosticsOf(uri, 0);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('the tab to be clean', () => (tabOf(uri)?.isDirty === false ? true : undefined));
    await vscode.commands.executeCommand('undo');
    await diagnosticsOf(uri, before);
    assert.deepEqual((await files()).sort(), recovered, 'the saved model needs them');
  });

  test('makes one edit of a model.json with its new weights, which one undo takes back', async () => {
    const { folder, uri } = await layersModel();
    const before = await flagged(uri);
    const text = await readFile(uri.fsPath, 'utf8');
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const filesBefore = await readdir(folder.uri('.').fsPath);
    user = stubWindow({ folder: drawings() });
    await vscode.commands.executeCommand('shiftlint.fixAndRecover', uri);
    assert.match(user.messages.join(), result);
    assert.ok(document.isDirty, 'nothing is saved by itself');
    assert.equal(await readFile(uri.fsPath, 'utf8'), text);
    const fixed = document.getText();
    const created = (await readdir(folder.uri('.').fsPath)).filter((name) => !filesBefore.includes(name));
    assert.ok(created.length > 0);
    for (const name of created) assert.ok(fixed.includes(`"${name}"`), `the manifest names ${name}`);
    await diagnosticsOf(uri, 0);

    await vscode.commands.executeCommand('undo');
    await eventually('the undo', () => (document.getText() === text ? true : undefined));
    await eventually('the new weights to go', async () =>
      (await readdir(folder.uri('.').fsPath)).length === filesBefore.length ? true : undefined,
    );
    await diagnosticsOf(uri, before);

    await vscode.commands.executeCommand('redo');
    await eventually('the redo', () => (document.getText() === fixed ? true : undefined));
    await document.save();
    assert.equal(await readFile(uri.fsPath, 'utf8'), fixed);
  });

  test('takes new weights that an editor has left beside a model.json which was never saved', async () => {
    const { folder, uri } = await layersModel();
    const text = await readFile(uri.fsPath, 'utf8');
    const files = async (): Promise<string[]> => (await readdir(folder.uri('.').fsPath)).sort();
    await recoverIn(uri);
    const made = await files();
    const weights = await readFile(folder.uri('shiftlint-recovered-1.bin').fsPath);
    await vscode.commands.executeCommand('undo');
    await eventually('the new weights to go', async () => ((await files()).length < made.length ? true : undefined));
    // As they lie there after a crash of the editor.
    await folder.write('shiftlint-recovered-1.bin', weights);
    const document = await recoverIn(uri);
    assert.deepEqual(await files(), made);
    assert.deepEqual(await readFile(folder.uri('shiftlint-recovered-1.bin').fsPath), weights);
    assert.match(document.getText(), /"shiftlint-recovered-1\.bin"/);
    await vscode.commands.executeCommand('undo');
    await eventually('the undo', () => (document.getText() === text ? true : undefined));
  });

  test('fixes one layer, from the lightbulb too, and offers the folder of the last time', async () => {
    const { uri } = await layersModel();
    const before = await flagged(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const [diagnostic] = shiftlintDiagnostics(uri);
    assert.ok(diagnostic);
    const actions: readonly vscode.CodeAction[] = await vscode.commands.executeCommand(
      'vscode.executeCodeActionProvider',
      uri,
      diagnostic.range,
      'quickfix.shiftlint.fixAndRecover',
    );
    const [action] = actions;
    assert.ok(action?.command);
    assert.match(action.title, /^Fix and recover… \(Tri-3 after /);
    user = stubWindow({ folder: drawings() });
    await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments as readonly unknown[]));
    await diagnosticsOf(uri, before - 1);
    assert.equal(user.asked[0]?.defaultUri?.fsPath, folderOf(uri));
    user.restore();

    user = stubWindow({ folder: undefined });
    await vscode.commands.executeCommand('shiftlint.fixAndRecover', uri);
    assert.equal(user.asked[0]?.defaultUri?.fsPath, drawings());
    assert.equal(shiftlintDiagnostics(uri).length, before - 1, 'no folder, no change');
    assert.match(user.messages.join(), /needs a folder of images/);
  });

  test('fixes alone where the user has no folder and wants that', async () => {
    const { folder, uri } = await layersModel();
    const before = await flagged(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    user = stubWindow({ folder: undefined, press: 'Fix Without Recovery' });
    await vscode.commands.executeCommand('shiftlint.fixAndRecover', uri);
    await diagnosticsOf(uri, 0);
    assert.ok(before > 0 && document.isDirty, 'nothing is saved by itself');
    assert.deepEqual((await readdir(folder.uri('.').fsPath)).sort(), ['model.json', 'shiftlint-blur-1.bin', 'weights.bin']);
    const [entry, ...others] = user.entries;
    assert.equal(entry?.text, `Shiftlint changed ${before} of ${before} layers: evaluate the model`);
    assert.ok(typeof entry.tooltip === 'string');
    assert.match(entry.tooltip, /model\.json.*fine-tune it where the score drops\..*without labels\.$/);
    assert.equal(entry.command, 'shiftlint.showOutput');
    assert.deepEqual(others, []);
    assert.equal(user.messages.length, 1, 'only the one that asked');
  });

  test('leaves nothing where it is cancelled', async () => {
    const { folder, uri } = await layersModel();
    const before = await flagged(uri);
    const filesBefore = await readdir(folder.uri('.').fsPath);
    const document = await vscode.workspace.openTextDocument(uri);
    const text = document.getText();
    user = stubWindow({ folder: drawings(), cancel: true });
    await vscode.commands.executeCommand('shiftlint.fixAndRecover', uri);
    assert.equal(document.getText(), text);
    assert.equal(document.isDirty, false);
    assert.deepEqual(await readdir(folder.uri('.').fsPath), filesBefore);
    assert.deepEqual(user.messages, []);
    assert.equal(shiftlintDiagnostics(uri).length, before);
  });

  test('changes nothing where the model was edited meanwhile', async () => {
    const { folder, uri } = await layersModel();
    await flagged(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const filesBefore = await readdir(folder.uri('.').fsPath);
    user = stubWindow({ folder: drawings() });
    const recovering = vscode.commands.executeCommand('shiftlint.fixAndRecover', uri);
    await eventually('the dialog', () => user?.asked[0]);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), ' ');
    await vscode.workspace.applyEdit(edit);
    const edited = document.getText();
    await recovering;
    assert.equal(document.getText(), edited);
    assert.deepEqual(await readdir(folder.uri('.').fsPath), filesBefore);
    assert.deepEqual(user.messages, []);
  });

  async function recoverIn(uri: vscode.Uri): Promise<vscode.TextDocument> {
    await flagged(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    user?.restore();
    user = stubWindow({ folder: drawings() });
    await vscode.commands.executeCommand('shiftlint.fixAndRecover', uri);
    assert.match(user.messages.join(), result);
    return document;
  }

  async function layersModel(): Promise<{ readonly folder: FixtureFolder; readonly uri: vscode.Uri }> {
    const folder = await FixtureFolder.create('recover-tfjs');
    await folder.copy('samples/shapes-tfjs/weights.bin', 'weights.bin');
    return { folder, uri: await folder.copy('samples/shapes-tfjs/model.json', 'model.json') };
  }

  /** How many findings a model has. */
  async function flagged(uri: vscode.Uri): Promise<number> {
    const analysis = await testing.store.refresh(uri);
    assert.ok(analysis?.ok);
    assert.ok(analysis.findings.length > 1);
    await diagnosticsOf(uri, analysis.findings.length);
    return analysis.findings.length;
  }
});

function drawings(): string {
  return join(extension().extensionPath, 'test/fixtures/shapes');
}

function folderOf(uri: vscode.Uri): string {
  return vscode.Uri.joinPath(uri, '..').fsPath;
}

function tabOf(uri: vscode.Uri): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => input instanceof vscode.TabInputCustom && input.uri.toString() === uri.toString());
}
