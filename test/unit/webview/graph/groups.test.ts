import { describe, expect, it } from 'vitest';
import { mostNodes, openAgain, openAll, openAtFirst, shownCount, withOpen } from '../../../../webview/graph/expansion';
import { groupTree, wayTo, type Group } from '../../../../webview/graph/group-tree';
import { joinedNetwork } from '../../../../webview/graph/network';
import { matchingVertices } from '../../../../webview/graph/search';
import { dense, networkOf, residual, rowOf, uNet } from './networks';

/** Every group of a tree. */
function allGroups(group: Group): readonly Group[] {
  return [group, ...group.children.flatMap(allGroups)];
}

const labels = ({ children }: Group): readonly string[] => children.map(({ label }) => label);

describe('groups of the drawn network', () => {
  it('are the modules that layers were exported from, one inside another', () => {
    const tree = groupTree(residual(2, 2, true));
    expect(labels(tree)).toEqual(['image', 'conv1', 'layer1', 'layer2']);
    expect(labels(tree.children[2]!)).toEqual(['0', '1']);
    expect(labels(tree.children[2]!.children[0]!)).toEqual(['conv1', 'relu', 'conv2', 'add']);
  });

  it('are the stages of one resolution, where there are many layers and no modules', () => {
    const tree = groupTree(residual(3, 3, false));
    expect(labels(tree)).toEqual(['64 × 64', '32 × 32', '16 × 16']);
    expect(tree.children.map(({ kind }) => kind)).toEqual(['stage', 'stage', 'stage']);
  });

  it('end where a block ends, where a stage is still too much', () => {
    const network = residual(1, 24, false);
    const ends = groupTree(network).children.map(({ end }) => end);
    // The input, the stem, and blocks of four: nothing but a sum leads from one group to the next.
    expect(ends.slice(0, -1).every((end) => (end - 2) % 4 === 0)).toBe(true);
  });

  it('of a U-Net tell the way up from the way down', () => {
    const tree = groupTree(uNet(18));
    expect(labels(tree).filter((label) => label === '128 × 128')).toHaveLength(2);
    expect(new Set(allGroups(tree).map(({ id }) => id)).size).toBe(allGroups(tree).length);
  });

  it('of a module that is called again are two, with ids of their own', () => {
    const tree = groupTree(networkOf(['a.x', 'a.y', 'b', 'a.x', 'a.y'].map((module) => ({ module }))));
    expect(labels(tree)).toEqual(['image', 'a', 'b', 'a']);
    expect(new Set(tree.children.map(({ id }) => id)).size).toBe(4);
  });

  it('have one name for modules that hold nothing but each other', () => {
    const tree = groupTree(networkOf(['stem', 'body.inner.a', 'body.inner.b'].map((module) => ({ module }))));
    expect(labels(tree)).toEqual(['image', 'stem', 'body.inner']);
    expect(labels(tree.children[2]!)).toEqual(['a', 'b']);
  });

  it.each([
    ['2,000 layers in a row', networkOf(Array.from({ length: 2000 }, () => ({})))],
    ['2,000 layers in one module', networkOf(Array.from({ length: 2000 }, () => ({ module: 'a' })))],
    ['a path of 4,000 modules', networkOf(Array.from({ length: 50 }, (_, index) => ({ module: `${'m.'.repeat(4000)}${index}` })))],
    [
      '400 modules of 5 layers',
      networkOf(Array.from({ length: 2000 }, (_, index) => ({ module: `m${Math.floor(index / 5)}.${index % 5}` }))),
    ],
    ['40 layers that read all before them', dense(40)],
    ['layers that read nothing', networkOf(Array.from({ length: 300 }, () => ({ reads: [] })))],
  ])('of %s hold every vertex once, in order, and never many at once', (_, network) => {
    const tree = groupTree(network);
    for (const { first, end, children } of allGroups(tree)) {
      expect(children.length).toBeLessThanOrEqual(33);
      if (children.length === 0) expect(end - first).toBe(1);
      else expect([first, ...children.map((child) => child.end)]).toEqual([...children.map((child) => child.first), end]);
    }
    expect(wayTo(tree, network.vertices.length - 1).at(-1)).toMatchObject({ first: network.vertices.length - 1, children: [] });
    expect(shownCount(tree, openAtFirst(tree))).toBeLessThanOrEqual(64);
    expect(shownCount(tree, openAll(tree))).toBeLessThanOrEqual(mostNodes);
  });

  it('are all open at first where the network is small', () => {
    const tree = groupTree(residual(2, 3, true));
    expect(shownCount(tree, openAtFirst(tree))).toBe(allGroups(tree).length - 1);
  });

  it('are open again where they were, and as at first where the tree has none of them', () => {
    const tree = groupTree(residual(2, 2, true));
    const [, , layer1, layer2] = tree.children;
    expect([...openAgain(tree, [layer2!.id, 'gone'])]).toEqual([layer2!.id]);
    // One inside of a closed one is not in sight.
    expect(openAgain(tree, [layer1!.children[0]!.id])).toEqual(openAtFirst(tree));
    expect(openAgain(tree, ['gone'])).toEqual(openAtFirst(tree));
  });

  it('make room by closing those farthest away', () => {
    const tree = groupTree(networkOf(Array.from({ length: 2000 }, () => ({}))));
    const all = openAll(tree);
    const way = wayTo(tree, 1990).slice(0, -1);
    const open = withOpen(tree, all, way);
    expect(way.every(({ id }) => open.has(id))).toBe(true);
    expect(shownCount(tree, open)).toBeLessThanOrEqual(mostNodes);
    expect(open.size).toBeGreaterThan(way.length);
  });
});

describe('the network', () => {
  it('is there once all rows and all connections are', () => {
    const rows = [rowOf('a'), rowOf('b')];
    const node = { module: null, reads: [], isOutput: false, kind: 'other', sampling: 'same', size: null } as const;
    expect(joinedNetwork(2, rows, { inputs: [], nodes: [node] })).toBeNull();
    expect(joinedNetwork(2, rows.slice(1), { inputs: [], nodes: [node, node] })).toBeNull();
    expect(joinedNetwork(2, rows, { inputs: [], nodes: [node, node] })?.vertices).toHaveLength(2);
  });

  it('has no edge that leads back or comes from nowhere, whatever is sent', () => {
    expect(networkOf([{ reads: [0] }, { reads: [5, -9, 0] }]).edges).toEqual([{ from: 1, to: 2, shape: '1 × 8' }]);
  });

  it('is searched by names, operation and rule', () => {
    const network = networkOf([{}, { finding: true }, {}]);
    expect(matchingVertices(network, 'CONV strided')).toEqual([2]);
    expect(matchingVertices(network, 'l2')).toEqual([3]);
    expect(matchingVertices(network, '  ')).toEqual([]);
  });
});
