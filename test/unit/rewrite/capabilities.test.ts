import { describe, expect, it } from 'vitest';
import type { Layer, ModelGraph, Operation, Padding, Tensor } from '../../../src/core/graph/model-graph';
import type { FormatCapabilities } from '../../../src/core/rewrite/capabilities';
import { blurFilter } from '../../../src/core/rewrite/filters';
import type { BlurPlan, PlanResult } from '../../../src/core/rewrite/plan';
import { planFix } from '../../../src/core/rewrite/planner';
import { graphOf, operations, rewritable, window, type LayerSpec } from '../graph-builder';

const { convolution, maxPool, averagePool, relu, resize } = operations;

/** A format that can do everything; each test takes something from it. */
const everything: FormatCapabilities = {
  runtime: 'Toy',
  borders: ['reflect', 'replicate', 'zero'],
  elementTypes: ['float16', 'float32', 'float64'],
  samePadding: 'spelt-out',
  shortSame: { least: -Infinity, reason: 'is short' },
  noExplicitPadding: {},
  poolPaddingWithinKernel: false,
  dilatedStrides: true,
};

const explicit = (begin: number, end: number): Padding => ({ kind: 'explicit', begin: [begin, begin], end: [end, end] });
const pool = (padding: Padding, kernel = 2, stride = 2): Operation => ({ kind: 'max-pool', window: window(kernel, stride, { padding }) });
const dilated: Operation = { kind: 'max-pool', window: { ...window(2, 2), dilation: [2, 2] } };
const stem: LayerSpec = ['stem', convolution(3, 1)];
const graph = (layer: Operation, size = 32): ModelGraph => graphOf([stem, ['layer', layer]], { size });

function change(model: ModelGraph, tensor: string, facts: Partial<Tensor>): ModelGraph {
  return {
    ...model,
    tensors: new Map([...model.tensors].map(([name, known]) => [name, name === tensor ? { ...known, ...facts } : known])),
  };
}

function changeLayer(model: ModelGraph, name: string, facts: Partial<Layer>): ModelGraph {
  return { ...model, layers: model.layers.map((layer) => (layer.name === name ? { ...layer, ...facts } : layer)) };
}

function plan(model: ModelGraph, limits: Partial<FormatCapabilities> = {}): PlanResult {
  return planFix(rewritable(model, { ...everything, ...limits }), 'layer', blurFilter('tri-3'));
}

function planOf(model: ModelGraph, limits: Partial<FormatCapabilities> = {}): BlurPlan {
  const result = plan(model, limits);
  if (!result.ok) throw new Error(result.reason);
  return result.plan;
}

describe('a format', () => {
  it.each<[string, ModelGraph, Partial<FormatCapabilities>, string]>([
    [
      'without blurs of that rank',
      graph(maxPool(2, 2)),
      { ranks: { allowed: [1], reason: 'Toy is flat' } },
      '"layer" cannot be rewritten: Toy is flat.',
    ],
    [
      'without blurs of that layout',
      graph(maxPool(2, 2)),
      { layouts: { allowed: ['channels-last'], reason: 'its channels come first' } },
      '"layer" cannot be rewritten: its channels come first.',
    ],
    [
      'without blurs of that type',
      change(graph(maxPool(2, 2)), 'layer', { elementType: 'float64' }),
      { elementTypes: ['float16', 'float32'] },
      '"layer" cannot be rewritten: "layer" is not known to hold float16 or float32 values, and a blur needs them.',
    ],
    [
      'with values that are no floats',
      change(graph(maxPool(2, 2)), 'layer', { elementType: 'other' }),
      {},
      '"layer" cannot be rewritten: "layer" is not known to hold float16, float32 or float64 values, and a blur needs them.',
    ],
    [
      'that does not stride what is dilated',
      graph(dilated),
      { dilatedStrides: false },
      '"layer" is dilated and strided at once, which Toy does not run, so there is no output that a fix could keep.',
    ],
    [
      'that pads no pool explicitly',
      graph(pool(explicit(1, 1))),
      { noExplicitPadding: { 'max-pool': 'is padded by hand' } },
      '"layer" is padded by hand.',
    ],
    [
      'whose pools pad less than their kernel',
      graph(pool(explicit(0, 2))),
      { poolPaddingWithinKernel: true },
      '"layer" rounds its size up past its own kernel, which no padding at stride 1 expresses.',
    ],
    [
      'that places SAME windows short of the map anyhow',
      graph(pool({ kind: 'same-upper' }, 1, 4)),
      { shortSame: { least: -2, reason: 'has windows that stop short' } },
      '"layer" has windows that stop short.',
    ],
    [
      'that has no way to write this very blur',
      graph(maxPool(2, 2)),
      { obstacle: ({ channels, size }) => `Toy has no ${channels} channels of ${size.join('x')}` },
      '"layer" cannot be rewritten: Toy has no 4 channels of 31x31.',
    ],
  ])('%s gets no plan but the reason and the layer', (_, model, limits, reason) => {
    expect(plan(model).ok).toBe(Object.keys(limits).length > 0);
    expect(plan(model, limits)).toEqual({ ok: false, reason, nodes: ['layer'] });
  });

  it('is refused nothing where it can do everything', () => {
    for (const operation of [dilated, pool(explicit(1, 1)), pool({ kind: 'same-upper' }, 1, 4), averagePool(2, 2)]) {
      expect(plan(graph(operation))).toMatchObject({ ok: true });
    }
  });

  it('whose windows stop short in volumes alone keeps its maps', () => {
    const shortSame = { least: 0, ranks: [3], reason: 'stops short' };
    expect(plan(graph(pool({ kind: 'same-upper' }, 1, 4)), { shortSame })).toMatchObject({ ok: true });
  });

  it('that pads with zeros alone has them in the plan, with a note', () => {
    expect(planOf(graph(maxPool(2, 2)), { borders: ['zero'] })).toMatchObject({
      blur: { border: 'zero' },
      notes: [expect.stringContaining('no layer that reflects')],
    });
    expect(planOf(graph(maxPool(2, 2))).blur.border).toBe('reflect');
  });

  it('that repeats edges does so where a map is too small to reflect', () => {
    expect(planOf(graph(maxPool(2, 2), 1), { borders: ['reflect', 'replicate', 'zero'] }).blur.border).toBe('replicate');
    expect(planOf(graph(maxPool(2, 2), 1), { borders: ['reflect', 'zero'] }).blur.border).toBe('zero');
  });

  it('that works SAME out anew gets a blur whose padding makes up for it', () => {
    // SAME of kernel 3 pads 32 samples by (0, 1) at stride 2 and by (1, 1) at stride 1.
    const spelt = planOf(graph(maxPool(3, 2)));
    const ruled = planOf(graph(maxPool(3, 2)), { samePadding: 'by-rule' });
    expect(spelt).toMatchObject({ window: { padding: { begin: [0, 0], end: [1, 1] } }, blur: { padding: { begin: [1, 1] } } });
    expect(ruled).toMatchObject({ window: { padding: { begin: [1, 1], end: [1, 1] } }, blur: { padding: { begin: [0, 0] } } });
  });
});

describe('a plan holds all that is written', () => {
  it('for a blur behind an activation', () => {
    const model = graphOf([stem, ['layer', convolution(3, 2)], ['act', relu]], { size: 16 });
    expect(planOf(model)).toMatchObject({
      layer: 'layer',
      blurAfter: 'act',
      tensor: 'act',
      between: ['layer'],
      window: { stride: [1, 1], padding: { begin: [0, 0], end: [1, 1] } },
      blur: {
        kernel: { shape: [3, 3] },
        stride: [2, 2],
        padding: { begin: [1, 1], end: [1, 1] },
        border: 'reflect',
        channels: 4,
        layout: 'channels-first',
        elementType: 'float32',
        size: [15, 15],
      },
    });
  });

  it('for a blur in the place of an average-pool, and for one in front of a resize', () => {
    const average = planOf(graph(averagePool(2, 2)));
    expect(average).toMatchObject({ tensor: 'stem', between: [], window: undefined, blur: { stride: [2, 2], size: [32, 32] } });
    const resized = planOf(graph(resize('nearest')));
    expect(resized).toMatchObject({
      tensor: 'stem',
      window: undefined,
      blur: { kernel: { shape: [3, 3] }, stride: [1, 1], size: [32, 32] },
    });
  });

  it('and has the type of the map', () => {
    expect(planOf(change(graph(maxPool(2, 2)), 'layer', { elementType: 'float16' })).blur.elementType).toBe('float16');
  });

  it('a 1x1 convolution is blurred in front, unless it pads: zeros yield its bias beside the map', () => {
    const shortcut = (padding: Padding): ModelGraph => graph(convolution(1, 2, { window: window(1, 2, { padding }) }));
    expect(planOf(shortcut(explicit(0, 0)))).toMatchObject({ recipe: 'blur-then-convolution', tensor: 'stem', blur: { size: [32, 32] } });
    expect(planOf(shortcut(explicit(1, 1)))).toMatchObject({ recipe: 'convolution-then-blur', tensor: 'layer', blur: { size: [34, 34] } });
  });
});

describe('what the file says beside its graph', () => {
  const block = graphOf([stem, ['layer', convolution(3, 2)], ['act', relu]]);

  it('a reader that is no layer keeps a map from growing, and is named', () => {
    expect(plan(change(block, 'layer', { otherReaders: ['size', 'loop'] }))).toEqual({
      ok: false,
      reason: '"layer" cannot be rewritten: "layer", which would change its size, is read by several nodes.',
      nodes: ['size', 'loop'],
    });
    expect(plan(change(block, 'act', { otherReaders: ['size'] }))).toMatchObject({ ok: true });
  });

  it('a second output would change its meaning', () => {
    expect(plan(changeLayer(block, 'layer', { outputs: ['layer', 'places'] }))).toEqual({
      ok: false,
      reason: expect.stringContaining('second output'),
      nodes: ['layer'],
    });
    expect(plan(changeLayer(block, 'act', { outputs: ['act', 'mask'] }))).toEqual({
      ok: false,
      reason: expect.stringContaining('its size would also change at a second output of pointwise "act"'),
      nodes: ['act'],
    });
  });

  it('a place that other calls of the model run too is left alone', () => {
    const twice = graphOf([stem, ['layer', convolution(3, 2)], ['act', relu], ['again', relu]]);
    const listed = changeLayer(changeLayer(twice, 'act', { listedAs: 'inner act' }), 'again', { listedAs: 'inner act' });
    expect(plan(listed)).toEqual({
      ok: false,
      reason: '"act" runs in other calls of the model around it too, which would all be blurred.',
      nodes: ['act', 'again'],
    });
  });

  it('nothing stands in front of a layer that declares the input', () => {
    const first = changeLayer(graph(resize('nearest')), 'layer', { declaresInput: true });
    expect(plan(first)).toMatchObject({ ok: false, reason: expect.stringContaining('nothing can stand in front of it'), nodes: ['layer'] });
  });

  it('calls that the file lists once share a blur, which must not depend on their sizes', () => {
    const calls = (operation: Operation): ModelGraph => {
      const model = graphOf(
        [
          ['layer', operation],
          ['between', relu],
          ['layer (call 2)', operation],
        ],
        { size: 34 },
      );
      const shared = { calls: 2, listedAs: 'inner layer' };
      return changeLayer(changeLayer(model, 'layer', shared), 'layer (call 2)', { ...shared, callOf: 'layer' });
    };
    const open = [null, null];
    expect(planOf(calls(pool(explicit(0, 0), 3)))).toMatchObject({ blur: { size: open }, furtherCalls: [{ blur: { size: open } }] });
    expect(plan(calls(maxPool(3, 2)), { samePadding: 'by-rule' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('would need blurs that differ'),
      nodes: ['layer', 'layer (call 2)'],
    });
  });
});
