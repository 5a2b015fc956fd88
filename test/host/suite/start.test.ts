import * as assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { closeEditors } from './close-editors';
import { activated, extension } from './extension';
import { FixtureFolder } from './fixture-folder';
import { nextSent } from './panel-messages';
import { stubWindow } from './stubbed-window';
import { diagnosticsOf, eventually } from './waiting';

interface Contributions {
  readonly icon: string;
  readonly contributes: {
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly svg: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

suite('First steps', () => {
  const { executeCommand } = vscode.commands;
  const { createQuickPick } = vscode.window;
  let testing: ExtensionTesting;
  suiteSetup(async () => {
    testing = await activated();
  });
  teardown(async () => {
    Object.assign(vscode.commands, { executeCommand });
    Object.assign(vscode.window, { createQuickPick });
    await closeEditors();
  });

  test('walkthrough and welcome views name commands and pictures that there are', async () => {
    const { icon, contributes } = extension().packageJSON as Contributions;
    const [walkthrough] = contributes.walkthroughs;
    assert.deepEqual(
      walkthrough?.steps.map(({ id }) => id),
      ['sample', 'finding', 'recover', 'measure'],
    );
    const texts = [...walkthrough.steps, ...contributes.viewsWelcome].map((part) =>
      'contents' in part ? part.contents : part.description,
    );
    const linked = texts.flatMap((text) => [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command ?? ''));
    const completing = walkthrough.steps.flatMap(({ completionEvents }) =>
      completionEvents.filter((event) => event.startsWith('onCommand:')).map((event) => event.slice('onCommand:'.length)),
    );
    const known = await vscode.commands.getCommands(true);
    for (const command of [...linked, ...completing]) assert.ok(known.includes(command), command);
    assert.ok(walkthrough.steps.every(({ description }) => description.includes('](command:')));
    for (const file of [icon, ...walkthrough.steps.map(({ media }) => media.svg)])
      assert.ok((await stat(join(extension().extensionPath, file))).size > 0, file);
  });

  test('opens a copy of the sample where the user wants it, another beside it, and nothing where they want none', async () => {
    const folder = await FixtureFolder.create('sample');
    const opened: string[] = [];
    Object.assign(vscode.commands, {
      executeCommand: (command: string, ...rest: readonly unknown[]) => {
        if (command !== 'vscode.openFolder') return executeCommand(command, ...rest);
        opened.push((rest[0] as vscode.Uri).fsPath);
        return Promise.resolve();
      },
    });
    for (const place of [folder.uri('.').fsPath, folder.uri('.').fsPath, undefined]) {
      const user = stubWindow({ folder: place });
      await executeCommand('shiftlint.openSample');
      user.restore();
    }
    assert.deepEqual(
      opened,
      ['shiftlint-sample', 'shiftlint-sample-2'].map((name) => folder.uri(name).fsPath),
    );
    assert.deepEqual((await readdir(opened[0]!)).sort(), ['README.md', 'images', 'labels.txt', 'model-code', 'shapes-tfjs', 'shapes.onnx']);
    assert.equal((await readdir(join(opened[0]!, 'images/0-circle'))).length, 40);
  });

  test('asks for the walkthrough by the name that VS Code gives it', async () => {
    const asked: unknown[] = [];
    Object.assign(vscode.commands, {
      executeCommand: (command: string, ...rest: readonly unknown[]) => {
        if (command === 'workbench.action.openWalkthrough') asked.push(rest[0]);
        return Promise.resolve();
      },
    });
    await executeCommand('shiftlint.getStarted');
    const { contributes } = extension().packageJSON as Contributions;
    assert.deepEqual(asked, [`${extension().id}#${contributes.walkthroughs[0]?.id ?? ''}`]);
  });

  test('lists the findings of the model in front, and leads to the one that is chosen', async () => {
    const folder = await FixtureFolder.create('list');
    const uri = await folder.copy('samples/shapes.onnx', 'shapes.onnx');
    await diagnosticsOf(uri, 4);
    const lists: vscode.QuickPick<vscode.QuickPickItem>[] = [];
    Object.assign(vscode.window, {
      createQuickPick: () => {
        const list = createQuickPick();
        lists.push(list);
        return list;
      },
    });
    const listed = executeCommand('shiftlint.showModelFindings', uri);
    const list = await eventually('the list', () => lists[0]);
    const labels = list.items.map(({ label }) => label);
    const active = (): string | undefined => list.activeItems[0]?.label;
    assert.equal(active(), 'pool1', 'Enter goes to the first finding');
    await eventually('the third finding', async () => {
      if (active() === 'conv3_1') return true;
      await executeCommand('workbench.action.quickOpenSelectNext');
      return undefined;
    });
    const opened = eventually('the panel', () => testing.panels.get(uri)).then((panel) => nextSent(panel, 'show-layer'));
    await executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    const { layer } = await opened;
    await listed;
    assert.equal(layer, '/conv3_1/Conv');
    assert.deepEqual(labels.slice(-4), ['pool1', 'pool2', 'conv3_1', 'pool3']);
    assert.equal(labels.length, 7);
  });
});
