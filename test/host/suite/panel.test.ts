import * as assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ModelPanel } from '../../../src/extension/panel';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { activated, extension } from './extension';
import { FixtureFolder } from './fixture-folder';
import { nextSent } from './panel-messages';
import { writeTinyModel } from './tiny-model';

suite('Equivariance panel', () => {
  let testing: ExtensionTesting;
  suiteSetup(async () => {
    testing = await activated();
  });
  teardown(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const formats: readonly { readonly format: string; readonly write: (folder: FixtureFolder) => Promise<vscode.Uri> }[] = [
    { format: 'ONNX', write: (folder) => folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx') },
    { format: 'a tfjs layers-model', write: (folder) => writeTinyModel(folder) },
  ];
  for (const { format, write } of formats) {
    test(`the page loads and the first heatmap of ${format} arrives`, async () => {
      const panel = await open(await write(await FixtureFolder.create('panel')));
      const expected = nextSent(panel, 'heatmaps');
      const first = nextSent(panel, 'heatmap');
      const finished = nextSent(panel, 'measure', ({ measure }) => measure.state === 'finished' || measure.state === 'failed');
      await panel.receive({ kind: 'measure', metric: 'flat' });
      assert.ok((await expected).heatmaps.every(({ tile }) => tile === null));
      const { heatmap } = await first;
      assert.equal(heatmap.tile?.length, heatmap.period[0] * heatmap.period[1]);
      assert.ok(Math.abs(heatmap.tile[0]! - 1) < 1e-4, 'no shift, no difference');
      assert.equal((await finished).measure.state, 'finished');
    });
  }

  test('cancelling ends the measurement and says so', async () => {
    const folder = await FixtureFolder.create('cancel');
    const panel = await open(await folder.copy('test/fixtures/oracle/resnet_like.onnx', 'resnet.onnx'));
    const cancelled = nextSent(panel, 'measure', ({ measure }) => measure.state === 'cancelled');
    const measuring = panel.receive({ kind: 'measure', metric: 'flat' });
    await panel.receive({ kind: 'cancel' });
    await cancelled;
    await measuring;
  });

  test('a killed engine is reported, and retrying measures', async () => {
    const folder = await FixtureFolder.create('killed');
    const panel = await open(await folder.copy('test/fixtures/oracle/resnet_like.onnx', 'resnet.onnx'));
    const started = nextSent(panel, 'heatmaps');
    const failed = nextSent(panel, 'measure', ({ measure }) => measure.state === 'failed');
    const measuring = panel.receive({ kind: 'measure', metric: 'flat' });
    await started;
    const engineProcess = testing.engine.processId;
    assert.ok(engineProcess);
    process.kill(engineProcess, 'SIGKILL');
    const { measure } = await failed;
    assert.ok(measure.state === 'failed');
    assert.doesNotMatch(measure.message, /\n/);
    await measuring;

    const finished = nextSent(panel, 'measure', (message) => message.measure.state === 'finished');
    await panel.receive({ kind: 'retry' });
    await finished;
    assert.notEqual(testing.engine.processId, engineProcess);
  });

  test('measures with the tfjs-node that the settings name, and with WASM without it', async () => {
    const folder = await FixtureFolder.create('native');
    const panel = await open(await writeTinyModel(folder));
    const own = join('packages', 'node_modules', '@tensorflow', 'tfjs-node');
    await folder.write(join(own, 'package.json'), '{ "name": "@tensorflow/tfjs-node", "main": "index.js" }');
    const tensorflow = join(extension().extensionPath, 'node_modules', '@tensorflow', 'tfjs');
    await folder.write(join(own, 'index.js'), `module.exports = require(${JSON.stringify(tensorflow)});`);
    const settings = vscode.workspace.getConfiguration('shiftlint');
    await settings.update('tfjsNodePath', folder.uri('packages').fsPath, vscode.ConfigurationTarget.Global);
    try {
      assert.match(await backendOf(panel), /^tfjs-node .*native, from the setting "shiftlint\.tfjsNodePath"/);
    } finally {
      await settings.update('tfjsNodePath', undefined, vscode.ConfigurationTarget.Global);
    }
    assert.doesNotMatch(await backendOf(panel), /from the setting/);
  });

  test('measures the unsaved fix, not the file on disk', async () => {
    const folder = await FixtureFolder.create('unsaved');
    const panel = await open(await folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx'));
    const before = await worstPool(panel);
    await panel.receive({ kind: 'fix-all' });
    const after = await worstPool(panel);
    assert.ok(after > before, `mean equivariance after the last pool rose from ${before} to ${after}`);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  /** Opens the model editor and waits until its page has asked for its state. */
  async function open(uri: vscode.Uri): Promise<ModelPanel> {
    const opening = vscode.commands.executeCommand('shiftlint.openModelEditor', uri);
    const panel = await testing.panels.whenAdded(uri);
    await nextSent(panel, 'model');
    await opening;
    return panel;
  }

  async function backendOf(panel: ModelPanel): Promise<string> {
    const finished = nextSent(panel, 'measure', ({ measure }) => measure.state === 'finished' || measure.state === 'failed');
    await panel.receive({ kind: 'measure', metric: 'flat' });
    const { measure } = await finished;
    assert.ok(measure.state === 'finished');
    return measure.backend;
  }

  async function worstPool(panel: ModelPanel): Promise<number> {
    const means: number[] = [];
    const collect = panel.onDidSend((message) => {
      if (message.kind === 'heatmap') means.push(message.heatmap.mean ?? Number.NaN);
    });
    const finished = nextSent(panel, 'measure', ({ measure }) => measure.state === 'finished');
    await panel.receive({ kind: 'measure', metric: 'flat' });
    await finished;
    collect.dispose();
    return Math.min(...means);
  }
});
