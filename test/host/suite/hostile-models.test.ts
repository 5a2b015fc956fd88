import * as assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { EngineClient } from '../../../src/engine/host/client';
import { ModelReader } from '../../../src/engine/host/model-reader';
import type { ModelAnalysis } from '../../../src/extension/models/analysis';
import { ModelContents } from '../../../src/extension/models/contents';
import { ModelDiagnostics } from '../../../src/extension/models/diagnostics';
import { ModelStore } from '../../../src/extension/models/store';
import { Log } from '../../../src/extension/platform/log';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { closeEditors } from './close-editors';
import { poolsInARow } from '../../unit/tfjs-layers/pools-in-a-row';
import { settingsFor } from '../../../src/extension/settings/settings';
import { activated, extension } from './extension';
import { FixtureFolder } from './fixture-folder';
import { HostLoad } from './host-load';
import { casesIn, openCase } from './open-case';
import { diagnosticsOf, eventually, patience, shiftlintDiagnostics } from './waiting';

/** What a user may notice of our work, in milliseconds of one turn of the extension host. */
const longestBlockMs = 50;

suite('Hostile models', () => {
  let testing: ExtensionTesting;
  const disposables: vscode.Disposable[] = [];
  /** Outside of the workspace, where nothing but these tests looks. */
  let folder = '';
  suiteSetup(async () => {
    testing = await activated();
  });
  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'shiftlint-hostile-'));
  });
  teardown(async () => {
    for (const part of disposables.splice(0)) part.dispose();
    await closeEditors();
    rmSync(folder, { recursive: true });
  });

  function copyOf(repositoryPath: string, name: string): vscode.Uri {
    cpSync(join(extension().extensionPath, repositoryPath), join(folder, name));
    return vscode.Uri.file(join(folder, name));
  }

  /** The parts of the extension that judge and tell, with a reading process of their own. @param silenceMs after which it is ended */
  function judging(silenceMs: number): { readonly store: ModelStore; readonly reader: ModelReader } {
    const own = <T extends vscode.Disposable>(part: T): T => {
      disposables.push(part);
      return part;
    };
    const modulePath = join(extension().extensionPath, 'dist/reader.js');
    const reader = own(new ModelReader(new EngineClient({ modulePath }), silenceMs));
    const log = new Log(own(vscode.window.createOutputChannel('Shiftlint hostile models', { log: true })));
    const store = own(new ModelStore(new ModelContents(), reader, { imageSize: () => undefined, settings: settingsFor }, log));
    own(new ModelDiagnostics(own(vscode.languages.createDiagnosticCollection('shiftlint-hostile')), store, () => vscode.Uri.file('/')));
    return { store, reader };
  }

  /** Judges a file whose reading stops the process, and others meanwhile; how each came out. @param meanwhile is given the process */
  async function withOneBad(silenceMs: number, meanwhile: (processId: number) => void) {
    const { store, reader } = judging(silenceMs);
    const [bad, good, behind] = ['bad', 'good', 'behind'].map((name) => copyOf('samples/shapes.onnx', `${name}.onnx`));
    assert.ok(bad && good && behind);
    await store.refresh(good);
    const { processId } = reader;
    assert.ok(processId !== undefined);
    process.kill(processId, 'SIGSTOP');
    const judged = store.refresh(bad);
    await isAsked(reader);
    const judgedBehind = store.refresh(behind);
    meanwhile(processId);
    const outcomes = { bad: await judged, behind: await judgedBehind, good: await store.refresh(good, 'asked') };
    assert.ok(findingsOf(outcomes.good) > 0 && findingsOf(outcomes.behind) === findingsOf(outcomes.good));
    assert.equal((await diagnosticsOf(behind, findingsOf(outcomes.behind))).length, findingsOf(outcomes.behind));
    assert.notEqual(reader.processId, processId);
    assert.ok(outcomes.bad?.ok === false);
    assert.equal(outcomes.bad.error.code, 'stopped');
    assert.deepEqual(
      shiftlintDiagnostics(bad).map(({ message }) => message),
      [outcomes.bad.error.message],
    );
    const next = reader.processId;
    assert.equal(await store.refresh(bad, 'asked'), outcomes.bad, 'the same bytes are not read again');
    assert.equal(reader.processId, next);
    copyOf('test/fixtures/oracle/vgg_like.onnx', 'bad.onnx');
    assert.ok(findingsOf(await store.refresh(bad)) > 0, 'other bytes are');
    return outcomes.bad.error.message;
  }

  test('that end the process which reads them have one message, and the others their findings', async () => {
    const message = await withOneBad(30_000, (processId) => {
      process.kill(processId, 'SIGKILL');
    });
    assert.match(
      message,
      /bad\.onnx" ended the process that reads models\. Other files are still checked, and this one again once it changes/,
    );
  });

  test('that never come to an end have one message, and the others their findings', async () => {
    const message = await withOneBad(2_000 * patience, () => undefined);
    assert.match(message, /bad\.onnx" took longer than \d+ seconds and was ended\. Other files are still checked/);
  });

  test('of many layers reach the page in parts, and the lists say that they show the first findings', async () => {
    const uri = await (await FixtureFolder.create('large')).write('large-model.json', poolsInARow(3000, { side: null, indent: 1 }));
    const analysis = await testing.store.refresh(uri);
    assert.ok(analysis?.ok);
    assert.equal(analysis.layerCount, 3000);
    const shown = analysis.findings.length;
    assert.ok(shown <= 1000 && shown < analysis.findingCount);
    const last = (await diagnosticsOf(uri, shown + 1)).at(-1);
    assert.match(last?.message ?? '', new RegExp(`^The first ${shown} of ${analysis.findingCount} findings are listed\\.`));

    const names = new Set<string>();
    const pages: number[] = [];
    await vscode.commands.executeCommand('vscode.openWith', uri, 'shiftlint.modelTextEditor');
    const panel = await eventually('the panel', () => testing.panels.get(uri));
    panel.onDidSend((message) => {
      if (message.kind !== 'layers') return;
      pages.push(message.layers.length);
      for (const { layer } of message.layers) names.add(layer);
    });
    await panel.receive({ kind: 'ready' });
    await eventually('all layers', () => (names.size === 3000 ? true : undefined));
    assert.ok(pages.every((length) => length <= 1000));
  });

  test('as large texts reach the process whole, and again after every edit', async () => {
    const text = poolsInARow(9000, { side: null, indent: 1 });
    writeFileSync(join(folder, 'model.json'), text.replaceAll('\n', '\r\n'));
    const document = await vscode.workspace.openTextDocument(join(folder, 'model.json'));
    const first = await testing.store.refresh(document.uri);
    assert.ok(document.getText().length > 2 ** 20);
    assert.ok(first?.ok);
    assert.equal(first.layerCount, 9000);
    const start = document.positionAt(document.getText().indexOf('"pool1"'));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(start, start.translate(0, '"pool1"'.length)), '"größer 𝄞"');
    await vscode.workspace.applyEdit(edit);
    const second = await testing.store.refresh(document.uri);
    assert.ok(second?.ok);
    assert.equal(second.findings[1]?.layer, 'größer 𝄞');
    assert.ok(document.getText(second.findings[999]?.range).includes(`"${second.findings[999]?.layer}"`));
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('hold up the extension host for no longer than a user may notice', async function () {
    this.timeout(240_000 * patience);
    const cases = process.env['SHIFTLINT_TRUST_CASES'] ?? join(extension().extensionPath, 'test/fixtures/trust');
    const names = casesIn(cases);
    assert.ok(names.length > 15);
    // The first opening of any model has the editor compile code and read its settings, which is no case's doing.
    await openCase(testing, join(extension().extensionPath, 'test/fixtures/textbook'), 'max-pool.onnx');
    const slow: string[] = [];
    for (const name of names) {
      const { came, turns } = await openCase(testing, cases, name);
      const [longest] = turns;
      if (longest !== undefined && longest.ownMs > longestBlockMs) slow.push(`${name} (${came}): ${JSON.stringify(longest)}`);
    }
    assert.deepEqual(slow, []);
  });

  test('would be found out if they did', async () => {
    const load = await HostLoad.start();
    await new Promise((resolve) => setTimeout(resolve, 20));
    // Of our bundle, as everything that is measured.
    for (const end = performance.now() + 4 * longestBlockMs; performance.now() < end;) testing.store.all();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const [longest] = await load.stop();
    assert.ok(longest !== undefined && longest.where.some((place) => place.startsWith('all ')));
    // Processor time: a machine that gives us none of it for so long fails here, and rightly so.
    assert.ok(longest.wallMs >= 3 * longestBlockMs, JSON.stringify(longest));
    assert.ok(longest.ownMs > 0.5 * longest.turnMs, JSON.stringify(longest));
  });
});

/** Resolves once the process was sent the next question. */
async function isAsked(reader: ModelReader): Promise<void> {
  const ask = reader.ask.bind(reader);
  await new Promise<void>((resolve) => {
    reader.ask = (...question) => {
      resolve();
      return ask(...question);
    };
  });
  reader.ask = ask;
  // From here to the process it takes promises only, of which none waits for a turn.
  await new Promise((resolve) => setTimeout(resolve, 50));
}

function findingsOf(analysis: ModelAnalysis | undefined): number {
  assert.ok(analysis?.ok, 'the file could not be judged');
  return analysis.findingCount;
}
