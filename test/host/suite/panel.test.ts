import * as assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { writeOutcome } from '../../../src/extension/panel/outcomes/export';
import type { ModelPanel } from '../../../src/extension/panel/panel';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import type { StudyName } from '../../../src/panel-protocol/studies/table';
import { fixOfVariant } from '../../../webview/tabs/compare/wanted-fix';
import { closeEditors } from './close-editors';
import { documentBytes } from './document-bytes';
import { activated, extension } from './extension';
import { FixtureFolder } from './fixture-folder';
import { openPanel } from './open-panel';
import { ended, nextSent } from './panel-messages';
import { writeTinyModel } from './tiny-model';

suite('Equivariance panel', () => {
  let testing: ExtensionTesting;
  suiteSetup(async () => {
    testing = await activated();
  });
  teardown(closeEditors);

  const formats: readonly { readonly format: string; readonly write: (folder: FixtureFolder) => Promise<vscode.Uri> }[] = [
    { format: 'ONNX', write: (folder) => folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx') },
    { format: 'a tfjs layers-model', write: (folder) => writeTinyModel(folder) },
  ];
  for (const { format, write } of formats) {
    test(`the page loads and the first heatmap of ${format} arrives`, async () => {
      const panel = await open(await write(await FixtureFolder.create('panel')));
      const expected = nextSent(panel, 'heatmaps');
      const first = nextSent(panel, 'heatmap');
      const finished = ended(panel, 'equivariance');
      await panel.receive({ kind: 'start', study: 'equivariance' });
      assert.ok((await expected).heatmaps.every(({ tile }) => tile === null));
      const { heatmap } = await first;
      assert.equal(heatmap.tile?.length, heatmap.period[0] * heatmap.period[1]);
      assert.ok(Math.abs(heatmap.tile[0]! - 1) < 1e-4, 'no shift, no difference');
      assert.equal((await finished).state, 'finished');
    });
  }

  test('cancelling ends the measurement and says so', async () => {
    const folder = await FixtureFolder.create('cancel');
    const panel = await open(await folder.copy('test/fixtures/oracle/resnet_like.onnx', 'resnet.onnx'));
    const cancelled = nextSent(panel, 'run', ({ view }) => view.state === 'cancelled');
    const measuring = panel.receive({ kind: 'start', study: 'equivariance' });
    await panel.receive({ kind: 'cancel', study: 'equivariance' });
    await cancelled;
    await measuring;
  });

  test('a killed engine is reported, and retrying measures', async () => {
    const folder = await FixtureFolder.create('killed');
    const panel = await open(await folder.copy('test/fixtures/oracle/resnet_like.onnx', 'resnet.onnx'));
    const started = nextSent(panel, 'heatmaps');
    const failed = nextSent(panel, 'run', ({ view }) => view.state === 'failed');
    const measuring = panel.receive({ kind: 'start', study: 'equivariance' });
    await started;
    const engineProcess = testing.engine.processId;
    assert.ok(engineProcess);
    process.kill(engineProcess, 'SIGKILL');
    const { view } = await failed;
    assert.ok(view.state === 'failed');
    assert.doesNotMatch(view.message, /\n/);
    await measuring;

    const finished = ended(panel, 'equivariance');
    await panel.receive({ kind: 'start', study: 'equivariance' });
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
    await panel.receive({ kind: 'fix', fix: { layers: null, blur: null } });
    const after = await worstPool(panel);
    assert.ok(after > before, `mean equivariance after the last pool rose from ${before} to ${after}`);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('measures the model as deployed, over the grid of shifts that was chosen', async () => {
    const folder = await FixtureFolder.create('deployed');
    const panel = await open(await folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx'));
    await panel.receive({ kind: 'choose', choices: { protocol: 'deployed', largest: 4, step: 2 } });
    const maps = nextSent(panel, 'heatmaps');
    await run(panel, 'equivariance');
    const { frame, heatmaps } = await maps;
    assert.deepEqual(frame, { protocol: 'deployed', size: [10, 10], origin: [-4, -4], diagonal: false });
    assert.equal(heatmaps[0]?.tile?.length, 25);
    assert.ok(Math.abs(heatmaps[0].tile[12]! - 1) < 1e-6, 'no shift, no difference');
  });

  test('shows what is behind one value of a heatmap: the image, its class by name, the feature maps, and why a layer has none', async () => {
    const folder = await FixtureFolder.create('features');
    const names = Array.from({ length: 10 }, (_, label) => `thing ${label}`);
    await folder.write('vgg.labels.txt', names.join('\n'));
    const panel = await open(await folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx'));
    const drawn = nextSent(panel, 'network');
    await panel.receive({ kind: 'show-network' });
    const { first, inputs, nodes } = await drawn;
    assert.deepEqual([first, inputs.length, nodes[0]?.reads[0]?.from], [0, 1, -1], 'the first layer reads the input');

    const pictured = nextSent(panel, 'picture');
    const classified = nextSent(panel, 'classes');
    const measured = nextSent(panel, 'heatmap', ({ heatmap: { op } }) => op === 'MaxPool');
    await run(panel, 'equivariance');
    const { heatmap } = await measured;
    const { picture } = await pictured;
    assert.deepEqual([picture?.size, picture?.rgb.byteLength, picture?.rgb.buffer.byteLength], [[32, 32], 3072, 3072]);
    const { classes } = await classified;
    assert.equal(classes?.namedBy, 'vgg.labels.txt');
    assert.deepEqual(
      classes.shares.map(({ name }) => name),
      classes.shares.map(({ label }) => names[label]),
    );
    assert.equal(classes.scores.unshifted.length, classes.classes.length);
    assert.equal(classes.scores.unshifted[0], classes.scores.top[0]);

    const shown = nextSent(panel, 'features', ({ view }) => view.state === 'shown');
    const wanted = { layer: heatmap.name, shift: [0, 1], first: 2 } as const;
    await panel.receive({ kind: 'show-features', wanted });
    const { view } = await shown;
    assert.ok(view.state === 'shown');
    const { maps } = view;
    assert.deepEqual([maps.layer.name, maps.shift, maps.channels.first], [heatmap.name, [0, 1], 2]);
    assert.equal(maps.original.length, maps.channels.count * heatmap.size[0] * heatmap.size[1]);
    assert.equal(maps.shifted.buffer.byteLength, maps.shifted.byteLength, 'nothing else travels along');
    assert.notDeepEqual(maps.original, maps.shifted);
    assert.ok(Math.abs(maps.equivariance! - heatmap.tile![1]!) < 1e-6);

    const failed = nextSent(panel, 'features', ({ view: { state } }) => state === 'failed');
    await panel.receive({ kind: 'show-features', wanted: { ...wanted, layer: 'nowhere' } });
    const { view: failure } = await failed;
    assert.ok(failure.state === 'failed');
    assert.match(failure.message, /^The model has no layer "nowhere"/);

    const known = nextSent(panel, 'facts');
    const read = nextSent(panel, 'weights');
    await panel.receive({ kind: 'show-facts', layer: heatmap.layer });
    await panel.receive({ kind: 'show-weights', layer: heatmap.layer });
    assert.equal((await known).facts.layer, heatmap.layer);
    const { weights, error } = await read;
    assert.deepEqual([weights, error], [[], null], 'a pool has no weights');
  });

  test('classifies a folder of images', async () => {
    const folder = await FixtureFolder.create('folder');
    const panel = await open(await folder.copy('samples/shapes.onnx', 'shapes.onnx'));
    panel.studies.choose({ folder: drawings(), choices: { pairs: 3 } });
    const answer = nextSent(panel, 'consistency');
    await run(panel, 'consistency');
    const { report } = await answer;
    assert.ok(report.images.length > 0);
    assert.equal(report.settings.pairs, 3);
    assert.ok(report.summary.consistency !== null);
  });

  test('compares with fixed copies and ranks the fixes, without touching the file', async () => {
    const folder = await FixtureFolder.create('compare');
    const panel = await open(await folder.copy('samples/shapes.onnx', 'shapes.onnx'));
    await panel.receive({ kind: 'choose', choices: { filters: ['tri-3'] } });
    const comparison = nextSent(panel, 'compare');
    await run(panel, 'compare');
    const [original, fixed] = (await comparison).report.variants;
    assert.ok(original && fixed?.filter === 'tri-3' && fixed.fixed.length > 0);
    assert.ok((fixed.means.at(-1) ?? 0) > (original.means.at(-1) ?? 1));
    const advice = nextSent(panel, 'advice');
    await run(panel, 'advice');
    assert.ok((await advice).report.fixes.length > 0);
    const bytes = await vscode.workspace.fs.readFile(folder.uri('shapes.onnx'));
    const untouched = await vscode.workspace.fs.readFile(vscode.Uri.file(join(extension().extensionPath, 'samples/shapes.onnx')));
    assert.ok(Buffer.from(bytes).equals(Buffer.from(untouched)));
  });

  test('compares copies before and after recovery, judged by the images that nothing learned from', async () => {
    const folder = await FixtureFolder.create('compare-recovered');
    const panel = await open(await folder.copy('samples/shapes.onnx', 'shapes.onnx'));
    panel.studies.choose({ folder: drawings(), choices: { filters: ['tri-3'], recover: true, pairs: 2 } });
    const comparison = nextSent(panel, 'compare');
    await run(panel, 'compare');
    const { report, border } = await comparison;
    const { variants } = report;
    assert.deepEqual(
      variants.map(({ filter, recovery }) => [filter, recovery?.heldOut ?? null]),
      [
        ['none', null],
        ['tri-3', null],
        ['tri-3', 1],
      ],
    );

    const fix = variants[2] && fixOfVariant(variants[2], border);
    assert.ok(fix);
    const said = nextSent(panel, 'last-fix', ({ fix: last }) => last?.obstacle === null);
    await panel.receive({ kind: 'fix-and-recover', fix, folder: 'studied' });
    assert.match((await said).fix?.text ?? '', /^Tri-3 .* inserted at .*, on 1 held-out image; \d+ of \d+ layers have new weights\.$/);
    await panel.receive({ kind: 'undo-fix' });
    const { uri } = panel;
    const original = await vscode.workspace.fs.readFile(uri);
    assert.ok(Buffer.from(original).equals(await documentBytes(testing.documents.get(uri))));
  });

  test('shows a kept result with its options when the editor is opened again, and drops it for other options', async () => {
    const folder = await FixtureFolder.create('kept');
    const uri = await folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx');
    const first = await open(uri);
    await first.receive({ kind: 'choose', choices: { metric: 'channel' } });
    const measured = nextSent(first, 'heatmaps', ({ heatmaps }) => heatmaps.every(({ tile }) => tile !== null));
    await run(first, 'equivariance');
    const { heatmaps } = await measured;
    await closeEditors();

    const opening = testing.panels.whenAdded(uri);
    void vscode.commands.executeCommand('shiftlint.openModelEditor', uri);
    const again = await opening;
    const restored = nextSent(again, 'heatmaps');
    const kept = nextSent(again, 'run', ({ study, view }) => study === 'equivariance' && view.state === 'finished' && view.restored);
    const { inputs } = await nextSent(again, 'inputs');
    assert.equal(inputs.choices.metric, 'channel');
    assert.deepEqual((await restored).heatmaps, heatmaps);
    await kept;
    const stale = nextSent(again, 'run', ({ study, view }) => study === 'equivariance' && view.state === 'finished' && view.stale);
    // No other test measures this model in these colours: for other choices a result may be kept, and then nothing is stale.
    await again.receive({ kind: 'choose', choices: { preprocessing: 'bytes-bgr' } });
    await stale;
    const fresh = nextSent(again, 'run', ({ study, view }) => study === 'equivariance' && view.state === 'finished' && !view.stale);
    await again.receive({ kind: 'choose', choices: { preprocessing: null } });
    await fresh;
  });

  test('writes what was measured as JSON, CSV, arrays and pictures', async () => {
    const folder = await FixtureFolder.create('export');
    const uri = await folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx');
    const panel = await open(uri);
    await run(panel, 'equivariance');
    const exported = panel.studies.exported('equivariance');
    assert.ok(exported);
    await writeOutcome(exported, 'json', folder.uri('out.json'));
    await writeOutcome(exported, 'csv', folder.uri('out.csv'));
    await writeOutcome(exported, 'maps', folder.uri('maps'));
    const text = async (name: string): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(folder.uri(name)));
    const { layers } = JSON.parse(await text('out.json')) as { readonly layers: readonly unknown[] };
    assert.equal((await text('out.csv')).trimEnd().split('\r\n').length, layers.length + 1);
    const maps = await vscode.workspace.fs.readDirectory(folder.uri('maps'));
    assert.equal(maps.filter(([name]) => name.endsWith('.png')).length, layers.length);
  });

  function drawings(): string {
    return join(extension().extensionPath, 'test/fixtures/shapes');
  }

  async function run(panel: ModelPanel, study: StudyName): Promise<void> {
    const outcome = ended(panel, study);
    await panel.receive({ kind: 'start', study });
    const view = await outcome;
    assert.equal(view.state, 'finished', view.state === 'failed' ? view.message : '');
  }

  function open(uri: vscode.Uri): Promise<ModelPanel> {
    return openPanel(testing, uri);
  }

  async function backendOf(panel: ModelPanel): Promise<string> {
    const finished = ended(panel, 'equivariance');
    await panel.receive({ kind: 'start', study: 'equivariance' });
    const view = await finished;
    assert.ok(view.state === 'finished');
    return view.backend;
  }

  async function worstPool(panel: ModelPanel): Promise<number> {
    const means: number[] = [];
    const collect = panel.onDidSend((message) => {
      if (message.kind === 'heatmap') means.push(message.heatmap.mean ?? Number.NaN);
    });
    const finished = ended(panel, 'equivariance');
    await panel.receive({ kind: 'start', study: 'equivariance' });
    await finished;
    collect.dispose();
    return Math.min(...means);
  }
});
