import { compiledModel } from './compiled-model';
import { dynamicStride } from './dynamic-stride';
import { patchifyConv } from './patchify-conv';
import type { GraphRule, Rule } from './rule';
import { spaceToDepth } from './space-to-depth';
import { stridedAvgPool } from './strided-avg-pool';
import { stridedConv } from './strided-conv';
import { stridedMaxPool } from './strided-max-pool';
import { stridedPointwiseConv } from './strided-pointwise-conv';
import { stridedSubsample } from './strided-subsample';
import { weakBlur } from './weak-blur';

/** Every rule, in the order of settings and tables. `npm run new-rule` adds a line; `npm run generate` writes what follows from it. */
const registered = [
  stridedMaxPool,
  stridedConv,
  stridedPointwiseConv,
  stridedAvgPool,
  stridedSubsample,
  patchifyConv,
  spaceToDepth,
  weakBlur,
  compiledModel,
  dynamicStride,
] as const;

/** Names a rule in findings, settings and comments that silence it. */
export type RuleId = (typeof registered)[number]['id'];

/** Rules about the layers of model files. At most one concerns a layer. */
export const graphRules: readonly GraphRule<RuleId>[] = registered.filter((rule) => 'concerns' in rule);

/** Every rule's identifier. */
export const ruleIds: readonly RuleId[] = registered.map(({ id }) => id);

/** True for the identifier of a rule. */
export function isRuleId(value: unknown): value is RuleId {
  return (ruleIds as readonly unknown[]).includes(value);
}

/** Every rule by its identifier: those of model files also judge source code, which has one more. */
export const rules = Object.fromEntries(registered.map((rule) => [rule.id, rule])) as Readonly<Record<RuleId, Rule<RuleId>>>;
