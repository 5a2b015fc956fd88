import { operations } from '../graph-builder';
import { describeRule, stem } from './judging';

const { spaceToDepth } = operations;

describeRule('space-to-depth', [
  ['blocks of two', [stem, ['layer', spaceToDepth(2)]], [['layer', 'space-to-depth']]],
  ['blocks of one', [stem, ['layer', spaceToDepth(1)]], []],
]);
