import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { tinyModelText, writeTinyModel } from './tiny-model';
import { applyFirst, diagnosticsOf, eventually } from './waiting';

suite('Quick fix of a model.json', () => {
  suiteSetup(activated);

  test('inserts the blur in the document and a weight shard beside it; one undo takes both back', async () => {
    const folder = await FixtureFolder.create('fix');
    const uri = await writeTinyModel(folder);
    const [diagnostic] = await diagnosticsOf(uri, 1);
    assert.ok(diagnostic);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const filesBefore = await readdir(dirname(uri.fsPath));

    const fix = (await actionsAt(uri, diagnostic.range)).find(({ title }) => title === 'Insert BlurPool (Tri-3) after pool');
    assert.ok(fix?.command);
    assert.equal(fix.edit, undefined, 'an edit of two files would be saved by VS Code itself');
    assert.notEqual(fix.isPreferred, true);
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    editor.selection = new vscode.Selection(diagnostic.range.start, diagnostic.range.start);
    await applyFirst(document, 'quickfix.shiftlint.insertBlurPool');

    const fixed = document.getText();
    assert.ok(document.isDirty, 'nothing is saved by itself');
    assert.equal(await readFile(uri.fsPath, 'utf8'), tinyModelText);
    assert.match(fixed, /DepthwiseConv2D/);
    const kept = tinyModelText.split('\n').filter((line) => line.includes('"name": "conv"') || line.includes('generatedBy'));
    for (const line of kept) assert.ok(fixed.includes(line), `kept as it stood: ${line}`);
    const created = (await readdir(dirname(uri.fsPath))).filter((name) => !filesBefore.includes(name));
    assert.equal(created.length, 1, created.join());
    assert.ok(fixed.includes(`"${created[0]!}"`), 'the manifest names the shard');
    await diagnosticsOf(uri, 0);

    await vscode.commands.executeCommand('undo');
    await eventually('the undo', () => (document.getText() === tinyModelText ? true : undefined));
    await eventually('the shard to go', () => (existsSync(folder.uri(created[0]!).fsPath) ? undefined : true));
    await diagnosticsOf(uri, 1);

    await vscode.commands.executeCommand('redo');
    await eventually('the redo', () => (document.getText() === fixed ? true : undefined));
    await document.save();
    await diagnosticsOf(uri, 0);
    assert.equal(await readFile(uri.fsPath, 'utf8'), fixed);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  test('is not part of fixing everything on save', async () => {
    const folder = await FixtureFolder.create('fix-all');
    const uri = await writeTinyModel(folder);
    const [diagnostic] = await diagnosticsOf(uri, 1);
    await vscode.workspace.openTextDocument(uri);
    const actions = await actionsAt(uri, diagnostic!.range, vscode.CodeActionKind.SourceFixAll);
    assert.deepEqual(
      actions.map(({ title }) => title),
      [],
    );
  });

  test('offers the rule’s page and the measurement as well', async () => {
    const folder = await FixtureFolder.create('offers');
    const uri = await writeTinyModel(folder);
    const [diagnostic] = await diagnosticsOf(uri, 1);
    await vscode.workspace.openTextDocument(uri);
    const commands = (await actionsAt(uri, diagnostic!.range)).map(({ command }) => command?.command);
    assert.ok(commands.includes('shiftlint.openRuleDocumentation'));
    assert.ok(commands.includes('shiftlint.measure'));
  });
});

/** Asks the editor for the code actions, resolved. */
async function actionsAt(
  uri: vscode.Uri,
  range: vscode.Range,
  kind = vscode.CodeActionKind.QuickFix,
): Promise<readonly vscode.CodeAction[]> {
  const resolveCount = 10;
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range, kind.value, resolveCount);
}
