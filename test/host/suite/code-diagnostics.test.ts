import * as assert from 'node:assert/strict';
import type { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { closeWithoutSaving, moveTo, show, tfjsNet, torchNet } from './code-source';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { codeOf, diagnosticsOf, eventually, shiftlintDiagnostics } from './waiting';

suite('Diagnostics of model code', () => {
  suiteSetup(activated);
  teardown(async () => {
    await closeWithoutSaving();
    await vscode.workspace.getConfiguration('shiftlint').update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.workspace.getConfiguration('shiftlint').update('enable', undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.workspace.getConfiguration('shiftlint').update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
  });

  test('appear while a layer is typed, and go while it is typed away', async () => {
    const folder = await FixtureFolder.create('typing');
    const editor = await show(folder, 'net.py', 'import torch.nn as nn\n\npool = \n');
    editor.selection = new vscode.Selection(2, 7, 2, 7);
    for (const text of 'nn.MaxPool2d(2)') await vscode.commands.executeCommand('type', { text });
    const [finding] = await diagnosticsOf(editor.document.uri, 1);
    assert.ok(finding);
    assert.equal(codeOf(finding), 'strided-max-pool');
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
    assert.equal(editor.document.getText(finding.range), 'nn.MaxPool2d(2)');
    assert.match(finding.message, /nn\.MaxPool2d/);
    const { code } = finding;
    assert.ok(typeof code === 'object');
    assert.match(code.target.path, /docs\/rules\/strided-max-pool\.md$/);

    moveTo(editor, ')');
    for (const text of ', stride=1') await vscode.commands.executeCommand('type', { text });
    await diagnosticsOf(editor.document.uri, 0);
  });

  test('say of a source that is too long that it is not judged, until it is shorter, and nothing once it is closed', async () => {
    const folder = await FixtureFolder.create('long');
    const filler = `# ${'x'.repeat(98)}\n`.repeat(20_000);
    const editor = await show(folder, 'net.py', `import torch.nn as nn\n\npool = nn.MaxPool2d(2)\n${filler}`);
    const { uri } = editor.document;
    const [notice] = await diagnosticsOf(uri, 1);
    assert.ok(notice);
    assert.equal(codeOf(notice), 'stopped-early');
    assert.match(notice.message, /^Judging stopped early: the file has 2020046 characters, and at most 524288 are judged\./);
    // The editor closes a document some time after its tab; giving it another language closes it at once.
    await vscode.languages.setTextDocumentLanguage(editor.document, 'plaintext');
    await diagnosticsOf(uri, 0);
    await vscode.languages.setTextDocumentLanguage(editor.document, 'python');
    await diagnosticsOf(uri, 1);
    await editor.edit((edit) => {
      edit.delete(new vscode.Range(3, 0, editor.document.lineCount, 0));
    });
    const finding = await eventually('the finding', () => shiftlintDiagnostics(uri).find((found) => codeOf(found) === 'strided-max-pool'));
    assert.equal(editor.document.getText(finding.range), 'nn.MaxPool2d(2)');
    assert.equal(shiftlintDiagnostics(uri).length, 1);
    await vscode.commands.executeCommand('undo');
    await eventually('the notice', () => (codeOf(shiftlintDiagnostics(uri)[0]!) === 'stopped-early' ? true : undefined));
    await vscode.languages.setTextDocumentLanguage(editor.document, 'plaintext');
    await diagnosticsOf(uri, 0);
  });

  test('keep to their layers while the text around changes, several places at once', async () => {
    const folder = await FixtureFolder.create('edits');
    const editor = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(editor.document.uri, 2);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), '# é 𝔸 comment\n');
      edit.insert(new vscode.Position(9, 0), '            nn.MaxPool2d(3),\n');
      edit.delete(new vscode.Range(10, 0, 11, 0));
    });
    const findings = await eventually('the findings of the new text', () => {
      const found = shiftlintDiagnostics(editor.document.uri).map(({ range }) => editor.document.getText(range));
      return found.join() === 'nn.MaxPool2d(3),nn.MaxPool2d(2)' ? found : undefined;
    });
    assert.equal(findings.length, 2);
  });

  test('follow a change of line ends', async () => {
    const folder = await FixtureFolder.create('eol');
    const editor = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(editor.document.uri, 2);
    await editor.edit((edit) => {
      edit.setEndOfLine(vscode.EndOfLine.CRLF);
    });
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(9, 0), '            nn.MaxPool2d(4),\n');
    });
    const findings = await diagnosticsOf(editor.document.uri, 3);
    assert.deepEqual(
      findings.map(({ range }) => editor.document.getText(range).replace(/\(.*/s, '')),
      ['nn.MaxPool2d', 'nn.MaxPool2d', 'nn.Conv2d'],
    );
  });

  test('name the call that gives a stride', async () => {
    const folder = await FixtureFolder.create('related');
    const text =
      'from torch import nn\n\ndef conv3x3(a, b, stride=1):\n    return nn.Conv2d(a, b, 3, stride=stride)\n\nlayer = conv3x3(8, 8, stride=2)\n';
    const editor = await show(folder, 'net.py', text);
    const [finding] = await diagnosticsOf(editor.document.uri, 1);
    assert.equal(finding?.range.start.line, 3);
    assert.deepEqual(
      finding.relatedInformation?.map(({ location }) => location.range.start.line),
      [5],
    );
  });

  test('follow imports: a helper that is typed, saved on the disk by others, or comes changes what is found in its users', async () => {
    const folder = await FixtureFolder.create('imports');
    const helper = 'import torch.nn as nn\n\nSTEP = 1\n\n\ndef conv(c, s):\n    return nn.Conv2d(c, c, 3, stride=s)\n';
    const user = 'import torch\nfrom .helper import STEP, conv\n\nlayer = conv(8, 2)\npool = torch.nn.MaxPool2d(STEP)\n';
    const shown = await show(folder, 'user.py', user);
    await diagnosticsOf(shown.document.uri, 0);
    const place = await folder.write('helper.py', helper);
    const [finding] = await diagnosticsOf(shown.document.uri, 1);
    assert.equal(shown.document.getText(finding?.range), 'conv(8, 2)');
    const [related] = finding?.relatedInformation ?? [];
    assert.equal(related?.location.uri.toString(), place.toString());
    assert.equal(related.location.range.start.line, 6);

    const editor = await vscode.window.showTextDocument(place, { viewColumn: vscode.ViewColumn.Beside });
    await editor.edit((edit) => {
      edit.replace(new vscode.Range(2, 7, 2, 8), '2');
    });
    await diagnosticsOf(shown.document.uri, 2);
    await editor.edit((edit) => {
      edit.replace(new vscode.Range(2, 7, 2, 8), '1');
    });
    await diagnosticsOf(shown.document.uri, 1);
    await editor.document.save();

    await vscode.workspace.fs.delete(place);
    await closeWithoutSaving();
    await vscode.window.showTextDocument(shown.document);
    await folder.write('helper.py', helper.replace('STEP = 1', 'STEP = 2'));
    await diagnosticsOf(shown.document.uri, 2);
  });

  test('reach sources that name no framework, by what they import: at once, and when a helper comes to lead to one', async () => {
    const { code } = await activated();
    const folder = await FixtureFolder.create('through');
    await folder.write('nets/__init__.py', '');
    const blocks = 'import torch.nn as nn\n\n\ndef conv(c, s):\n    return nn.Conv2d(c, c, 3, stride=s)\n';
    await folder.write('nets/blocks.py', blocks);
    const plain = await folder.write('nets/plain.py', 'def conv(c, s):\n    return None\n');
    const { document } = await show(folder, 'nets/model.py', 'from .blocks import conv\n\nlayer = conv(8, 2)\n');
    const [finding] = await diagnosticsOf(document.uri, 1);
    assert.equal(document.getText(finding?.range), 'conv(8, 2)');

    const { document: other } = await show(folder, 'nets/other.py', 'from .plain import conv\n\nlayer = conv(8, 2)\n');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(code.documents.sourceOf(other), undefined, 'what leads nowhere is not followed');
    const helper = await vscode.window.showTextDocument(plain, { viewColumn: vscode.ViewColumn.Beside });
    await helper.edit((edit) => {
      edit.replace(new vscode.Range(0, 0, 2, 0), blocks);
    });
    await diagnosticsOf(other.uri, 1);
    await helper.document.save();
  });

  test('appear in JavaScript, TypeScript, their React kin and untitled documents', async () => {
    const folder = await FixtureFolder.create('script');
    for (const name of ['net.js', 'net.ts', 'net.jsx', 'net.tsx', 'net.mjs']) {
      const editor = await show(folder, name, tfjsNet);
      const [finding] = await diagnosticsOf(editor.document.uri, 1);
      assert.equal(finding && codeOf(finding), 'strided-max-pool', name);
    }
    const untitled = await vscode.workspace.openTextDocument({ language: 'python', content: torchNet });
    await vscode.window.showTextDocument(untitled);
    await diagnosticsOf(untitled.uri, 2);
  });

  test('stay away from look-alikes', async () => {
    const { code } = await activated();
    const folder = await FixtureFolder.create('quiet');
    const quiet = [
      ['shadowed.py', 'import torch\nfrom mylib import nn\n\npool = nn.MaxPool2d(2)\n'],
      ['unit-stride.py', 'import torch.nn as nn\n\nconv = nn.Conv2d(3, 8, 3)\n'],
      ['other.js', "import * as tf from './tensorflow';\ntf.layers.maxPooling2d({ poolSize: 2 });\n"],
      ['text.py', 'import torch\n\nprint("torch.nn.MaxPool2d(2)")  # torch.nn.MaxPool2d(2)\n'],
    ] as const;
    for (const [name, text] of quiet) {
      const { document } = await show(folder, name, text);
      const source = code.documents.sourceOf(document);
      if (source !== undefined) await eventually(`${name} to be judged`, async () => code.documents.current(source));
      assert.deepEqual(
        shiftlintDiagnostics(document.uri).map(({ message }) => message),
        [],
        name,
      );
    }
  });

  test('obey the settings', async () => {
    const folder = await FixtureFolder.create('settings');
    const { document } = await show(folder, 'net.py', torchNet);
    const settings = vscode.workspace.getConfiguration('shiftlint');
    await diagnosticsOf(document.uri, 2);
    await settings.update('rules', { 'strided-max-pool': 'off', 'strided-conv': 'error' }, vscode.ConfigurationTarget.Workspace);
    const [finding] = await diagnosticsOf(document.uri, 1);
    assert.equal(finding?.severity, vscode.DiagnosticSeverity.Error);
    await settings.update('enable', false, vscode.ConfigurationTarget.Workspace);
    await diagnosticsOf(document.uri, 0);
    await settings.update('enable', undefined, vscode.ConfigurationTarget.Workspace);
    await diagnosticsOf(document.uri, 1);
    await settings.update('exclude', ['**/settings-*/**'], vscode.ConfigurationTarget.Workspace);
    await diagnosticsOf(document.uri, 0);
  });

  test('list a stride that is not known, where the user asks for it', async () => {
    const folder = await FixtureFolder.create('dynamic');
    const text = 'import torch.nn as nn\n\ndef build(config):\n    return nn.Conv2d(8, 8, 3, stride=config.stride)\n';
    const { document } = await show(folder, 'net.py', text);
    await vscode.workspace
      .getConfiguration('shiftlint')
      .update('rules', { 'dynamic-stride': 'hint' }, vscode.ConfigurationTarget.Workspace);
    const [finding] = await diagnosticsOf(document.uri, 1);
    assert.ok(finding);
    assert.equal(codeOf(finding), 'dynamic-stride');
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Hint);
  });

  test('go with their document, and come back after the worker has died', async () => {
    const { code } = await activated();
    const folder = await FixtureFolder.create('close');
    const editor = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(editor.document.uri, 2);
    await (Reflect.get(code.worker, 'worker') as Worker).terminate();
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(9, 0), '            nn.MaxPool2d(3),\n');
    });
    await diagnosticsOf(editor.document.uri, 3);
    // The editor closes a document some time after its tab; giving it another language closes it at once.
    await vscode.languages.setTextDocumentLanguage(editor.document, 'plaintext');
    await diagnosticsOf(editor.document.uri, 0);
  });
});
