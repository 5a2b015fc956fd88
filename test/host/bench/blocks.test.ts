import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionTesting } from '../../../src/extension/testing-api';
import { activated } from '../suite/extension';
import { peakMemory } from '../../../bench/figures';
import { HostLoad } from '../suite/host-load';
import { casesIn, openCase } from '../suite/open-case';
import { eventually } from '../suite/waiting';
import { recoveryBlocks } from './recovery-blocks';

/** One file that was opened. Own work and whole turns by the processor's time, and by the clock. */
export interface BlockFigure {
  readonly name: string;
  readonly bytes: number;
  readonly came: string;
  readonly ownMs: number;
  readonly turnMs: number;
  readonly wallMs: number;
  readonly where: readonly string[];
  /** Of the process that read it, in megabytes. */
  readonly readerPeak: number;
  /** Own work of the longest turn while all of its layers were fixed; null where none was. */
  readonly fixMs: number | null;
}

suite('Blocks of the extension host', () => {
  test('while every file of a folder is opened', async function () {
    this.timeout(0);
    const testing = await activated();
    const folder = process.env['SHIFTLINT_BLOCKS_FOLDER'] ?? '';
    const results = process.env['SHIFTLINT_BLOCKS_RESULTS'] ?? '';
    const figures: BlockFigure[] = [];
    for (const name of casesIn(folder)) {
      await endReader(testing);
      if (name.startsWith('recovered')) {
        const bytes = statSync(join(folder, name)).size;
        for (const { step, ...turn } of await recoveryBlocks(testing, folder, name))
          figures.push({
            name: `${name}: ${step}`,
            bytes,
            came: step,
            ...turn,
            readerPeak: peakMemory(testing.reader.processId),
            fixMs: null,
          });
        writeFileSync(results, JSON.stringify(figures, null, 1));
        continue;
      }
      const { came, turns } = await openCase(testing, folder, name);
      figures.push({
        name,
        bytes: statSync(join(folder, name)).size,
        came,
        ownMs: turns[0]?.ownMs ?? 0,
        where: turns[0]?.where ?? [],
        turnMs: Math.max(0, ...turns.map(({ turnMs }) => turnMs)),
        wallMs: Math.max(0, ...turns.map(({ wallMs }) => wallMs)),
        readerPeak: peakMemory(testing.reader.processId),
        fixMs: name.startsWith('large') ? await fixing(join(folder, name), came) : null,
      });
      writeFileSync(results, JSON.stringify(figures, null, 1));
    }
  });
});

/** A process of its own for every file, so that its peak is that file's. */
async function endReader({ reader }: ExtensionTesting): Promise<void> {
  const { processId } = reader;
  if (processId === undefined) return;
  process.kill(processId, 'SIGKILL');
  await eventually('the end of the reading process', () => (reader.processId === processId ? undefined : true));
}

async function fixing(file: string, came: string): Promise<number | null> {
  if (!/^[1-9]\d{0,3} findings$/.test(came)) return null;
  const load = await HostLoad.start();
  await vscode.commands.executeCommand('shiftlint.fixAll', vscode.Uri.file(file));
  const [longest] = await load.stop();
  return longest?.ownMs ?? 0;
}
