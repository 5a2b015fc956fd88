import { expect, test } from 'vitest';
import { byName } from '../../../src/core/formats/operator-names';
import { operatorOf, operators } from '../../../src/core/formats/onnx/operators/table';

test('every operator is registered once in its operator set', () => {
  const registered = operators.flatMap(({ names, domains = [''] }) =>
    names.flatMap((name) => domains.map((domain) => `${domain}:${name}`)),
  );
  expect(registered.filter((name, index) => registered.indexOf(name) !== index)).toEqual([]);
  expect(registered.length).toBeGreaterThan(200);
});

test('every operator is found under its names, in its operator sets only', () => {
  for (const operator of operators) {
    const { names, domains = [''] } = operator;
    for (const opType of names) {
      for (const domain of domains) expect(operatorOf({ opType, domain })).toBe(operator);
      expect(operatorOf({ opType, domain: 'elsewhere' })).toBeUndefined();
    }
  }
});

test('a name that stands twice is told at once', () => {
  expect(() => byName([{ names: ['Relu', 'Elu'] }, { names: ['Elu'] }])).toThrow('The operator Elu is registered twice.');
  expect([...byName([{ names: ['Relu', 'Elu'] }]).keys()]).toEqual(['Relu', 'Elu']);
});

test('what is folded is either values or a whole constant', () => {
  expect(operators.filter(({ fold, constant }) => fold !== undefined && constant !== undefined)).toEqual([]);
});
