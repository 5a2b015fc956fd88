import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activated, extension } from './extension';
import { FixtureFolder } from './fixture-folder';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

suite('Activation', () => {
  test('waits for a model or a language of model code: no activation on start or on every JSON file', () => {
    const { activationEvents } = extension().packageJSON as Manifest;
    assert.deepEqual(activationEvents, [
      'workspaceContains:**/*.onnx',
      'workspaceContains:**/*model*.json',
      // What stands beside a model of any name.
      'workspaceContains:**/*{-shard*of*,weights}.bin',
      ...['python', 'javascript', 'javascriptreact', 'typescript', 'typescriptreact', 'yaml'].map((language) => `onLanguage:${language}`),
      // The page of Explain Aliasing, where a window comes back with it.
      'onWebviewPanel:shiftlint.explain',
    ]);
  });

  // First of all suites: the worker keeps running once it is needed.
  test('starts no worker for code that imports no framework, and for YAML that describes no model', async () => {
    const { code } = await activated();
    const folder = await FixtureFolder.create('no-import');
    for (const [name, text] of [
      ['plain.py', 'import numpy as np\n\nx = np.zeros(3)\n'],
      ['plain.ts', "import { x } from './x';\n"],
      ['compose.yaml', 'services:\n  web:\n    ports: [80]\n'],
    ] as const) {
      const editor = await vscode.window.showTextDocument(await folder.write(name, text));
      await editor.edit((edit) => {
        edit.insert(new vscode.Position(2, 0), name.endsWith('.ts') ? '// pool\n' : '# pool\n');
      });
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(code.documents.sourceOf(editor.document), undefined);
      assert.equal(code.worker.running, false);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
  });

  test('registers every command of the manifest', async () => {
    await activated();
    const { commands } = (extension().packageJSON as Manifest).contributes;
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });
});
