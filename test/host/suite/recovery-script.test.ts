import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { actionsAt, closeWithoutSaving, kerasNet, moveTo, show, torchNet } from './code-source';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { applyFirst, diagnosticsOf } from './waiting';

const ours = vscode.CodeActionKind.QuickFix.append('shiftlint');
const recoveryScript = 'quickfix.shiftlint.addRecoveryScript';

/** A pool in Flax, for which there is no script. */
const flaxNet = `import flax.linen as nn


def features(x):
    return nn.max_pool(x, (2, 2), strides=(2, 2))
`;

suite('The recovery script for model code', () => {
  suiteSetup(activated);
  teardown(closeWithoutSaving);

  for (const [framework, net, pool] of [
    ['torch', torchNet, 'nn.MaxPool2d'],
    ['keras', kerasNet, 'layers.MaxPooling2D'],
  ] as const) {
    test(`is offered for ${framework} beside a fix and on the fixed line, and put beside the BlurPool module`, async () => {
      const folder = await FixtureFolder.create(`recovery-script-${framework}`);
      await folder.write('nets/__init__.py', '');
      await folder.write(`nets/blurpool_${framework}.py`, '# Shiftlint BlurPool module.\n');
      await folder.write('nets/small/__init__.py', '');
      const editor = await show(folder, 'nets/small/net.py', net);
      const { document } = editor;
      await diagnosticsOf(document.uri, framework === 'torch' ? 2 : 1);
      assert.equal((await actionsAt(document, pool, ours)).some(isScript), true, 'beside the fix');
      moveTo(editor, pool);
      await applyFirst(document, 'quickfix.shiftlint.insertBlurPool');
      const [action] = (await actionsAt(document, 'MaxBlurPool2', ours)).filter(isScript);
      assert.equal(action?.command?.command, 'shiftlint.addRecoveryScript');
      await vscode.commands.executeCommand(action.command.command, ...((action.command.arguments ?? []) as unknown[]));

      const script = folder.uri(`nets/recover_${framework}.py`);
      assert.match(
        await readFile(script.fsPath, 'utf8'),
        new RegExp(`^# Shiftlint recovery module for ${framework === 'torch' ? 'PyTorch' : 'Keras'}`),
      );
      assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, script.fsPath, 'and shown');
    });

    test(`leaves a file of another's making alone (${framework}), and ours as its user has changed it`, async () => {
      const folder = await FixtureFolder.create(`recovery-script-kept-${framework}`);
      const foreign = 'def recover(): ...\n';
      await folder.write(`recover_${framework}.py`, foreign);
      const { document } = await show(folder, 'net.py', net);
      await diagnosticsOf(document.uri, framework === 'torch' ? 2 : 1);
      await vscode.commands.executeCommand('shiftlint.addRecoveryScript', document.uri);
      const numbered = folder.uri(`recover_${framework}_2.py`).fsPath;
      assert.match(await readFile(numbered, 'utf8'), /^# Shiftlint recovery module/);
      assert.equal(await readFile(folder.uri(`recover_${framework}.py`).fsPath, 'utf8'), foreign);

      const changed = '# Shiftlint recovery module, changed by its user.\n';
      await folder.write(`recover_${framework}_2.py`, changed);
      await vscode.commands.executeCommand('shiftlint.addRecoveryScript', document.uri);
      assert.equal(await readFile(numbered, 'utf8'), changed);
      assert.ok(!existsSync(folder.uri(`recover_${framework}_3.py`).fsPath));
    });
  }

  test('is not offered where there is none', async () => {
    const folder = await FixtureFolder.create('recovery-script-none');
    const { document } = await show(folder, 'net.py', flaxNet);
    await diagnosticsOf(document.uri, 1);
    assert.ok((await actionsAt(document, 'nn.max_pool', ours)).length > 0);
    assert.deepEqual((await actionsAt(document, 'nn.max_pool', ours)).filter(isScript), []);
  });
});

function isScript({ kind }: vscode.CodeAction): boolean {
  return kind?.value === recoveryScript;
}
