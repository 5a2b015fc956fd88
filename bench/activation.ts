import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { median, report } from './figures';
import { hostModule, launchHostBrowser } from './page';

/** What VS Code itself says that our activation took, code loaded and called, in fresh windows on the sample. */
const windows = 5;
const patienceMs = 60_000;
const root = process.cwd();

async function main(): Promise<void> {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'shiftlint-bench-')), 'samples');
  cpSync(path.join(root, 'samples'), folder, { recursive: true });
  const browser = await launchHostBrowser();
  try {
    const times: number[] = [];
    for (let window = 0; window < windows; window++) times.push(await activationTime(browser, folder));
    const kept = report([
      { what: `activation in ${windows} fresh windows, median`, value: median(times), unit: 'ms', limit: 60 },
      { what: 'the longest of them', value: Math.max(...times), unit: 'ms', limit: null },
    ]);
    if (!kept) process.exitCode = 1;
  } finally {
    await browser.close();
    rmSync(path.dirname(folder), { recursive: true, force: true });
  }
}

/** Milliseconds, as "Show Running Extensions" has them. */
async function activationTime(browser: Browser, folder: string): Promise<number> {
  const { VisualStudioCodeServer } = (await hostModule('server.mjs')) as typeof import('../test/host/server.mjs');
  const server = await VisualStudioCodeServer.start();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    await page.goto(server.address({ folder, development: root }));
    await page.locator('.statusbar-item', { hasText: /[1-9]/ }).first().waitFor({ timeout: patienceMs });
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').fill('>Developer: Show Running Extensions');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Show Running Extensions' }).waitFor();
    await page.keyboard.press('Enter');
    // The row is there before what VS Code knows of it.
    const said = /Activation: (\d+)\s?ms/;
    const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Shiftlint' }).filter({ hasText: said });
    const time = said.exec(await row.innerText({ timeout: patienceMs }))?.[1];
    return Number(time);
  } finally {
    await page.close();
    await server.stop();
  }
}

void main();
