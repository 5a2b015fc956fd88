import { dynamicStride } from './dynamic-stride';
import type { GraphRule, Rule, RuleId } from './rule';
import { stridedAvgPool } from './strided-avg-pool';
import { stridedConv } from './strided-conv';
import { stridedMaxPool } from './strided-max-pool';
import { patchifyConv } from './patchify-conv';
import { spaceToDepth } from './space-to-depth';
import { stridedPointwiseConv } from './strided-pointwise-conv';
import { stridedSubsample } from './strided-subsample';
import { weakBlur } from './weak-blur';

/** Rules about the layers of model files. A new rule is its file, its page under docs/rules and a line here. */
export const graphRules: readonly GraphRule[] = [
  stridedMaxPool,
  stridedConv,
  stridedPointwiseConv,
  stridedAvgPool,
  stridedSubsample,
  patchifyConv,
  spaceToDepth,
  weakBlur,
];

/** Every rule by its identifier: those of model files also judge source code, which has one more. */
export const rules: Readonly<Record<RuleId, Rule>> = {
  'strided-max-pool': stridedMaxPool,
  'strided-conv': stridedConv,
  'strided-pointwise-conv': stridedPointwiseConv,
  'strided-avg-pool': stridedAvgPool,
  'strided-subsample': stridedSubsample,
  'patchify-conv': patchifyConv,
  'space-to-depth': spaceToDepth,
  'weak-blur': weakBlur,
  'dynamic-stride': dynamicStride,
};
