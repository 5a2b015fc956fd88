import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ModelPanel } from '../../../src/extension/panel/panel';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import type { LayerMark } from '../../../src/panel-protocol/model';
import type { StudyName } from '../../../src/panel-protocol/studies/table';
import { fixOfVariant } from '../../../webview/tabs/compare/wanted-fix';
import { closeEditors } from './close-editors';
import { documentBytes } from './document-bytes';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { openPanel } from './open-panel';
import { ended, nextSent } from './panel-messages';
import { writeTinyModel } from './tiny-model';
import { eventually } from './waiting';

suite('Acting on results', () => {
  let testing: ExtensionTesting;
  suiteSetup(async () => {
    testing = await activated();
  });
  teardown(closeEditors);

  test('a compared filter is applied exactly, marked, measured beside the run before, and undone from the page', async () => {
    const folder = await FixtureFolder.create('apply');
    const uri = await folder.copy('test/fixtures/oracle/vgg_like.onnx', 'vgg.onnx');
    const original = await readFile(uri.fsPath);
    const panel = await openPanel(testing, uri);
    const before = nextSent(panel, 'heatmaps', ({ heatmaps }) => heatmaps.every(({ tile }) => tile !== null));
    await run(panel, 'equivariance');
    const { heatmaps } = await before;

    const judged = nextSent(panel, 'model', ({ model }) => model.fixAll !== null);
    await panel.receive({ kind: 'choose', choices: { filters: ['bin-5'], fixBorder: 'zero' } });
    await judged;
    const compared = nextSent(panel, 'compare');
    await run(panel, 'compare');
    const { report, border } = await compared;
    const variant = report.variants.find(({ filter }) => filter === 'bin-5');
    const fix = variant && fixOfVariant(variant, border);
    assert.ok(fix);
    assert.deepEqual(fix.blur, { filter: 'bin-5', border: 'zero' });

    const said = nextSent(panel, 'last-fix', ({ fix: last }) => last?.obstacle === null);
    const marked = marksOf(panel);
    await panel.receive({ kind: 'fix', fix });
    assert.match((await said).fix?.text ?? '', /^Bin-5 \(zeros as border\) inserted at \d+ of \d+ layers, \+/);
    const marks = await eventually('the marks', () => (marked.last.includes('inserted') ? marked.last : undefined));
    assert.equal(marks.filter((mark) => mark === 'fixed').length, fix.layers?.length);
    assert.equal(marks.filter((mark) => mark === 'inserted').length, fix.layers?.length, 'zeros need no pad of their own');
    assert.deepEqual(await readFile(uri.fsPath), original, 'nothing is saved by itself');

    const former = nextSent(panel, 'former', ({ maps }) => maps !== null);
    const after = nextSent(panel, 'heatmaps', (message) => message.heatmaps.every(({ tile }) => tile !== null));
    await run(panel, 'equivariance');
    assert.deepEqual((await former).maps?.heatmaps, heatmaps);
    const finalMean = (await after).heatmaps.at(-1)?.mean ?? Number.NaN;
    assert.ok(Math.abs(finalMean - (variant.means.at(-1) ?? Number.NaN)) < 1e-5, 'the copy that was compared is the model now');

    const gone = nextSent(panel, 'last-fix', ({ fix: left }) => left === null);
    await panel.receive({ kind: 'undo-fix' });
    await gone;
    assert.deepEqual(await documentBytes(testing.documents.get(uri)), original);
    await eventually('no marks', () => (marked.last.length > 0 && marked.last.every((mark) => mark === null) ? true : undefined));
  });

  test('a fix of a model.json is undone from the page while it is the last edit, and not after another', async () => {
    const folder = await FixtureFolder.create('apply-json');
    const uri = await writeTinyModel(folder);
    const panel = await openPanel(testing, uri);
    const document = await vscode.workspace.openTextDocument(uri);
    const text = document.getText();
    const offered = nextSent(panel, 'last-fix', ({ fix }) => fix?.obstacle === null);
    await panel.receive({ kind: 'fix', fix: { layers: null, blur: { filter: 'tri-3', border: 'replicate' } } });
    assert.match((await offered).fix?.text ?? '', /^Tri-3 \(repeated edge\) inserted/);
    const refused = nextSent(panel, 'last-fix', ({ fix }) => typeof fix?.obstacle === 'string');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), ' ');
    await vscode.workspace.applyEdit(edit);
    await refused;
    const edited = document.getText();
    await assert.rejects(panel.receive({ kind: 'undo-fix' }), /changed since/);
    assert.equal(document.getText(), edited);
    await vscode.commands.executeCommand('undo');
    await vscode.commands.executeCommand('undo');
    await eventually('the undo', () => (document.getText() === text ? true : undefined));

    const again = nextSent(panel, 'last-fix', ({ fix }) => fix?.obstacle === null);
    await panel.receive({ kind: 'fix', fix: { layers: null, blur: null } });
    await again;
    await panel.receive({ kind: 'undo-fix' });
    await eventually('the undo', () => (document.getText() === text ? true : undefined));
  });

  async function run(panel: ModelPanel, study: StudyName): Promise<void> {
    const outcome = ended(panel, study);
    await panel.receive({ kind: 'start', study });
    assert.equal((await outcome).state, 'finished');
  }
});

/** The marks of all rows as they were sent last. */
function marksOf(panel: ModelPanel): { last: readonly (LayerMark | null)[] } {
  const marks: { last: readonly (LayerMark | null)[] } = { last: [] };
  panel.onDidSend((message) => {
    if (message.kind === 'layers') marks.last = [...marks.last.slice(0, message.first), ...message.layers.map(({ mark }) => mark)];
  });
  return marks;
}
