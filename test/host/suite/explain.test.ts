import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { textbookLayer } from '../../../src/core/explain/explained-layer';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { closeEditors } from './close-editors';
import { show, torchNet } from './code-source';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { openPanel } from './open-panel';
import { diagnosticsOf, eventually } from './waiting';

suite('Explain Aliasing', () => {
  let testing: ExtensionTesting;
  suiteSetup(async () => {
    testing = await activated();
  });
  teardown(closeEditors);

  test('opens from a finding in the model editor and in code with its kernel, stride and filter, else with the textbook', async () => {
    await vscode.commands.executeCommand('shiftlint.explain');
    assert.deepEqual(testing.explain.shown, textbookLayer);
    await eventually('the page', () => explainTab());

    const folder = await FixtureFolder.create('explain');
    const uri = await folder.copy('samples/shapes.onnx', 'shapes.onnx');
    await diagnosticsOf(uri, 4);
    const analysis = testing.store.get(uri);
    assert.ok(analysis?.ok);
    const convolution = analysis.findings[2]!;
    const explained = { step: 'convolution', kernel: 3, stride: 2, filter: 'tri-3', rule: 'strided-conv', label: 'conv3_1' };
    assert.deepEqual(convolution.explained, explained);
    await vscode.commands.executeCommand('shiftlint.explain', { kind: 'finding', uri, finding: convolution });
    assert.deepEqual(testing.explain.shown, explained);
    const panel = await openPanel(testing, uri);
    const pool = analysis.findings[0]!.explained;
    await panel.receive({ kind: 'explain', explained: pool });
    assert.deepEqual(testing.explain.shown, pool);

    const { document } = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(document.uri, 2);
    const [diagnostic] = vscode.languages.getDiagnostics(document.uri);
    const actions: readonly vscode.CodeAction[] = await vscode.commands.executeCommand(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic!.range,
    );
    const action = actions.find(({ command }) => command?.command === 'shiftlint.explain');
    assert.ok(action?.command);
    await vscode.commands.executeCommand('shiftlint.explain', ...(action.command.arguments as readonly unknown[]));
    const { rule, label, stride, filter } = testing.explain.shown;
    assert.deepEqual([rule, label, stride, filter], ['strided-max-pool', 'nn.MaxPool2d', 2, 'tri-3']);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(testing.explain.shown, undefined);
  });
});

function explainTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('shiftlint.explain'));
}
