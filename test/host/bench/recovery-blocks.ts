import * as assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { HostLoad } from '../suite/host-load';
import { stubWindow } from '../suite/stubbed-window';
import { eventually } from '../suite/waiting';

/** A step of a recovery and the own work of the extension host's longest turn in it. */
export interface StepFigure {
  readonly step: string;
  readonly ownMs: number;
  readonly turnMs: number;
  readonly wallMs: number;
  readonly where: readonly string[];
}

const withinMs = 120_000;

/** Recovers a model from the images beside it, undoes that and does it again, and saves it. */
export async function recoveryBlocks(
  { store }: Pick<ExtensionTesting, 'store'>,
  folder: string,
  name: string,
): Promise<readonly StepFigure[]> {
  const uri = vscode.Uri.file(join(folder, name));
  const isText = name.endsWith('.json');
  await vscode.commands.executeCommand('vscode.openWith', uri, isText ? 'default' : 'shiftlint.modelEditor', { preview: false });
  const document = isText ? await vscode.workspace.openTextDocument(uri) : undefined;
  const found = (await judged()) ?? 0;
  assert.ok(found > 0, `${name} has nothing to fix`);
  const user = stubWindow({ folder: join(folder, 'recovered', 'images') });
  try {
    return [
      await watched('recovery', async () => {
        await vscode.commands.executeCommand('shiftlint.fixAndRecover', uri);
        assert.match(user.messages.join(), /of \d+ layers?/);
        await until(0);
      }),
      await watched('undo', async () => {
        await vscode.commands.executeCommand('undo');
        await until(found);
      }),
      await watched('redo', async () => {
        await vscode.commands.executeCommand('redo');
        await until(0);
      }),
      await watched('save', async () => {
        await vscode.commands.executeCommand('workbench.action.files.save');
        await eventually('the save', () => (isDirty(uri) || document?.isDirty === true ? undefined : true), withinMs);
      }),
    ];
  } finally {
    user.restore();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }

  async function judged(): Promise<number | undefined> {
    const analysis = await store.refresh(uri);
    return analysis?.ok === true ? analysis.findingCount : undefined;
  }

  function until(count: number): Promise<unknown> {
    return eventually(`${count} findings`, async () => ((await judged()) === count ? true : undefined), withinMs);
  }
}

async function watched(step: string, work: () => Promise<void>): Promise<StepFigure> {
  const load = await HostLoad.start();
  await work();
  const turns = await load.stop();
  return {
    step,
    ownMs: turns[0]?.ownMs ?? 0,
    where: turns[0]?.where ?? [],
    turnMs: Math.max(0, ...turns.map(({ turnMs }) => turnMs)),
    wallMs: Math.max(0, ...turns.map(({ wallMs }) => wallMs)),
  };
}

function isDirty(uri: vscode.Uri): boolean {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(({ input, isDirty }) => isDirty && input instanceof vscode.TabInputCustom && input.uri.toString() === uri.toString());
}
