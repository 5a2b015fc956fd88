import { readFileSync } from 'node:fs';
import path from 'node:path';
import { textbookLayer } from '../src/panel-protocol/core/explain';
import type { HeatmapView } from '../src/panel-protocol/studies/equivariance';
import type { LayerRow } from '../src/panel-protocol/model';
import type { ToPage } from '../src/panel-protocol/to-page';
import { report, type Figure } from './figures';
import { launchHostBrowser, openedPage } from './page';

/**
 * The model editor's page in Chromium with a network of 2,000 layers, as the editor would send it: until it can be used, from tab
 * to tab, and frames while all its maps are scrolled. `SHIFTLINT_PAGE_PICTURE` names a file for a picture of it.
 */
const layerCount = 2000;
const layersInAMessage = 500;
const root = process.cwd();
const dist = path.join(root, 'dist');

async function main(): Promise<void> {
  const browser = await launchHostBrowser();
  try {
    const page = await openedPage(browser);
    const opened = await page.evaluate(sendAll, [...modelMessages()]);
    await page.evaluate(sendAll, [...mapMessages()]);
    await page.evaluate(chooseTab, 0);
    const rows = await page.evaluate(scroll);
    const sorted = await page.evaluate(sortLayers);
    const [there, back] = [await page.evaluate(chooseTab, 1), await page.evaluate(chooseTab, 0)];
    await page.evaluate(chooseTab, 1);
    const matters = await page.evaluate(scroll);
    await page.evaluate(showAll);
    const all = await page.evaluate(scroll);
    const typed = await page.evaluate(search, 'features.123');
    const picture = process.env['SHIFTLINT_PAGE_PICTURE'];
    if (picture !== undefined) await page.screenshot({ path: picture });
    const script = readFileSync(path.join(dist, 'webview.js')).length / 1024;
    const figures: readonly Figure[] = [
      { what: `${layerCount} layers, from the messages to their rows`, value: opened, unit: 'ms', limit: 1500 },
      { what: 'to the tab of the maps', value: there, unit: 'ms', limit: 200 },
      { what: 'and back to the layers', value: back, unit: 'ms', limit: 200 },
      { what: 'the table of layers in another order', value: sorted, unit: 'ms', limit: 200 },
      { what: 'longest frame while its rows are scrolled', value: rows.longest, unit: 'ms', limit: 50 },
      { what: 'longest frame while what matters is scrolled', value: matters.longest, unit: 'ms', limit: 50 },
      { what: 'longest frame while all layers are scrolled', value: all.longest, unit: 'ms', limit: 50 },
      { what: `frames of ${all.frames} beyond 20 ms`, value: all.late, unit: '', limit: null },
      { what: `longest of ${typed.length} keystrokes in the search of the maps`, value: Math.max(...typed), unit: 'ms', limit: 50 },
      { what: "the page's script, as it is shipped", value: script, unit: 'KB', limit: 450 },
    ];
    if (!report(figures)) process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

/** Gives the page messages and answers the milliseconds until it has drawn what they say. */
async function sendAll(messages: readonly ToPage[]): Promise<number> {
  const start = performance.now();
  for (const message of messages) window.postMessage(message, '*');
  await new Promise((resolve) => setTimeout(resolve));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - start;
}

/** Milliseconds until another tab has been drawn. */
async function chooseTab(index: number): Promise<number> {
  const start = performance.now();
  const headers = document.querySelector('shiftlint-app')?.shadowRoot?.querySelectorAll<HTMLElement>('vscode-tab-header');
  headers?.[index]?.click();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - start;
}

/** Milliseconds until the rows stand by their operation. */
async function sortLayers(): Promise<number> {
  const table = document
    .querySelector('shiftlint-app')
    ?.shadowRoot?.querySelector('shiftlint-layers-view')
    ?.shadowRoot?.querySelector('shiftlint-layers-table')?.shadowRoot;
  const start = performance.now();
  table?.querySelector<HTMLElement>('th:nth-child(2) button')?.click();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - start;
}

async function showAll(): Promise<void> {
  const view = document.querySelector('shiftlint-app')?.shadowRoot?.querySelector('shiftlint-equivariance-view')?.shadowRoot;
  view?.querySelector<HTMLElement>('.which button.link')?.click();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** Milliseconds that each letter of a search keeps the page from drawing. */
async function search(word: string): Promise<number[]> {
  const view = document.querySelector('shiftlint-app')?.shadowRoot?.querySelector('shiftlint-equivariance-view')?.shadowRoot;
  const field = view
    ?.querySelector('shiftlint-map-tools')
    ?.shadowRoot?.querySelector('vscode-textfield')
    ?.shadowRoot?.querySelector('input');
  if (!field) throw new Error('The page has no search of the maps.');
  const times: number[] = [];
  for (let length = 1; length <= word.length; length++) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const start = performance.now();
    field.value = word.slice(0, length);
    field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    await new Promise((resolve) => setTimeout(resolve));
    times.push(performance.now() - start);
  }
  return times;
}

/** Scrolls to the end of the page, as fast as a wheel that is kept turning, and says how long frames took. */
async function scroll(): Promise<{ frames: number; late: number; longest: number }> {
  const next = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const times: number[] = [];
  window.scrollTo(0, 0);
  await next();
  let before = await next();
  for (let frame = 0; frame < 400; frame++) {
    window.scrollBy(0, 120);
    const now = await next();
    times.push(now - before);
    before = now;
  }
  return { frames: times.length, late: times.filter((time) => time > 20).length, longest: Math.max(...times) };
}

function* modelMessages(): Iterable<ToPage> {
  const model = {
    fileName: 'large.onnx',
    format: 'ONNX',
    producer: 'bench',
    layerCount,
    findingCount: layerCount / 100,
    fixableCount: layerCount / 100,
    fixAll: null,
    borders: [],
    error: null,
    mayMeasure: true,
  };
  yield { kind: 'model', model } as unknown as ToPage;
  for (let first = 0; first < layerCount; first += layersInAMessage)
    yield { kind: 'layers', first, layers: Array.from({ length: layersInAMessage }, (_, index) => row(first + index)) };
}

function* mapMessages(): Iterable<ToPage> {
  const frame = { protocol: 'circular', size: [64, 64], origin: [0, 0], diagonal: false } as const;
  const heatmaps = Array.from({ length: layerCount }, (_, index) => heatmap(index));
  yield { kind: 'heatmaps', frame, heatmaps, notes: [], omitted: [] };
}

const names = (index: number): Pick<LayerRow, 'layer' | 'label' | 'node' | 'tensor'> => ({
  layer: `node_${index}`,
  label: `features.${Math.floor(index / 3)}.${['conv', 'norm', 'act'][index % 3] ?? ''}`,
  node: `node_${index}`,
  tensor: `tensor_${index}`,
});

function row(index: number): LayerRow {
  const finding = {
    rule: 'strided-max-pool',
    severity: 'warning',
    message: 'Max-pooling with stride 2 aliases.',
    docsUrl: '',
    explained: textbookLayer,
    notFixable: null,
    fixNotes: [],
    price: { multiplyAdds: 1000, multiplyAddShare: 0.001, activationValues: 100, activationShare: 0.001 },
    aliasedEnergy: 0.4,
  } as const;
  return {
    ...names(index),
    mark: null,
    op: 'Conv',
    shape: '1 × 64 × 8 × 8',
    stride: [1, 1],
    cumulativeStride: [8, 8],
    receptiveField: { size: [1 + 2 * index, 1 + 2 * index], isGlobal: false },
    parameters: index * 100,
    multiplyAdds: ((index * 7919) % layerCount) * 1000,
    finding: index % 100 === 50 ? finding : null,
  };
}

/** One in three loses something, as convolutions behind a stride do. */
function heatmap(index: number): HeatmapView {
  const period = 2 ** Math.min(5, Math.floor((index * 6) / layerCount));
  const mean = 0.999 - Math.floor(index / 3) * 0.00115;
  return {
    ...names(index),
    index,
    name: `tensor_${index}`,
    op: 'Conv',
    channels: 64,
    size: [64 / period, 64 / period],
    spatialStride: [period, period],
    period: [period, period],
    step: [1, 1],
    repeats: true,
    tile: Array.from({ length: period * period }, (_, place) => (place === 0 ? 1 : mean - (place % 7) / 100)),
    mean,
    min: mean - 0.06,
    before: index === 0 ? [] : [`tensor_${index - 1}`],
  };
}

void main();
