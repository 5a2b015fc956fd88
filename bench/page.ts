import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

const root = process.cwd();
const dist = path.join(root, 'dist');
/** Nothing is asked of any network: the benchmark answers for it. */
const site = 'http://page.invalid/';

/** A module of the tests in VS Code, which have modules of their own. */
export function hostModule(name: string): Promise<unknown> {
  return import(pathToFileURL(path.join(root, 'test/host', name)).href);
}

/** The browser of these tests. */
export async function launchHostBrowser(): Promise<Browser> {
  await ((await hostModule('install.mjs')) as typeof import('../test/host/install.mjs')).installTestHost();
  return ((await hostModule('browser.mjs')) as typeof import('../test/host/browser.mjs')).launchBrowser();
}

/** The model editor's page as it is shipped, once it has asked for its state. */
export async function openedPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.route(`${site}**`, (route) => {
    const name = path.basename(new URL(route.request().url()).pathname);
    return name === 'page' ? route.fulfill({ contentType: 'text/html', body: pageAround }) : route.fulfill({ path: path.join(dist, name) });
  });
  await page.goto(`${site}page`);
  await page.waitForFunction(() => 'asked' in window);
  return page;
}

/** What the editor puts round the script, with what VS Code gives it. */
const pageAround = `<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><link rel="stylesheet" href="codicon.css" id="vscode-codicon-stylesheet">
<script>window.acquireVsCodeApi = () => ({ postMessage: () => { window.asked = true; }, getState: () => undefined, setState: () => {} });</script>
<style>body { --vscode-foreground: #3b3b3b; --vscode-font-family: sans-serif; --vscode-font-size: 13px; --vscode-editor-foreground: #3b3b3b;
--vscode-editor-background: #fff; --vscode-editorWidget-background: #f8f8f8; --vscode-descriptionForeground: #5b5b5b; --vscode-textLink-foreground: #005fb8;
--vscode-charts-blue: #1a85ff; --vscode-editor-font-family: monospace; color: var(--vscode-foreground); }</style>
</head><body><shiftlint-app></shiftlint-app><script type="module" src="webview.js"></script></body></html>`;
