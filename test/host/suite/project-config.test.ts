import * as assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { closeEditors } from './close-editors';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { openPanel } from './open-panel';
import { writeTinyGraph, writeTinyModel } from './tiny-model';
import { applyFirst, diagnosticsOf, eventually } from './waiting';

suite('shiftlint.json', () => {
  suiteSetup(activated);

  test('decides severities, layers and files of its folder as soon as it is saved', async () => {
    const folder = await FixtureFolder.create('config');
    const uri = await writeTinyModel(folder);
    const [before] = await diagnosticsOf(uri, 1);
    assert.equal(before?.severity, vscode.DiagnosticSeverity.Warning);

    const config = await folder.write('shiftlint.json', '{\n  // stricter here\n  "rules": { "strided-max-pool": "error" },\n}\n');
    await eventually('the severity', async () => {
      const [finding] = await diagnosticsOf(uri, 1);
      return finding?.severity === vscode.DiagnosticSeverity.Error ? true : undefined;
    });
    await folder.write('shiftlint.json', '{ "ignoreLayers": [{ "layers": "po*", "rules": ["strided-max-pool"] }] }');
    await diagnosticsOf(uri, 0);
    await folder.write('shiftlint.json', '{ "ignoreLayers": [{ "layers": "conv*" }] }');
    await diagnosticsOf(uri, 1);
    await folder.write('shiftlint.json', '{ "exclude": ["model.json"] }');
    await diagnosticsOf(uri, 0);
    await rm(config.fsPath);
    await diagnosticsOf(uri, 1);
  });

  test('chooses the filter and the border of the fixes', async () => {
    const folder = await FixtureFolder.create('config-fix');
    await folder.write('shiftlint.json', '{ "defaultFilter": "bin-5", "padding": "zero" }');
    const uri = await writeTinyGraph(folder);
    const [finding] = await diagnosticsOf(uri, 1);
    assert.ok(finding);
    const document = await vscode.workspace.openTextDocument(uri);
    // The editor hears of the new shiftlint.json some time after it was written.
    await eventually('the fix with the filter of the project', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        finding.range,
        vscode.CodeActionKind.QuickFix.value,
        10,
      );
      return actions.some(({ title }) => title === 'Insert BlurPool (Bin-5) after pool') ? true : undefined;
    });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
    await applyFirst(document, 'quickfix.shiftlint.insertBlurPool');
    await diagnosticsOf(uri, 0);
    assert.match(document.getText(), /"op": "Pad"/);
    assert.match(document.getText(), /"size": "5"/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('leaves a layer alone from the model editor on, as an unsaved change that counts once it is saved', async () => {
    const testing = await activated();
    const folder = await FixtureFolder.create('config-ignore');
    const uri = await writeTinyModel(folder);
    await diagnosticsOf(uri, 1);
    const panel = await openPanel(testing, uri);

    // Without a file of the project's, one is begun in the workspace folder, and nothing is written.
    const root = vscode.workspace.getWorkspaceFolder(uri)!.uri;
    await panel.receive({ kind: 'ignore', rule: 'strided-max-pool', layer: null });
    const begun = vscode.window.activeTextEditor!.document;
    assert.deepEqual(JSON.parse(begun.getText()), { rules: { 'strided-max-pool': 'off' } });
    assert.equal(begun.uri.path, vscode.Uri.joinPath(root, 'shiftlint.json').path);
    assert.ok(begun.isUntitled && begun.isDirty);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');

    const config = await folder.write('shiftlint.json', '{\n  // ours\n  "rules": { "strided-max-pool": "error" }\n}\n');
    await eventually('the severity', async () => {
      const [finding] = await diagnosticsOf(uri, 1);
      return finding?.severity === vscode.DiagnosticSeverity.Error ? true : undefined;
    });
    await panel.receive({ kind: 'ignore', rule: 'strided-max-pool', layer: 'pool' });
    const document = vscode.window.activeTextEditor!.document;
    assert.equal(document.uri.toString(), config.toString());
    assert.match(document.getText(), /\/\/ ours\n/);
    assert.match(document.getText(), /"layers": "pool"/);
    assert.ok(document.isDirty, 'nothing is saved by itself');
    await diagnosticsOf(uri, 1);
    await document.save();
    await diagnosticsOf(uri, 0);
    await closeEditors();
  });

  test('is completed and checked by the editor', async () => {
    const folder = await FixtureFolder.create('config-schema');
    const uri = await folder.write('shiftlint.json', '{ "padding": "mirror", "rule": {} }\n');
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'jsonc');
    await vscode.window.showTextDocument(document);
    const problems = await eventually('what the schema says', () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length >= 2 ? found : undefined;
    });
    assert.match(problems.map(({ message }) => message).join('\n'), /padding|reflect/i);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
