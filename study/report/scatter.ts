import { networkNames, type NetworkName } from '../network/networks';
import type { StudyRecord } from '../runs/record';
import { blurNames, type BlurName } from '../settings';
import type { Run } from '../training/run';
import { blurLabel, networkLabels } from './names';

/** One panel a network, side by side. */
const panel = { width: 330, height: 260, left: 56, top: 34, gap: 62 };
const size = { width: panel.left + 2 * panel.width + panel.gap + 14, height: panel.top + panel.height + 92 };

/** Readable on white and on black, and told apart by form too. */
const colours: Readonly<Record<BlurName, { readonly light: string; readonly dark: string }>> = {
  none: { light: '#b3390e', dark: '#ff8a5c' },
  'rect-2': { light: '#8a6100', dark: '#f0c04a' },
  'tri-3': { light: '#00734f', dark: '#45d0a0' },
  'bin-5': { light: '#0a5aa8', dark: '#6cb6ff' },
};

/** Outlines about the origin. */
const marks: Readonly<Record<BlurName, string>> = {
  none: '<circle r="5"/>',
  'rect-2': '<rect x="-4.6" y="-4.6" width="9.2" height="9.2"/>',
  'tri-3': '<path d="M0-6 5.6 4.4H-5.6Z"/>',
  'bin-5': '<path d="M0-6.4 6.4 0 0 6.4-6.4 0Z"/>',
};

/** Accuracy against consistency, a point a run, for light and dark pages alike. */
export function scatterSvg({ runs }: StudyRecord): string {
  const x = axisOf(
    runs.map(({ consistency }) => 100 * consistency),
    panel.width,
  );
  const y = axisOf(
    runs.map(({ accuracy }) => 100 * accuracy),
    panel.height,
  );
  const panels = networkNames.map((network, index) => {
    const origin = `translate(${panel.left + index * (panel.width + panel.gap)} ${panel.top})`;
    return `<g transform="${origin}">\n${panelOf(
      network,
      runs.filter((run) => run.network === network),
      x,
      y,
    )}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-labelledby="title">
<title id="title">Accuracy against consistency of every run</title>
<style>
${styles()}
</style>
${panels.join('\n')}
${legend()}
</svg>
`;
}

interface Axis {
  readonly ticks: readonly number[];
  /** Pixels from the low end. */
  readonly at: (value: number) => number;
}

/** An axis over whole steps that hold all values, which are percents. */
function axisOf(values: readonly number[], length: number): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const step = [1, 2, 5, 10, 20].find((candidate) => (most - least) / candidate <= 7) ?? 20;
  const low = Math.floor(least / step) * step;
  const high = Math.max(low + step, Math.ceil(most / step) * step);
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step);
  return { ticks, at: (value) => ((value - low) / (high - low)) * length };
}

function panelOf(network: NetworkName, runs: readonly Run[], x: Axis, y: Axis): string {
  const { width, height } = panel;
  const down = (value: number): number => height - y.at(value);
  const columns = x.ticks.map(
    (tick) =>
      `<path class="grid" d="M${round(x.at(tick))} 0V${height}"/><text x="${round(x.at(tick))}" y="${height + 17}" text-anchor="middle">${tick}</text>`,
  );
  const rows = y.ticks.map(
    (tick) =>
      `<path class="grid" d="M0 ${round(down(tick))}H${width}"/><text x="-8" y="${round(down(tick) + 4)}" text-anchor="end">${tick}</text>`,
  );
  const points = runs.map(({ accuracy, consistency, blur, augmented }) => {
    const place = `translate(${round(x.at(100 * consistency))} ${round(down(100 * accuracy))})`;
    return `<g class="${blur}${augmented ? ' shifted' : ''}" transform="${place}">${marks[blur]}</g>`;
  });
  return [
    ...columns,
    ...rows,
    `<text class="heading" x="${width / 2}" y="-12" text-anchor="middle">${networkLabels[network]}</text>`,
    `<text x="${width / 2}" y="${height + 36}" text-anchor="middle">consistency (%)</text>`,
    `<text transform="translate(-38 ${height / 2}) rotate(-90)" text-anchor="middle">accuracy (%)</text>`,
    ...points,
  ].join('\n');
}

function legend(): string {
  const row = size.height - 20;
  const blurs = blurNames.map(
    (blur, index) =>
      `<g class="${blur}" transform="translate(${panel.left + 8 + index * 84} ${row})">${marks[blur]}</g><text x="${panel.left + 20 + index * 84}" y="${row + 4}">${blurLabel(blur)}</text>`,
  );
  const training = [false, true].map((augmented, index) => {
    const left = panel.left + 370 + index * 180;
    const words = augmented ? 'with shift augmentation' : 'without';
    return `<g class="sample${augmented ? ' shifted' : ''}" transform="translate(${left + (augmented ? -90 : 0)} ${row})">${marks.none}</g><text x="${left + (augmented ? -78 : 12)}" y="${row + 4}">${words}</text>`;
  });
  return [...blurs, ...training].join('\n');
}

function styles(): string {
  const rules = (tone: 'light' | 'dark'): string =>
    blurNames.map((blur) => `.${blur} { stroke: ${colours[blur][tone]}; color: ${colours[blur][tone]}; }`).join('\n');
  return `text { font: 12px system-ui, sans-serif; fill: #333; }
.heading { font-weight: 600; font-size: 14px; }
.grid { stroke: #8886; fill: none; }
g[class] { fill: none; stroke-width: 1.7; }
g.shifted { fill: currentColor; fill-opacity: .75; }
.sample { stroke: #555; color: #555; }
${rules('light')}
@media (prefers-color-scheme: dark) {
text { fill: #ddd; }
.sample { stroke: #bbb; color: #bbb; }
${rules('dark')}
}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
