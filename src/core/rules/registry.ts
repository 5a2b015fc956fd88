import type { Rule } from './rule';
import { stridedAvgPool } from './strided-avg-pool';
import { stridedConv } from './strided-conv';
import { stridedMaxPool } from './strided-max-pool';
import { stridedPointwiseConv } from './strided-pointwise-conv';

/** All rules. A new rule is its file, its test, its page under docs/rules and a line here. */
export const rules: readonly Rule[] = [stridedMaxPool, stridedConv, stridedPointwiseConv, stridedAvgPool];
