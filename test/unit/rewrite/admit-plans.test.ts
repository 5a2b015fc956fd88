import { describe, expect, it } from 'vitest';
import { admitPlans } from '../../../src/core/rewrite/admit-plans';
import { blurFilter } from '../../../src/core/rewrite/filters';
import type { BlurPlan } from '../../../src/core/rewrite/plan';
import { planFix } from '../../../src/core/rewrite/planner';
import { graphOf, operations, rewritable, type LayerSpec } from '../graph-builder';

const { convolution, maxPool, relu } = operations;
const layers: readonly LayerSpec[] = [
  ['stem', convolution(3, 1)],
  ['pool', maxPool(2, 2)],
  ['conv', convolution(3, 2)],
  ['act', relu],
];
const model = rewritable(graphOf(layers));

function plan(layer: string, of = model): BlurPlan {
  const result = planFix(of, layer, blurFilter('tri-3'));
  if (!result.ok) throw new Error(result.reason);
  return result.plan;
}

describe('admitPlans', () => {
  it('takes all plans of a model, in their order', () => {
    const plans = [plan('conv'), plan('pool')];
    expect(admitPlans(model, plans)).toEqual(plans.map((admitted) => ({ ok: true, plan: admitted })));
  });

  it('takes the first of two plans for one layer, or for one tensor', () => {
    const refused = { ok: false, layer: 'pool', reason: '"pool" already gets a blur by another plan of this patch.', nodes: ['pool'] };
    expect(admitPlans(model, [plan('pool'), plan('pool')])).toMatchObject([{ ok: true }, refused]);
    expect(admitPlans(model, [plan('conv'), { ...plan('pool'), tensor: 'act' }])).toMatchObject([{ ok: true }, refused]);
  });

  it.each<[string, BlurPlan, string, readonly string[]]>([
    ['a layer that is gone', { ...plan('pool'), layer: 'ghost' }, 'The model has no layer named "ghost".', ['ghost']],
    ['an activation that is gone', { ...plan('conv'), blurAfter: 'ghost' }, 'The model has no layer named "ghost".', ['ghost']],
    [
      'another stride',
      { ...plan('pool'), stride: [3, 3] },
      '"pool" has stride 2x2, but the plan is for stride 3x3: it was made for another version of the model.',
      ['pool'],
    ],
    ['another kind of layer', { ...plan('pool'), layer: 'act' }, 'pointwise "act" is no layer that this fix is for.', ['act']],
  ])('refuses a plan for %s', (_, outdated, reason, nodes) => {
    expect(admitPlans(model, [outdated])).toEqual([{ ok: false, layer: outdated.layer, label: outdated.layer, reason, nodes }]);
  });

  it('takes the plan of a shared layer once, and whole', () => {
    const graph = graphOf([
      ['stem', convolution(3, 1)],
      ['pool', maxPool(2, 2)],
      ['pool (call 2)', maxPool(2, 2)],
    ]);
    const calls = graph.layers.map((layer) => {
      if (layer.name === 'stem') return layer;
      return { ...layer, calls: 2, ...(layer.name === 'pool' ? {} : { callOf: 'pool' }) };
    });
    const shared = rewritable({ ...graph, layers: calls });
    const both = [plan('pool', shared), plan('pool (call 2)', shared)];
    expect(both[1]).toEqual(both[0]);
    expect(both[0]!.furtherCalls).toMatchObject([{ layer: 'pool (call 2)', tensor: 'pool (call 2)', blur: { size: [15, 15] } }]);
    expect(admitPlans(shared, both)).toEqual([{ ok: true, plan: both[0] }]);
    expect(admitPlans(shared, [{ ...both[0]!, furtherCalls: [] }])).toEqual([
      {
        ok: false,
        layer: 'pool',
        label: 'pool',
        reason: '"pool" is shared by several calls; a fix has to serve all of them, "pool (call 2)" too.',
        nodes: ['pool (call 2)'],
      },
    ]);
  });
});
