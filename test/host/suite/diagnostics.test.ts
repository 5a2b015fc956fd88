import * as assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { activated, extension } from './extension';
import { closeEditors } from './close-editors';
import { FixtureFolder } from './fixture-folder';
import { nextSent } from './panel-messages';
import { tinyModelText, writeTinyModel } from './tiny-model';
import { codeOf, diagnosticsOf, eventually, shiftlintDiagnostics } from './waiting';

suite('Diagnostics', () => {
  suiteSetup(activated);

  test('of a model.json lie on the layer and link to the rule’s packaged page', async () => {
    const folder = await FixtureFolder.create('json');
    const uri = await writeTinyModel(folder);
    const [finding] = await diagnosticsOf(uri, 1);
    assert.ok(finding);
    assert.equal(codeOf(finding), 'strided-max-pool');
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(finding.message, /"pool"/);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(document.getText(finding.range), /pool/);
    assert.equal(
      finding.range.start.line,
      tinyModelText.split('\n').findIndex((line) => line.includes('MaxPooling2D')),
    );
    const { code } = finding;
    assert.ok(typeof code === 'object');
    const page = await vscode.workspace.fs.readFile(code.target);
    assert.match(new TextDecoder().decode(page), /strided-max-pool/);
  });

  test('of an ONNX file lie on the file and name the layer', async () => {
    const folder = await FixtureFolder.create('onnx');
    const uri = await folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx');
    const findings = await diagnosticsOf(uri, 4);
    assert.deepEqual(findings.map(codeOf), Array(4).fill('strided-max-pool'));
    for (const { message, range } of findings) {
      assert.match(message, /MaxPool "/);
      assert.deepEqual(range, new vscode.Range(0, 0, 0, 0));
    }
  });

  test('of an ONNX file lead to the layer in the model editor, opened for it or open already', async () => {
    const testing = await activated();
    const folder = await FixtureFolder.create('onnx-link');
    const uri = await folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx');
    const links = (await diagnosticsOf(uri, 4)).map(({ code }) => (typeof code === 'object' ? code.target : undefined));
    const layers = testing.store.get(uri);
    assert.ok(layers?.ok === true);
    const follow = async (link: vscode.Uri | undefined): Promise<void> => {
      assert.equal(link?.scheme, 'command');
      await vscode.commands.executeCommand(link.path, ...(JSON.parse(link.query) as unknown[]));
    };
    await follow(links[2]);
    const panel = await testing.panels.whenAdded(uri);
    // The page had not loaded when it was led there.
    assert.equal((await nextSent(panel, 'show-layer')).layer, layers.findings[2]?.layer);
    const again = nextSent(panel, 'show-layer');
    await follow(links[1]);
    assert.equal((await again).layer, layers.findings[1]?.layer);
    await closeEditors();
  });

  const samples = [
    { format: 'tfjs', files: ['shapes-tfjs/model.json', 'shapes-tfjs/weights.bin'] },
    { format: 'ONNX', files: ['shapes.onnx'] },
  ];
  for (const { format, files } of samples) {
    test(`of the ${format} sample name its three pools and its strided convolution, in order`, async () => {
      const folder = await FixtureFolder.create('sample');
      const [uri] = await Promise.all(files.map((file) => folder.copy(`samples/${file}`, file)));
      assert.ok(uri);
      const findings = await diagnosticsOf(uri, 4);
      assert.deepEqual(findings.map(codeOf), ['strided-max-pool', 'strided-max-pool', 'strided-conv', 'strided-max-pool']);
      ['pool1', 'pool2', 'conv3_1', 'pool3'].forEach((layer, index) => {
        assert.ok(findings[index]?.message.includes(layer), `${layer}: ${findings[index]?.message ?? 'nothing'}`);
      });
    });
  }

  test('follow the text while it is edited, and the file when it changes on disk', async () => {
    const folder = await FixtureFolder.create('edit');
    const uri = await writeTinyModel(folder);
    await diagnosticsOf(uri, 1);
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('[2, 2], "data_format"');
    edit.replace(uri, new vscode.Range(document.positionAt(at), document.positionAt(at + 6)), '[1, 1]');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await diagnosticsOf(uri, 0);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await diagnosticsOf(uri, 1);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await folder.write('model.json', tinyModelText.replace('"strides": [2, 2]', '"strides": [1, 1]'));
    await diagnosticsOf(uri, 0);
    await rm(uri.fsPath);
  });

  test('obey the severity in the settings', async () => {
    const folder = await FixtureFolder.create('severity');
    const uri = await writeTinyModel(folder);
    await diagnosticsOf(uri, 1);
    const settings = vscode.workspace.getConfiguration('shiftlint');
    try {
      await settings.update('rules', { 'strided-max-pool': 'off' }, vscode.ConfigurationTarget.Workspace);
      await diagnosticsOf(uri, 0);
    } finally {
      await settings.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await diagnosticsOf(uri, 1);
  });

  test('stay away from JSON that is no model, whatever its name', async () => {
    const folder = await FixtureFolder.create('other-json');
    const { store } = await activated();
    for (const text of ['{"name": "a car model", "layers": []}', '[1, 2', '']) {
      const uri = await folder.write('model.json', text);
      await vscode.workspace.openTextDocument(uri);
      assert.equal(await store.refresh(uri, 'asked'), undefined);
      assert.deepEqual(shiftlintDiagnostics(uri), []);
    }
  });
});

suite('Damaged files give one clear message', () => {
  const vgg = async (): Promise<Uint8Array> => readFile(join(extension().extensionPath, 'test/fixtures/oracle/vgg_like.onnx'));
  const cases: readonly {
    readonly what: string;
    readonly expected: RegExp;
    readonly write: (folder: FixtureFolder) => Promise<vscode.Uri>;
  }[] = [
    {
      what: 'a truncated ONNX',
      expected: /truncated|ends/i,
      write: async (folder) => folder.write('cut.onnx', (await vgg()).subarray(0, 100_000)),
    },
    { what: 'a text file named x.onnx', expected: /holds no ONNX model/, write: (folder) => folder.write('x.onnx', 'not a model\n') },
    { what: 'a 0-byte file', expected: /is empty/, write: (folder) => folder.write('empty.onnx', '') },
    {
      what: 'a model.json whose shard lies outside its folder',
      expected: /outside/,
      write: (folder) => folder.write('model.json', tinyModelText.replace('"weights.bin"', '"../weights.bin"')),
    },
  ];
  suiteSetup(activated);
  for (const { what, expected, write } of cases) {
    test(what, async () => {
      const uri = await write(await FixtureFolder.create('damaged'));
      const [diagnostic] = await diagnosticsOf(uri, 1);
      assert.ok(diagnostic);
      assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
      assert.match(diagnostic.message, expected);
      assert.doesNotMatch(diagnostic.message, /\n|\bat .*:\d+/);
    });
  }
});

suite('A model.json whose shard is missing', () => {
  suiteSetup(activated);

  test('has its findings and a note, which goes once the shard is there', async () => {
    const folder = await FixtureFolder.create('mended');
    const uri = await folder.write('model.json', tinyModelText);
    const [finding, note] = await diagnosticsOf(uri, 2);
    assert.ok(finding !== undefined && note !== undefined);
    assert.equal(codeOf(finding), 'strided-max-pool');
    assert.equal(note.severity, vscode.DiagnosticSeverity.Information);
    assert.match(note.message, /weights\.bin/);
    await writeTinyModel(folder, 'other-model.json');
    const [left] = await diagnosticsOf(uri, 1);
    assert.ok(left !== undefined);
    assert.equal(codeOf(left), 'strided-max-pool');
  });
});

suite('Models of any name', () => {
  let testing: ExtensionTesting;
  suiteSetup(async () => {
    testing = await activated();
  });

  test('in JSON are found by the weights beside them and their beginning, and followed; other JSON is not looked at', async () => {
    const folder = await FixtureFolder.create('any-json');
    await folder.watched();
    const other = await folder.write('classes.json', '["circle"]');
    const alone = await folder.write('elsewhere/net.json', tinyModelText);
    const uri = await writeTinyModel(folder, 'net.json');
    await diagnosticsOf(uri, 1);
    await folder.write('net.json', tinyModelText.replace('"strides": [2, 2]', '"strides": [1, 1]'));
    await diagnosticsOf(uri, 0);
    await folder.write('net.json', tinyModelText);
    await diagnosticsOf(uri, 1);
    await vscode.commands.executeCommand('shiftlint.lintWorkspace');
    assert.ok(testing.store.get(uri)?.ok, 'a look at the workspace finds it, too');
    for (const unknown of [other, alone]) assert.equal(testing.store.get(unknown), undefined, unknown.path);
    await rm(uri.fsPath);
    await eventually('the model to be forgotten', () => (testing.store.get(uri) === undefined ? true : undefined));
  });

  test('in ONNX are found by what they hold, lead to their layers, and are fixed and undone in the model editor', async () => {
    const folder = await FixtureFolder.create('any-onnx');
    await folder.write('graph.pb', new Uint8Array([0x12, 0x03, 0x0a, 0x01, 0x02]));
    const uri = await folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx.pb');
    const [finding] = await diagnosticsOf(uri, 4);
    assert.deepEqual(shiftlintDiagnostics(folder.uri('graph.pb')), []);
    const link = typeof finding?.code === 'object' ? finding.code.target : undefined;
    assert.equal(link?.scheme, 'command');
    await vscode.commands.executeCommand(link.path, ...(JSON.parse(link.query) as unknown[]));
    await nextSent(await testing.panels.whenAdded(uri), 'show-layer');
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(tab instanceof vscode.TabInputCustom && tab.viewType === 'shiftlint.otherModelEditor');
    await vscode.commands.executeCommand('shiftlint.fixAll', uri);
    const document = testing.documents.get(uri);
    assert.equal(document?.isDirty, true);
    await diagnosticsOf(uri, 0);
    await vscode.commands.executeCommand('undo');
    await diagnosticsOf(uri, 4);
    await closeEditors();
  });

  test('are asked of any file by the model editor, which says of one that holds none that it is no model', async () => {
    const folder = await FixtureFolder.create('no-model');
    const json = await folder.write('settings.json', '{"a": 1}');
    const binary = await folder.write('data.bin', new Uint8Array([1, 2, 3]));
    for (const [uri, editor] of [
      [json, 'shiftlint.modelTextEditor'],
      [binary, 'shiftlint.otherModelEditor'],
    ] as const) {
      const opening = vscode.commands.executeCommand('vscode.openWith', uri, editor);
      const { model } = await nextSent(await testing.panels.whenAdded(uri), 'model');
      await opening;
      assert.match(model.error ?? '', /^.*(settings\.json|data\.bin) is no model that Shiftlint reads: /);
      assert.deepEqual(shiftlintDiagnostics(uri), []);
      await closeEditors();
    }
  });
});
