import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activated, extension } from './extension';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

suite('Activation', () => {
  test('waits for a model: no activation on start or on every JSON file', () => {
    const { activationEvents } = extension().packageJSON as Manifest;
    assert.deepEqual(activationEvents, ['workspaceContains:**/*.onnx', 'workspaceContains:**/model.json']);
  });

  test('registers every command of the manifest', async () => {
    await activated();
    const { commands } = (extension().packageJSON as Manifest).contributes;
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(commands.map(({ command }) => command).filter((command) => !registered.has(command)), []);
  });
});
