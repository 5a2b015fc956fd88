import { operations } from '../graph-builder';
import { describeRule, stem } from './judging';

const { averagePool, maxPool, resize, slice } = operations;

describeRule('strided-subsample', [
  ['a strided slice', [stem, ['layer', slice(2)]], [['layer', 'strided-subsample']]],
  ['a max-pool of one sample', [stem, ['layer', maxPool(1, 2)]], [['layer', 'strided-subsample']]],
  ['an average of one sample', [stem, ['layer', averagePool(1, 2)]], [['layer', 'strided-subsample']]],
  ['a nearest resize to half', [stem, ['layer', resize('nearest')]], [['layer', 'strided-subsample']]],
  ['a linear resize to half', [stem, ['layer', resize('linear')]], [['layer', 'strided-subsample']]],
  ['an antialiased resize', [stem, ['layer', resize('linear', true)]], []],
]);
