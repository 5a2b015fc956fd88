import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ModelPanel } from '../../../src/extension/panel/panel';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { openSizeModels, type OpenSizeModel } from '../../unit/open-size-models';
import { closeEditors } from './close-editors';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { openPanel } from './open-panel';
import { nextSent } from './panel-messages';
import { stubWindow, type StubbedWindow } from './stubbed-window';
import { diagnosticsOf, eventually } from './waiting';

type Size = readonly [number, number];

suite('The image size of a model that leaves its own open', () => {
  let testing: ExtensionTesting;
  let user: StubbedWindow | undefined;
  suiteSetup(async () => {
    testing = await activated();
  });
  teardown(async () => {
    user?.restore();
    user = undefined;
    await closeEditors();
  });

  for (const model of openSizeModels) {
    test(`as chosen in the model editor is what ${model.format} is judged and fixed for, until all sizes are chosen again`, async () => {
      const { uri, panel } = await opened(model);
      const [open] = await diagnosticsOf(uri, 1);
      assert.match(open?.message ?? '', /drops maxima/);
      assert.deepEqual(judged(uri), { size: null, fixable: 0 });

      const shown = nextSent(panel, 'model', ({ model: { judgedSize } }) => judgedSize !== null);
      const rows = nextSent(panel, 'layers', ({ layers }) => layers.some(({ finding }) => finding?.notFixable === null));
      await choose(panel, [16, 24]);
      assert.deepEqual((await shown).model, { ...(await shown).model, judgedSize: [16, 24], fixableCount: 1 });
      await rows;
      const said = (await diagnosticsOf(uri, 2)).map(({ message }) => message);
      assert.ok(said.some((message) => message.includes('its findings and fixes are for images of 16 x 24 pixels')));

      user = stubWindow({ folder: undefined });
      await panel.receive({ kind: 'fix', fix: { layers: null, blur: null } });
      await diagnosticsOf(uri, 0);
      assert.match(user.entries.map(({ text }) => text).join(), /changed 1 of 1 layers for images of 16 x 24 pixels/);
      await vscode.commands.executeCommand('undo');
      await diagnosticsOf(uri, 2);
      assert.deepEqual(judged(uri), { size: [16, 24], fixable: 1 });

      await choose(panel, [15, 17]);
      await eventually('the other size', () => (judged(uri)?.size?.join() === '15,17' ? true : undefined));
      await choose(panel, null);
      await diagnosticsOf(uri, 1);
      assert.deepEqual(judged(uri), { size: null, fixable: 0 });
    });
  }

  test('is remembered with the model, and wins over that of shiftlint.json', async () => {
    const [model] = openSizeModels;
    assert.ok(model);
    const { folder, uri, panel } = await opened(model);
    await folder.write('shiftlint.json', '{ "imageSize": "8x12" }');
    await eventually('the size of the project', () => (judged(uri)?.size?.join() === '8,12' ? true : undefined));
    const inputs = nextSent(panel, 'inputs', ({ inputs: { choices } }) => choices.size !== null);
    await choose(panel, [16, 24]);
    assert.deepEqual((await inputs).inputs.projectSize, [8, 12]);
    await eventually('the chosen size', () => (judged(uri)?.size?.join() === '16,24' ? true : undefined));

    await closeEditors();
    testing.store.forget(uri);
    await testing.store.refresh(uri);
    assert.deepEqual(judged(uri), { size: [16, 24], fixable: 1 });
    const again = await show(uri);
    const remembered = nextSent(again, 'inputs');
    await again.receive({ kind: 'ready' });
    assert.deepEqual((await remembered).inputs.choices.size, [16, 24]);

    await choose(again, null);
    await eventually('the size of the project', () => (judged(uri)?.size?.join() === '8,12' ? true : undefined));
  });

  async function opened({ fileName, bytes }: OpenSizeModel) {
    const folder = await FixtureFolder.create('size');
    const uri = await folder.write(fileName, bytes);
    return { folder, uri, panel: await show(uri) };
  }

  function show(uri: vscode.Uri): Promise<ModelPanel> {
    return openPanel(testing, uri);
  }

  function judged(uri: vscode.Uri): { readonly size: Size | null; readonly fixable: number } | undefined {
    const analysis = testing.store.get(uri);
    return analysis?.ok === true ? { size: analysis.judgedSize, fixable: analysis.fixableCount } : undefined;
  }
});

/** What the page sends where the user types a size, or empties the field. */
function choose(panel: ModelPanel, size: Size | null): Promise<void> {
  return panel.receive({ kind: 'choose', choices: { size } });
}
