import { t } from '@vscode/l10n';
import type { LayerRow } from '../../src/panel-protocol/model';
import type { NetworkInput, NetworkNode } from '../../src/panel-protocol/network';

/** An input or a layer of the network, in the order in which they are worked out: what one reads stands before it. */
export interface Vertex {
  /** Of a layer, null for an input of the model. */
  readonly row: LayerRow | null;
  readonly label: string;
  /** The modules around it and its own, outermost first; none where the exporter kept none. */
  readonly path: readonly string[];
  /** What it gives, for people. */
  readonly shape: string;
  /** Layers of one resolution belong to one stage; empty for what has no positions. */
  readonly stage: string;
  readonly kind: NetworkNode['kind'] | 'input';
  readonly sampling: NetworkNode['sampling'];
  readonly isOutput: boolean;
}

/** A tensor between two vertices, named by their places; `from` is the smaller one. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly shape: string;
}

/** The whole network. */
export interface Network {
  readonly vertices: readonly Vertex[];
  readonly edges: readonly Edge[];
}

/** What the extension has told of how layers are connected. */
export interface NetworkState {
  readonly inputs: readonly NetworkInput[];
  readonly nodes: readonly NetworkNode[];
}

/** Paths of more modules have the innermost ones in one piece. */
const deepestPath = 24;

/** Joins the rows of the layers with what connects them; null until all of both have come. */
export function joinedNetwork(layerCount: number, rows: readonly LayerRow[], { inputs, nodes }: NetworkState): Network | null {
  if (layerCount === 0 || rows.length !== layerCount || nodes.length !== layerCount) return null;
  const vertices: Vertex[] = inputs.map(inputVertex);
  const edges: Edge[] = [];
  for (const [index, node] of nodes.entries()) {
    const row = rows[index];
    if (row === undefined) return null;
    const to = inputs.length + index;
    for (const { from, shape } of node.reads) {
      const source = from < 0 ? -1 - from : inputs.length + from;
      if (source >= 0 && source < to) edges.push({ from: source, to, shape });
    }
    vertices.push(layerVertex(row, node));
  }
  return { vertices, edges };
}

function inputVertex({ name, shape }: NetworkInput): Vertex {
  return { row: null, label: name, path: [], shape, stage: '', kind: 'input', sampling: 'same', isOutput: false };
}

function layerVertex(row: LayerRow, { module, kind, sampling, size, isOutput }: NetworkNode): Vertex {
  const { label, shape } = row;
  return { row, label, path: pathOf(module, label), shape, stage: stageOf(row, size), kind, sampling, isOutput };
}

/** Names of TensorFlow's scopes are taken for modules, where no exporter tells. */
function pathOf(module: string | null, label: string): readonly string[] {
  const scopes = module === null ? label.split('/').slice(0, -1) : module.split('.');
  const path = scopes.filter((scope) => scope !== '');
  return path.length <= deepestPath ? path : [...path.slice(0, deepestPath - 1), path.slice(deepestPath - 1).join('.')];
}

/** Maps of a single sample, as squeeze-and-excitation has them, are no stage of their own. */
function stageOf({ cumulativeStride }: LayerRow, size: NetworkNode['size']): string {
  if (size !== null) return size[0] === 1 && size[1] === 1 ? '' : size.join(' × ');
  if (cumulativeStride === null) return '';
  const [down, across] = cumulativeStride;
  return t`stride ${down === across ? down : cumulativeStride.join(' × ')}`;
}
