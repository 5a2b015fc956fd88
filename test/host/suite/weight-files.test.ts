import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { saveModelAs } from '../../../src/extension/models/save-as';
import { WeightFiles } from '../../../src/extension/models/weight-files';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { externalCopy } from '../../unit/recover/external-copy';
import { activated, extension } from './extension';
import { FixtureFolder } from './fixture-folder';

const bytes = Uint8Array.of(1, 2, 3);
const file = { relativePath: 'new.data', bytes };

suite('Files of weights', () => {
  let testing: ExtensionTesting;
  suiteSetup(async () => {
    testing = await activated();
  });
  teardown(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  test('are made and go with their edit', async () => {
    const folder = await FixtureFolder.create('weights');
    const weights = new WeightFiles(folder.uri('.'));
    await weights.write([file]);
    assert.deepEqual(new Uint8Array(await readFile(folder.uri('new.data').fsPath)), bytes);
    await weights.remove();
    assert.deepEqual(await readdir(folder.uri('.').fsPath), []);
  });

  test('never replace a file that has appeared, nor take it along', async () => {
    const folder = await FixtureFolder.create('weights-taken');
    const { fsPath } = await folder.write('new.data', 'mine');
    const weights = new WeightFiles(folder.uri('.'));
    await assert.rejects(weights.write([file]), /which stays as it is/);
    await weights.remove();
    assert.equal(await readFile(fsPath, 'utf8'), 'mine');
  });

  test('stay where somebody else has written to them, or had written the same before', async () => {
    const folder = await FixtureFolder.create('weights-changed');
    const weights = new WeightFiles(folder.uri('.'));
    await weights.write([file]);
    await writeFile(folder.uri('new.data').fsPath, 'mine');
    await weights.remove();
    assert.equal(await readFile(folder.uri('new.data').fsPath, 'utf8'), 'mine');
    await folder.write('same.data', bytes);
    await weights.write([{ relativePath: 'same.data', bytes }]);
    await weights.remove();
    assert.ok(existsSync(folder.uri('same.data').fsPath));
  });

  test('go along where a model is saved in another folder, under names of the copy', async () => {
    const folder = await FixtureFolder.create('weights-elsewhere');
    const sample = await readFile(join(extension().extensionPath, 'samples/shapes.onnx'));
    const model = await externalCopy({ path: 'shapes.onnx', bytes: sample, folder: '', overlay: {} });
    await folder.write('shapes.data', model.overlay['shapes.data']!);
    const uri = await folder.write('shapes.onnx', model.bytes);
    await folder.write('elsewhere/shapes.data', 'mine');
    await vscode.commands.executeCommand('shiftlint.openModelEditor', uri);
    const document = await testing.documents.whenAdded(uri);
    const copy = folder.uri('elsewhere/copy.onnx');
    const written = await saveModelAs(document, copy, testing);
    assert.deepEqual(
      written.map(({ fsPath }) => fsPath),
      [folder.uri('elsewhere/copy.onnx.data').fsPath],
    );
    assert.deepEqual((await readdir(folder.uri('elsewhere').fsPath)).sort(), ['copy.onnx', 'copy.onnx.data', 'shapes.data']);
    const original = testing.store.get(uri);
    const analysis = await testing.store.refresh(copy);
    assert.ok(original?.ok && analysis?.ok);
    assert.ok(analysis.hasWeightFiles);
    assert.deepEqual(
      analysis.findings.map(({ layer }) => layer),
      original.findings.map(({ layer }) => layer),
    );
    assert.equal(await readFile(folder.uri('elsewhere/shapes.data').fsPath, 'utf8'), 'mine');
  });
});
