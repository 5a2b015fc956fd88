import { expect, test } from 'vitest';
import { operatorOf, operators } from '../../../src/core/formats/tfjs-graph/operators/table';

test('every operator is registered once', () => {
  const registered = operators.flatMap(({ names }) => names);
  expect(registered.filter((name, index) => registered.indexOf(name) !== index)).toEqual([]);
  expect(registered.length).toBeGreaterThan(120);
});

test('every operator is found under its names', () => {
  for (const operator of operators) for (const op of operator.names) expect(operatorOf({ op })).toBe(operator);
  expect(operatorOf({ op: 'Elsewhere' })).toBeUndefined();
});
