import type { Page } from 'playwright-core';
import type { LayerRow } from '../src/panel-protocol/model';
import type { NetworkNode } from '../src/panel-protocol/network';
import type { ToPage } from '../src/panel-protocol/to-page';
import { report, type Figure } from './figures';
import { launchHostBrowser, openedPage } from './page';

/**
 * The Graph tab in Chromium, as the editor would fill it: until a network is drawn, until all groups of one of 500 layers are laid out and
 * drawn, and from tab to tab. `SHIFTLINT_PAGE_PICTURE` names a file for a picture of the last one.
 */
const graphTab = 4;

async function main(): Promise<void> {
  const browser = await launchHostBrowser();
  try {
    const figures: Figure[] = [];
    for (const { name, layers } of [
      { name: '500 layers, residual', layers: residual(500) },
      { name: '500 layers, each block reads all blocks before it', layers: dense(500) },
      { name: '2,000 layers, residual', layers: residual(2000) },
    ]) {
      const page = await openedPage(browser);
      figures.push(...(await figuresOf(page, name, layers)));
      const picture = process.env['SHIFTLINT_PAGE_PICTURE'];
      if (picture !== undefined) await page.screenshot({ path: picture });
      await page.close();
    }
    if (!report(figures)) process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

async function figuresOf(page: Page, name: string, layers: readonly Layer[]): Promise<readonly Figure[]> {
  const [model, connections] = messages(layers);
  await page.evaluate(send, model);
  await page.evaluate(chooseTab, graphTab);
  const first = await page.evaluate(draw, connections);
  const all = await page.evaluate(openAll);
  const [away, back] = [await page.evaluate(chooseTab, 0), await page.evaluate(chooseTab, graphTab)];
  const step = await page.evaluate(walk);
  return [
    { what: `${name}: drawn, the layout loaded with it`, value: first, unit: 'ms', limit: 1500 },
    { what: `all groups open, as far as ${mostNodes} nodes`, value: all, unit: 'ms', limit: name.startsWith('500') ? 1000 : null },
    { what: 'to the layers', value: away, unit: 'ms', limit: 200 },
    { what: 'and back to the graph', value: back, unit: 'ms', limit: 200 },
    { what: 'a step along an edge, all tabs marked', value: step, unit: 'ms', limit: null },
  ];
}

/** Told in words only. */
const mostNodes = 600;

interface Layer {
  readonly module: string;
  readonly reads: readonly number[];
  readonly stage: number;
}

/** Blocks of convolution, normalisation and activation, twice, and a sum. */
function residual(count: number): readonly Layer[] {
  return Array.from({ length: count }, (_, index) => {
    const [block, place] = [Math.floor(index / 7), index % 7];
    const stage = Math.min(4, Math.floor((index * 5) / count));
    const part = ['conv1', 'bn1', 'relu', 'conv2', 'bn2', 'drop', 'add'][place] ?? '';
    return { module: `layer${stage + 1}.${block}.${part}`, stage, reads: place === 6 ? [index - 1, index - 7] : [index - 1] };
  });
}

/** Blocks of a join of all blocks before, normalisation, activation and convolution. */
function dense(count: number): readonly Layer[] {
  return Array.from({ length: count }, (_, index) => {
    const [block, place] = [Math.floor(index / 4), index % 4];
    const stage = Math.min(4, Math.floor((index * 5) / count));
    const first = Math.ceil((stage * count) / 5 / 4);
    const before = Array.from({ length: Math.max(0, block - first) }, (_unused, at) => 4 * (first + at) + 3);
    const part = ['cat', 'bn', 'relu', 'conv'][place] ?? '';
    return { module: `block${stage + 1}.layer${block}.${part}`, stage, reads: place === 0 && before.length > 0 ? before : [index - 1] };
  });
}

function messages(layers: readonly Layer[]): readonly [readonly ToPage[], readonly ToPage[]] {
  const model = { fileName: 'large.onnx', format: 'ONNX', producer: 'bench', layerCount: layers.length, findingCount: 0, fixableCount: 0 };
  const side = (stage: number): number => 112 >> stage;
  const rows = layers.map(({ module, stage }, index): LayerRow => {
    const names = { layer: `n${index}`, label: module, node: `n${index}`, tensor: `t${index}` };
    const shape = `1 × 64 × ${side(stage)} × ${side(stage)}`;
    const stride = [2 ** stage, 2 ** stage] as const;
    return {
      ...names,
      op: 'Conv',
      shape,
      stride: [1, 1],
      cumulativeStride: stride,
      receptiveField: null,
      multiplyAdds: null,
      parameters: 0,
      finding: null,
      mark: null,
    };
  });
  const nodes = layers.map(({ module, reads, stage }, index): NetworkNode => {
    const edges = reads.map((from) => ({ from: Math.max(-1, from), shape: rows[Math.max(0, from)]?.shape ?? '' }));
    const isOutput = index === layers.length - 1;
    return { module, reads: edges, isOutput, kind: 'other', sampling: 'same', size: [side(stage), side(stage)] };
  });
  return [
    [
      { kind: 'model', model: { ...model, fixAll: null, borders: [], judgedSize: null, error: null, mayMeasure: true } },
      { kind: 'layers', first: 0, layers: rows },
    ],
    [{ kind: 'network', first: 0, inputs: [{ name: 'image', shape: '1 × 3 × 224 × 224' }], nodes }],
  ];
}

async function send(all: readonly ToPage[]): Promise<void> {
  for (const message of all) window.postMessage(message, '*');
  await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Milliseconds until another tab has been drawn. */
async function chooseTab(index: number): Promise<number> {
  const start = performance.now();
  document.querySelector('shiftlint-app')?.shadowRoot?.querySelectorAll<HTMLElement>('vscode-tab-header')[index]?.click();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - start;
}

/** Milliseconds until the network that the page is told of has been drawn. */
async function draw(all: readonly ToPage[]): Promise<number> {
  const start = performance.now();
  const view = document.querySelector('shiftlint-app')?.shadowRoot?.querySelector('shiftlint-graph-view')?.shadowRoot;
  for (const message of all) window.postMessage(message, '*');
  while ((view?.querySelector('shiftlint-network-drawing')?.shadowRoot?.querySelector('.node') ?? undefined) === undefined)
    await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - start;
}

/** Milliseconds until all groups are open and drawn. */
async function openAll(): Promise<number> {
  const view = document.querySelector('shiftlint-app')?.shadowRoot?.querySelector('shiftlint-graph-view')?.shadowRoot;
  const start = performance.now();
  view?.querySelector<HTMLElement>('[aria-label="Open all groups"]')?.click();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - start;
}

/** Milliseconds that a key takes that leads along an edge. */
async function walk(): Promise<number> {
  const drawing = document
    .querySelector('shiftlint-app')
    ?.shadowRoot?.querySelector('shiftlint-graph-view')
    ?.shadowRoot?.querySelector('shiftlint-network-drawing')?.shadowRoot;
  const node = drawing?.querySelector<SVGGElement>('.node[tabindex="0"]');
  node?.focus();
  node?.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true, composed: true }));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const start = performance.now();
  drawing?.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, composed: true }));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - start;
}

void main();
