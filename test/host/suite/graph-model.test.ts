import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { tinyGraphText, writeTinyGraph } from './tiny-model';
import { applyFirst, codeOf, diagnosticsOf, eventually } from './waiting';

suite('A graph-model', () => {
  suiteSetup(activated);

  test('is flagged on its node, fixed by the lightbulb, and put back by one undo', async () => {
    const folder = await FixtureFolder.create('graph');
    // No name that a search would find: it is judged because it is open.
    const uri = await writeTinyGraph(folder, 'detector.json');
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    const [finding] = await diagnosticsOf(uri, 1);
    assert.ok(finding);
    assert.equal(codeOf(finding), 'strided-max-pool');
    assert.equal(document.getText(finding.range), '"name": "pool"');

    editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
    await applyFirst(document, 'quickfix.shiftlint.insertBlurPool');
    assert.match(document.getText(), /"op": "MirrorPad"/);
    assert.match(document.getText(), /"name": "pool\/shiftlint_dense"/);
    assert.equal(await readFile(uri.fsPath, 'utf8'), tinyGraphText, 'nothing is saved by itself');
    await diagnosticsOf(uri, 0);

    await vscode.commands.executeCommand('undo');
    await eventually('the undo', () => (document.getText() === tinyGraphText ? true : undefined));
    await diagnosticsOf(uri, 1);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('says what is wrong where it is damaged', async () => {
    const folder = await FixtureFolder.create('damaged-graph');
    await writeTinyGraph(folder, 'model.json');
    const uri = await folder.write('other-model.json', tinyGraphText.replace('"input": ["conv/Relu"]', '"input": ["gone"]'));
    const [problem] = await diagnosticsOf(uri, 1);
    assert.equal(problem?.severity, vscode.DiagnosticSeverity.Error);
    assert.match(problem.message, /MaxPool node "pool" reads "gone", which does not exist/);
  });
});
