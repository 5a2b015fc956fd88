import { t } from '@vscode/l10n';
import { toRgb, type ColourMap } from '../../src/panel-protocol/core/colour-map';
import type { LayerMark } from '../../src/panel-protocol/model';
import type { Severity } from '../../src/panel-protocol/core/severity';
import { positionOn, type ValueScale } from '../../src/panel-protocol/core/value-scale';
import { severityNames } from '../app/severity-names';
import { valueText } from '../heatmap/reading';
import { findingCountText, layerCountText } from '../lists/counts';
import type { Group } from './group-tree';
import type { Network, Vertex } from './network';
import { shortName } from './short-name';

/** What a node shows by its outline, so that it does not hang on colour. */
export type NodeShape = 'layer' | 'down' | 'up' | 'blur' | 'merge' | 'input' | 'group';

/** How one node looks and reads. */
export interface NodeView {
  readonly shape: NodeShape;
  readonly title: string;
  readonly detail: string;
  /** CSS colours of the node and of the text on it; null where nothing was measured. */
  readonly colour: { readonly fill: string; readonly ink: string } | null;
  /** The gravest of the findings in it, and how many there are. */
  readonly finding: { readonly severity: Severity; readonly count: number } | null;
  /** What fixes have made of it. */
  readonly mark: LayerMark | null;
  /** All of it in words. */
  readonly spoken: string;
}

/** What nodes are coloured by. */
export interface Colouring {
  /** Mean equivariance by layer. */
  readonly means: ReadonlyMap<string, number>;
  readonly colourMap: ColourMap;
  readonly scale: ValueScale;
}

const longestTitle = 20;
const longestDetail = 28;
const marks: Readonly<Record<LayerMark, string>> = { inserted: t`inserted by a fix`, fixed: t`fixed by a fix` };
const severities: readonly Severity[] = ['hint', 'information', 'warning', 'error'];

/** How a vertex or a group looks and reads. */
export function nodeView(group: Group, { vertices }: Network, colouring: Colouring): NodeView {
  const inside = vertices.slice(group.first, group.end);
  const [only] = inside;
  const mean = lowestMean(inside, colouring.means);
  const finding = findingIn(inside);
  const colour = mean === null ? null : coloursOf(mean, colouring);
  const mark = inside.find(({ row }) => row !== null && row.mark !== null)?.row?.mark ?? null;
  const shared = { colour, finding, mark, title: shortName(group.label, longestTitle) };
  if (group.kind === 'vertex' && only !== undefined) {
    return {
      ...shared,
      shape: shapeOf(only),
      detail: shortName(vertexDetail(only, mean), longestDetail),
      spoken: spokenVertex(only, mean),
    };
  }
  const layers = inside.filter(({ row }) => row !== null).length;
  const meanText = mean === null ? '' : ` · ${valueText(mean)}`;
  const detail = `${layerCountText(layers)}${mixesDown(inside) ? ' ↓' : ''}${meanText}`;
  return { ...shared, shape: 'group', detail, spoken: spokenGroup(group, inside, layers, mean) };
}

function lowestMean(vertices: readonly Vertex[], means: Colouring['means']): number | null {
  let lowest: number | null = null;
  for (const { row } of vertices) {
    const mean = row === null ? undefined : means.get(row.layer);
    if (mean !== undefined && (lowest === null || mean < lowest)) lowest = mean;
  }
  return lowest;
}

function findingIn(vertices: readonly Vertex[]): NodeView['finding'] {
  const found = vertices.flatMap(({ row }) => row?.finding ?? []);
  const gravest = found.reduce((most, { severity }) => Math.max(most, severities.indexOf(severity)), -1);
  const severity = severities[gravest];
  return severity === undefined ? null : { severity, count: found.length };
}

/** Text is black or white, whichever is told better from the colour (WCAG's relative luminance). */
function coloursOf(mean: number, { colourMap, scale }: Colouring): { fill: string; ink: string } {
  const rgb = toRgb(colourMap, positionOn(scale, mean));
  const [red = 0, green = 0, blue = 0] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return { fill: `rgb(${rgb.join(' ')})`, ink: luminance > 0.179 ? '#000000' : '#ffffff' };
}

function shapeOf({ kind, sampling }: Vertex): NodeShape {
  if (kind === 'input' || kind === 'blur') return kind;
  if (sampling !== 'same') return sampling;
  return kind === 'merge' ? 'merge' : 'layer';
}

function vertexDetail({ row, shape, kind, sampling }: Vertex, mean: number | null): string {
  if (row === null) return shape;
  const step = sampling === 'down' ? ` ↓${strideText(row.stride)}` : sampling === 'up' ? ' ↑' : '';
  return `${row.mark === 'inserted' ? '+ ' : ''}${kind === 'blur' ? t`Blur` : row.op}${step}${mean === null ? '' : ` · ${valueText(mean)}`}`;
}

/** One number where all axes agree; empty where it is not known. */
function strideText(stride: readonly number[] | null): string {
  return stride === null ? '' : [...new Set(stride)].length === 1 ? `${stride[0] ?? ''}` : stride.join('×');
}

function spokenVertex(vertex: Vertex, mean: number | null): string {
  const { row, label, shape, kind, sampling, isOutput } = vertex;
  if (row === null) return t`${label}, input, ${shape}`;
  const stride = strideText(row.stride);
  return [
    label,
    kind === 'blur' ? t`blur (${row.op})` : row.op,
    shape,
    sampling === 'down' ? downsamplesText(stride) : sampling === 'up' ? t`upsamples` : '',
    isOutput ? t`output of the model` : '',
    row.mark === null ? '' : marks[row.mark],
    mean === null ? '' : t`mean equivariance ${valueText(mean)}`,
    row.finding === null ? '' : `${severityNames[row.finding.severity]}: ${row.finding.rule}`,
  ]
    .filter((part) => part !== '')
    .join(t`, `);
}

function spokenGroup({ label, kind }: Group, inside: readonly Vertex[], layers: number, mean: number | null): string {
  const found = inside.filter(({ row }) => row !== null && row.finding !== null).length;
  return [
    kind === 'stage' ? t`stage ${label}` : t`group ${label}`,
    layerCountText(layers),
    mixesDown(inside) ? downsamplesText('') : '',
    mean === null ? '' : t`lowest mean equivariance ${valueText(mean)}`,
    found === 0 ? '' : findingCountText(found),
  ]
    .filter((part) => part !== '')
    .join(t`, `);
}

function mixesDown(vertices: readonly Vertex[]): boolean {
  return vertices.some(({ sampling }) => sampling === 'down');
}

/** @param stride empty where it is not known */
function downsamplesText(stride: string): string {
  return stride === '' ? t`downsamples` : t`downsamples, stride ${stride}`;
}
