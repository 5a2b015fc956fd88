import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeWithoutSaving, show, torchNet } from './code-source';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { diagnosticsOf, eventually } from './waiting';

suite('The status item of model code', () => {
  const { createLanguageStatusItem } = vscode.languages;
  /** Items that were made and not disposed. */
  const items = new Set<vscode.LanguageStatusItem>();

  suiteSetup(async () => {
    await activated();
    await closeWithoutSaving();
    Object.assign(vscode.languages, {
      createLanguageStatusItem: (id: string, selector: vscode.DocumentSelector) => {
        const item = createLanguageStatusItem(id, selector);
        if (id !== 'shiftlint.code') return item;
        items.add(item);
        const dispose = item.dispose.bind(item);
        item.dispose = () => {
          items.delete(item);
          dispose();
        };
        return item;
      },
    });
  });
  suiteTeardown(() => {
    Object.assign(vscode.languages, { createLanguageStatusItem });
  });
  teardown(async () => {
    await closeWithoutSaving();
    for (const name of ['enable', 'exclude'])
      await vscode.workspace.getConfiguration('shiftlint').update(name, undefined, vscode.ConfigurationTarget.Workspace);
  });

  /** Waits until the item says something. */
  function says(text: string, detail: RegExp): Promise<vscode.LanguageStatusItem> {
    return eventually(`the status "${text}" with ${detail.source}`, () =>
      [...items].find((item) => item.text === text && detail.test(item.detail ?? '') && !item.busy),
    );
  }

  test('counts what was found and what can be fixed, and leads there', async () => {
    const folder = await FixtureFolder.create('status');
    const editor = await show(folder, 'net.py', torchNet);
    const item = await says('Shiftlint: 2 findings', /^2 can be fixed here$/);
    assert.equal(item.severity, vscode.LanguageStatusSeverity.Warning);
    assert.equal(item.command?.command, 'shiftlint.showFindings');

    let wasBusy = false;
    const watch = setInterval(() => (wasBusy ||= item.busy && item.text === 'Shiftlint: judging…'), 5);
    await editor.edit((edit) => {
      edit.replace(new vscode.Range(9, 12, 9, 27), 'nn.MaxPool2d(2, return_indices=True)');
    });
    await says('Shiftlint: 2 findings', /^1 can be fixed here$/);
    clearInterval(watch);
    assert.ok(wasBusy, 'it says so while the text is judged');

    const walked = vscode.commands.executeCommand('shiftlint.showFindings', editor.document.uri);
    await eventually('the cursor on the first finding', () =>
      editor.selection.active.isEqual(new vscode.Position(9, 12)) ? true : undefined,
    );
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await eventually('the cursor on the second', () => (editor.selection.active.isEqual(new vscode.Position(10, 12)) ? true : undefined));
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await walked;

    await editor.edit((edit) => {
      edit.delete(new vscode.Range(9, 0, 11, 0));
    });
    const clean = await says('Shiftlint: no findings', /^$/);
    assert.equal(clean.severity, vscode.LanguageStatusSeverity.Information);
  });

  test('says that judging stopped early, that it is off, and nothing of other code', async () => {
    const folder = await FixtureFolder.create('status-off');
    const { document } = await show(folder, 'net.py', torchNet);
    await says('Shiftlint: 2 findings', /2 can be fixed/);
    const settings = vscode.workspace.getConfiguration('shiftlint');
    await settings.update('enable', false, vscode.ConfigurationTarget.Workspace);
    const off = await says('Shiftlint: off', /^shiftlint\.enable is off$/);
    assert.deepEqual(off.command?.arguments, ['shiftlint.enable']);
    await settings.update('enable', undefined, vscode.ConfigurationTarget.Workspace);
    await settings.update('exclude', ['**/status-off-*/**'], vscode.ConfigurationTarget.Workspace);
    await says('Shiftlint: off', /^excluded by/);
    await settings.update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    await diagnosticsOf(document.uri, 2);

    await show(folder, 'long.py', `import torch.nn as nn\n${`# ${'x'.repeat(98)}\n`.repeat(20_000)}`);
    const stopped = await says('Shiftlint: no findings, stopped early', /Judging stopped early/);
    assert.equal(stopped.severity, vscode.LanguageStatusSeverity.Warning);

    await show(folder, 'plain.py', 'import os\n');
    await eventually('the item to go', () => (items.size === 0 ? true : undefined));
  });
});
