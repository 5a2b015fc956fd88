import { Graph, layout, type EdgeLabel, type GraphLabel, type NodeLabel } from '@dagrejs/dagre';
import type { LayeredEdge, LayeredGraph, LayeredPicture, Point, Size } from './layout';

/** Points of long edges that take part in a layout; the longest edges beyond it are led past everything else. */
const mostBends = 100;
/** CSS pixels between nodes of a layer, between bends, and between layers. */
const spacing = { nodesep: 26, edgesep: 14, ranksep: 40 };
/** Between edges that are led past everything. */
const lane = 8;

/** Places nodes in layers so that edges lead down (Sugiyama's method). */
export function layered({ nodes, edges }: LayeredGraph): LayeredPicture {
  const kept = new Set(affordableEdges(nodes.length, edges));
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', ...spacing });
  for (const [index, { width, height }] of nodes.entries()) graph.setNode(`${index}`, { width, height });
  for (const [index, { from, to }] of edges.entries()) {
    if (kept.has(index)) graph.setEdge(`${from}`, `${to}`, { width: 0, height: 0, weight: 1 }, `${index}`);
  }
  layout(graph);
  const centres = nodes.map((_, index) => pointOf(graph.node(`${index}`)));
  const { width = 0, height = 0 } = graph.graph();
  let lanes = 0;
  const ways = edges.map(({ from, to }, index) => {
    if (kept.has(index)) return (graph.edge(`${from}`, `${to}`, `${index}`).points ?? []).map(pointOf);
    return pastEverything(ends(nodes, centres, from, to), width + lane * ++lanes);
  });
  return { size: { width: width + (lanes === 0 ? 0 : lane * (lanes + 1)), height }, centres, ways };
}

/** Indices of the edges that are cheap to lay out: the shortest ones, by the layers that they pass. */
function affordableEdges(count: number, edges: readonly LayeredEdge[]): readonly number[] {
  const ranks = new Int32Array(count);
  const order = edges.map((_, index) => index).toSorted((one, other) => (edges[one]?.from ?? 0) - (edges[other]?.from ?? 0));
  for (const index of order) {
    const { from = 0, to = 0 } = edges[index] ?? {};
    ranks[to] = Math.max(ranks[to] ?? 0, (ranks[from] ?? 0) + 1);
  }
  const bends = edges.map(({ from, to }) => (ranks[to] ?? 0) - (ranks[from] ?? 0) - 1);
  let left = mostBends;
  return order
    .toSorted((one, other) => (bends[one] ?? 0) - (bends[other] ?? 0))
    .filter((index) => {
      left -= bends[index] ?? 0;
      return left >= 0;
    });
}

function ends(nodes: readonly Size[], centres: readonly Point[], from: number, to: number): readonly [Point, Point] {
  const at = (index: number, side: 1 | -1): Point => {
    const { x, y } = centres[index] ?? { x: 0, y: 0 };
    return { x: x + (nodes[index]?.width ?? 0) / 4, y: y + (side * (nodes[index]?.height ?? 0)) / 2 };
  };
  return [at(from, 1), at(to, -1)];
}

function pastEverything([start, end]: readonly [Point, Point], x: number): readonly Point[] {
  const turn = spacing.ranksep / 4;
  return [start, { x, y: start.y + turn }, { x, y: end.y - turn }, end];
}

function pointOf({ x = 0, y = 0 }: { readonly x?: number | undefined; readonly y?: number | undefined }): Point {
  return { x, y };
}
