import { describe, expect, it } from 'vitest';
import { openAll, openAtFirst } from '../../../../webview/graph/expansion';
import { groupTree, type Group } from '../../../../webview/graph/group-tree';
import { layered } from '../../../../webview/graph/layered';
import { laidOut, type Picture, type PlacedNode } from '../../../../webview/graph/layout';
import { neighboursOf, nodeAfterKey } from '../../../../webview/graph/neighbours';
import type { Network } from '../../../../webview/graph/network';
import { outside, shownGraph } from '../../../../webview/graph/shown';
import { atTop, fitting, panned, showing, zoomed } from '../../../../webview/graph/viewport';
import { dense, networkOf, residual, uNet } from './networks';

function pictureOf(network: Network, openGroups: (tree: Group) => ReadonlySet<string>): Picture {
  const tree = groupTree(network);
  return laidOut(shownGraph(tree, openGroups(tree), network.edges), layered);
}

const apart = (one: PlacedNode, other: PlacedNode): boolean =>
  one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;

const within = (inner: PlacedNode, outer: PlacedNode): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

const networks: readonly (readonly [string, Network])[] = [
  ['a residual network with modules', residual(3, 3, true)],
  ['a residual network without', residual(3, 3, false)],
  ['a dense block', dense(24)],
  ['a U-Net', uNet(6)],
  ['branches', networkOf([{}, { reads: [0] }, { reads: [0] }, { reads: [0] }, { reads: [1, 2, 3] }])],
  ['parts that nothing connects', networkOf([{}, { reads: [] }, {}, { reads: [] }])],
  ['nothing but an input', networkOf([{ reads: [] }])],
];

describe('what is shown of the network', () => {
  it('joins the edges between closed groups, and leads those of open ones to their frames', () => {
    const network = residual(2, 1, true);
    const tree = groupTree(network);
    const [, , first] = tree.children;
    const closed = shownGraph(tree, new Set(), network.edges);
    expect(closed.edges.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(closed.edges.map(({ count }) => count)).toEqual([1, 2, 2]);
    const { inner } = shownGraph(tree, new Set([first!.id]), network.edges);
    expect(inner[2]?.edges.map(({ from, to }) => [from, to])).toEqual([
      [outside.before, 0],
      [0, 1],
      [1, 2],
      [2, 3],
      [outside.before, 3],
      [3, outside.behind],
    ]);
  });

  it.each(networks)('%s: every edge between open vertices is drawn once, none leads back', (_, network) => {
    const tree = groupTree(network);
    const shown = shownGraph(tree, openAll(tree), network.edges);
    const walk = (group: typeof shown): number =>
      group.edges.reduce((sum, { from, to, count }) => {
        if (from >= 0 && to >= 0) expect(from).toBeLessThan(to);
        return from >= 0 && to >= 0 ? sum + count : sum;
      }, 0) + group.inner.reduce((sum, inner) => sum + (inner === null ? 0 : walk(inner)), 0);
    expect(walk(shown)).toBe(network.edges.length);
  });
});

describe('the layout', () => {
  it.each(networks)('%s: nodes lie apart, inside their frames, and what is read above what reads it', (_, network) => {
    const { nodes, edges, width, height } = pictureOf(network, openAll);
    for (const [index, node] of nodes.entries()) {
      const inFrame = ({ group }: PlacedNode): boolean => group.first >= node.group.first && group.end <= node.group.end;
      for (const other of nodes.slice(index + 1))
        expect(node.isOpen && inFrame(other) ? within(other, node) : apart(node, other)).toBe(true);
      expect(within(node, { ...node, x: 0, y: 0, width, height })).toBe(true);
    }
    for (const { points } of edges) {
      expect(points.length).toBeGreaterThan(1);
      expect(points[0]!.y).toBeLessThan(points.at(-1)!.y);
    }
    const closed = new Map(nodes.filter(({ isOpen }) => !isOpen).map((node) => [node.group.first, node]));
    for (const { from, to } of network.edges) expect(closed.get(from)!.y + closed.get(from)!.height).toBeLessThanOrEqual(closed.get(to)!.y);
  });

  it('tells a tensor once, where several read it', () => {
    const { edges } = pictureOf(networkOf([{}, { reads: [0] }, { reads: [0] }]), openAll);
    expect(edges.map(({ label }) => label)).toEqual(['1 × 8', '1 × 8', '']);
  });

  it('stays small where 60 layers each read all before them', () => {
    const { nodes, edges } = pictureOf(dense(60), openAtFirst);
    expect(nodes.length).toBeLessThanOrEqual(64);
    expect(edges.every(({ points }) => points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)))).toBe(true);
  });
});

describe('keys', () => {
  const network = networkOf([{}, { reads: [0] }, { reads: [0] }, { reads: [1, 2] }]);
  const tree = groupTree(network);
  const { nodes } = laidOut(shownGraph(tree, new Set(), network.edges), layered);
  const neighbours = neighboursOf(tree, new Set(), network.edges);
  const after = (key: string, from: string): string | undefined =>
    nodeAfterKey(
      key,
      nodes.find(({ group }) => group.id === from)!,
      nodes,
      neighbours,
    )?.group.id;

  it('walk along edges, and to what stands beside', () => {
    expect(after('ArrowDown', 'l0')).toBe('l1');
    expect(after('ArrowUp', 'l3')).toBe('l2');
    expect(new Set([after('ArrowLeft', 'l1') ?? after('ArrowRight', 'l1')])).toEqual(new Set(['l2']));
    expect(after('ArrowUp', 'input image')).toBeUndefined();
    expect([after('Home', 'l2'), after('End', 'l0'), after('x', 'l0')]).toEqual(['input image', 'l3', undefined]);
  });

  it('walk across frames and closed groups', () => {
    const blocks = residual(2, 1, true);
    const grouped = groupTree(blocks);
    const open = new Set([grouped.children[2]!.id]);
    const picture = laidOut(shownGraph(grouped, open, blocks.edges), layered);
    const around = neighboursOf(grouped, open, blocks.edges);
    const node = (id: string): PlacedNode => picture.nodes.find(({ group }) => group.id === id)!;
    expect(nodeAfterKey('ArrowDown', node('l4'), picture.nodes, around)?.group.label).toBe('layer2.0');
    expect(nodeAfterKey('ArrowDown', node('l0'), picture.nodes, around)?.group.id).toBe('l1');
    expect(nodeAfterKey('ArrowDown', node(grouped.children[2]!.id), picture.nodes, around)?.group.id).toBe('l1');
  });
});

describe('the window', () => {
  const picture = { width: 400, height: 4000 };
  const view = { width: 800, height: 600 };

  it('shows all of the network, or its top at a size that can be read', () => {
    const { scale, x, y } = fitting(picture, view);
    expect(scale * picture.height).toBeCloseTo(view.height - 32);
    expect(x + (scale * picture.width) / 2).toBeCloseTo(400);
    expect(y).toBeCloseTo(16);
    expect(atTop(picture, view)).toEqual({ scale: 1, x: 200, y: 16 });
  });

  it('keeps the point under the pointer where it is, and some of the drawing in sight', () => {
    const near = zoomed({ scale: 1, x: 10, y: 20 }, 2, { x: 110, y: 220 });
    expect(near).toEqual({ scale: 2, x: -90, y: -180 });
    expect(zoomed(near, 1e9, { x: 0, y: 0 }).scale).toBe(3);
    expect(panned({ scale: 1, x: 0, y: 0 }, -1e6, 1e6, picture, view)).toEqual({ scale: 1, x: 48 - 400, y: 600 - 48 });
  });

  it('moves only as far as a node needs', () => {
    const node = { x: 0, y: 3000, width: 100, height: 40 };
    expect(showing({ scale: 1, x: 100, y: 0 }, node, view)).toEqual({ scale: 1, x: 100, y: 600 - 64 - 3040 });
    expect(showing({ scale: 1, x: 100, y: -2800 }, node, view)).toEqual({ scale: 1, x: 100, y: -2800 });
  });
});
