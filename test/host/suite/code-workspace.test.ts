import * as assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { closeWithoutSaving, show, tfjsNet, torchNet } from './code-source';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { HostLoad } from './host-load';
import { codeOf, diagnosticsOf, eventually, shiftlintDiagnostics } from './waiting';

const longestBlockMs = 50;

const lintAll = (): Thenable<unknown> => vscode.commands.executeCommand('shiftlint.lintWorkspaceCode');

suite('All model code of the workspace', () => {
  suiteSetup(activated);
  teardown(async () => {
    await vscode.commands.executeCommand('shiftlint.clearWorkspaceCode');
    await closeWithoutSaving();
    const settings = vscode.workspace.getConfiguration('shiftlint');
    for (const name of ['rules', 'exclude']) await settings.update(name, undefined, vscode.ConfigurationTarget.Workspace);
  });

  test('is judged though no editor holds it, and cleared', async () => {
    const folder = await FixtureFolder.create('closed');
    const net = await folder.write('net.py', torchNet);
    const script = await folder.write('net.ts', tfjsNet);
    const description = await folder.write('small.yaml', 'backbone:\n  - [-1, 1, Conv, [64, 3, 2]]\n');
    const helper = await folder.write(
      'lib/blocks.py',
      'import torch.nn as nn\n\n\ndef conv(c, s):\n    return nn.Conv2d(c, c, 3, stride=s)\n',
    );
    const user = await folder.write('user.py', 'from lib.blocks import conv\n\nlayer = conv(8, 2)\n');
    const leftOut = await Promise.all([
      folder.write('tests/net.py', torchNet),
      folder.write('net_test.py', torchNet),
      folder.write('docs/conf.py', torchNet),
      folder.write('own-env/pyvenv.cfg', ''),
      folder.write('own-env/lib/net.py', torchNet),
      folder.write('lib/site-packages/net.py', torchNet),
      folder.write('.hidden/net.py', torchNet),
    ]);
    await lintAll();
    const found = shiftlintDiagnostics(net);
    assert.deepEqual(
      found.map((finding) => `${codeOf(finding)} ${finding.range.start.line}:${finding.range.start.character}`),
      ['strided-max-pool 9:12', 'strided-conv 10:12'],
    );
    assert.equal(shiftlintDiagnostics(script).length, 1);
    assert.equal(shiftlintDiagnostics(description).length, 1);
    assert.equal(shiftlintDiagnostics(helper).length, 0);
    const [finding] = shiftlintDiagnostics(user);
    assert.equal(finding?.relatedInformation?.[0]?.location.uri.toString(), helper.toString());
    for (const uri of leftOut) assert.deepEqual(shiftlintDiagnostics(uri), [], uri.path);

    await vscode.commands.executeCommand('shiftlint.clearWorkspaceCode');
    for (const uri of [net, script, description, user]) assert.deepEqual(shiftlintDiagnostics(uri), [], uri.path);
    await folder.write('net.py', `${torchNet}\n`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.deepEqual(shiftlintDiagnostics(net), [], 'nothing is kept fresh any more');
  });

  test('keeps up with files that change, come, move and go, and with what they import', async () => {
    const folder = await FixtureFolder.create('fresh');
    await folder.watched();
    const net = await folder.write('net.py', torchNet);
    const user = await folder.write('user.py', 'from steps import STEP\nimport torch\n\npool = torch.nn.MaxPool2d(STEP)\n');
    await lintAll();
    assert.equal(shiftlintDiagnostics(net).length, 2);
    assert.equal(shiftlintDiagnostics(user).length, 0);

    await folder.write('net.py', torchNet.replace('nn.MaxPool2d(2)', 'nn.MaxPool2d(1)'));
    await diagnosticsOf(net, 1);
    await folder.write('steps.py', 'STEP = 2\n');
    await diagnosticsOf(user, 1);
    await folder.write('steps.py', 'STEP = 1\n');
    await diagnosticsOf(user, 0);
    const late = await folder.write('inner/late.py', torchNet);
    await diagnosticsOf(late, 2);
    await rename(folder.uri('inner').fsPath, folder.uri('moved').fsPath);
    await diagnosticsOf(late, 0);
    await diagnosticsOf(folder.uri('moved/late.py'), 2);
    await rm(net.fsPath);
    await diagnosticsOf(net, 0);
  });

  test('leaves a file to the editor that holds it, and has it back with its state on the disk', async () => {
    const folder = await FixtureFolder.create('held');
    const net = await folder.write('net.py', torchNet);
    await lintAll();
    await diagnosticsOf(net, 2);
    const editor = await vscode.window.showTextDocument(net);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(9, 0), '            nn.MaxPool2d(3),\n');
    });
    await diagnosticsOf(net, 3);
    await lintAll();
    await diagnosticsOf(net, 3);
    // The editor closes a document some time after its tab; giving it another language closes it at once.
    await vscode.languages.setTextDocumentLanguage(editor.document, 'plaintext');
    await diagnosticsOf(net, 2);
  });

  test('obeys the settings and shiftlint.json, also later', async () => {
    const folder = await FixtureFolder.create('obey');
    await folder.watched();
    const net = await folder.write('net.py', torchNet);
    const tests = await folder.write('tests/net.py', torchNet);
    await lintAll();
    await diagnosticsOf(net, 2);
    const settings = vscode.workspace.getConfiguration('shiftlint');
    await settings.update('rules', { 'strided-max-pool': 'off', 'strided-conv': 'error' }, vscode.ConfigurationTarget.Workspace);
    const [finding] = await diagnosticsOf(net, 1);
    assert.equal(finding?.severity, vscode.DiagnosticSeverity.Error);
    await settings.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await diagnosticsOf(net, 2);
    await settings.update('exclude', ['**/obey-*/net.py'], vscode.ConfigurationTarget.Workspace);
    await diagnosticsOf(net, 0);
    await settings.update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    await diagnosticsOf(net, 2);
    const config = await folder.write('shiftlint.json', '{ "exclude": ["net.py"] }');
    await diagnosticsOf(net, 0);
    // What a project excludes itself takes the place of the defaults.
    await diagnosticsOf(tests, 2);
    await rm(config.fsPath);
    await diagnosticsOf(net, 2);
    await diagnosticsOf(tests, 0);
  });

  test('can be stopped, and asked for again', async () => {
    const { code } = await activated();
    const folder = await FixtureFolder.create('stopped');
    for (let index = 0; index < 30; index++) await folder.write(`net${index}.py`, torchNet);
    const source = new vscode.CancellationTokenSource();
    let last = 0;
    const stopped = await code.workspace.judgeAll((judged) => {
      last = judged;
      if (judged === 3) source.cancel();
    }, source.token);
    assert.equal(stopped.judged, 3);
    assert.equal(last, 3);
    assert.ok(stopped.files >= 30);
    const whole = await code.workspace.judgeAll(() => undefined, new vscode.CancellationTokenSource().token);
    assert.equal(whole.judged, whole.files);
    assert.ok(whole.findings >= 60 && whole.withFindings >= 30);
    await eventually('all of them', () => (shiftlintDiagnostics(folder.uri('net29.py')).length === 2 ? true : undefined));
  });

  test('never holds the editor up, however much is found', async () => {
    const folder = await FixtureFolder.create('many');
    const many = `import torch.nn as nn\n${'nn.MaxPool2d(2)\n'.repeat(2000)}`;
    for (let index = 0; index < 4; index++) await folder.write(`many${index}.py`, many);
    for (let index = 0; index < 300; index++) await folder.write(`plain/m${index}.py`, `import os\nVALUE = ${index}\n`);
    const load = await HostLoad.start();
    await lintAll();
    const [longest] = await load.stop();
    assert.ok(longest !== undefined && longest.ownMs <= longestBlockMs, JSON.stringify(longest));
    assert.equal(shiftlintDiagnostics(folder.uri('many3.py')).length > 900, true);
    await show(folder, 'last.py', torchNet);
  });
});
