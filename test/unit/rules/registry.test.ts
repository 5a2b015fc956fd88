import { describe, expect, it } from 'vitest';
import { graphRules, ruleIds, rules } from '../../../src/core/rules/registry';

describe('rules', () => {
  it('are registered once each', () => {
    expect(new Set(ruleIds).size).toBe(ruleIds.length);
    expect(new Set(graphRules.map(({ id }) => id)).size).toBe(graphRules.length);
  });

  it('are found by their identifier', () => {
    expect(Object.keys(rules)).toEqual(ruleIds);
    for (const id of ruleIds) expect(rules[id].id).toBe(id);
  });

  it('of model files are all but the one about code', () => {
    expect(ruleIds.filter((id) => !graphRules.some((rule) => rule.id === id))).toEqual(['dynamic-stride']);
  });
});
