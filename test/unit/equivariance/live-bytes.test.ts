import { expect, test } from 'vitest';
import { liveBytes } from '../../../src/core/equivariance/walk/live-bytes';
import { graphOf, operations } from '../graph-builder';

const { relu, add } = operations;
const graph = graphOf(
  [
    ['a', relu],
    ['b', relu],
    ['c', relu],
    ['d', add, ['a', 'c']],
    ['e', relu],
  ],
  { size: 8, channels: 1 },
);
const bytes: Readonly<Record<string, number>> = { a: 1, b: 10, c: 100, d: 1000, e: 10_000 };

test.each([
  { kept: [], most: 11_000, why: 'a tensor is let go once its last reader has run' },
  { kept: ['c'], most: 11_100, why: 'what is read later stays' },
  { kept: ['a', 'b', 'c', 'd', 'e'], most: 11_111, why: 'and so may all' },
])('$why: $most bytes', ({ kept, most }) => {
  expect(liveBytes(graph.layers, (tensor) => bytes[tensor] ?? 0, kept)).toBe(most);
});
