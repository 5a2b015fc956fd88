import { describe, expect, it } from 'vitest';
import { networkInputs, networkNodes, type NetworkNode } from '../../../src/core/report/network';
import { RunningStatistics } from '../../../src/core/report/weight-statistics';
import { graphOf, operations } from '../graph-builder';

describe('the picture of a network', () => {
  const graph = graphOf([
    ['conv', operations.convolution(3, 1)],
    ['pool', operations.maxPool(2, 2)],
    ['blur', operations.blur([1, 2, 1], 2)],
    ['up', operations.resize('nearest')],
    ['sum', operations.add, ['up', 'conv']],
    ['global', operations.averagePool(32, 32)],
  ]);
  const nodes = [...networkNodes(graph, 0)];
  const each = <Key extends keyof NetworkNode>(key: Key): readonly NetworkNode[Key][] => nodes.map((node) => node[key]);

  it('says what each layer reads, by place, with the shape of the tensor', () => {
    expect(networkInputs(graph)).toEqual([{ name: 'image', shape: '? × 4 × 32 × 32' }]);
    expect(each('reads').map((reads) => reads.map(({ from }) => from))).toEqual([[-1], [0], [1], [2], [3, 0], [4]]);
    expect(nodes[2]!.reads[0]!.shape).toBe('? × 4 × 16 × 16');
    expect(each('isOutput')).toEqual([false, false, false, false, false, true]);
  });

  it('tells blurs, joins, and where samples are left out or added; a single sample leaves out none', () => {
    expect(each('kind')).toEqual(['other', 'other', 'blur', 'other', 'merge', 'other']);
    expect(each('sampling')).toEqual(['same', 'down', 'down', 'down', 'same', 'same']);
    expect(each('size')).toEqual([
      [32, 32],
      [16, 16],
      [8, 8],
      [4, 4],
      [4, 4],
      [1, 1],
    ]);
  });

  it('is made from any layer on', () => {
    expect([...networkNodes(graph, 4)]).toEqual(nodes.slice(4));
  });
});

describe('statistics of weights', () => {
  it('are those of all numbers together, wherever the pieces end', () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index % 10 === 0 ? 0 : Math.sin(index) + 1000));
    const running = new RunningStatistics();
    running.add(values.slice(0, 300));
    running.add(Float64Array.from(values.slice(300)));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const { result } = running;
    expect(result).toMatchObject({ min: 0, max: Math.max(...values), zeros: 0.1, notFinite: 0 });
    expect(result!.mean).toBeCloseTo(mean, 9);
    expect(result!.deviation).toBeCloseTo(Math.sqrt(variance), 9);
  });

  it('leave out what is no finite number, and count it', () => {
    const running = new RunningStatistics();
    running.add([Number.NaN, 1, Infinity, 3]);
    expect(running.result).toEqual({ min: 1, max: 3, mean: 2, deviation: 1, zeros: 0, notFinite: 2 });
    expect(new RunningStatistics().result).toBeNull();
  });
});
