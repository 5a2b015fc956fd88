import { operations } from '../graph-builder';
import { describeRule, stem } from './judging';

const { maxPool } = operations;
const compiled = { kind: 'opaque', reason: 'it is compiled', compiled: true } as const;

describeRule('compiled-model', [
  ['the first of two compiled layers', [stem, ['layer', compiled], ['other', compiled]], [['layer', 'compiled-model']]],
  ['an unknown operator', [stem, ['layer', { kind: 'opaque', reason: 'nobody knows it' }]], []],
  ['a pool', [stem, ['layer', maxPool(3, 1)]], []],
]);
