import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import type { BlurPadding } from '../../../src/core/rewrite/plan';
import { planFix } from '../../../src/core/rewrite/planner';
import { patched, sourceOf, weightsOf, type MemoryModel } from '../tfjs-files';
import { float, GraphBuilder, int, ints, noise, run, texts, windowed, type Values } from './graph-builder';

const pool = { ...windowed([2, 2], 'SAME'), ksize: ints(1, 3, 3, 1) };
const names = (model: MemoryModel): { name: string; op: string; input?: string[] }[] =>
  (JSON.parse(model.text) as { modelTopology: { node: { name: string; op: string; input?: string[] }[] } }).modelTopology.node;

async function plan(model: MemoryModel, layer: string, filter: BlurFilterName = 'tri-3', padding: BlurPadding = 'reflect') {
  const result = planFix(await tfjsGraphFormat.open(sourceOf(model)), layer, blurFilter(filter), { padding });
  if (!result.ok) throw new Error(result.reason);
  return result.plan;
}

async function fix(model: MemoryModel, layer: string, filter?: BlurFilterName, padding?: BlurPadding): Promise<MemoryModel> {
  const patch = await (await tfjsGraphFormat.open(sourceOf(model))).patch([await plan(model, layer, filter, padding)]);
  expect(patch.outcomes).toMatchObject([{ ok: true }]);
  return patched(model, patch);
}

async function refusal(model: MemoryModel, layer: string): Promise<{ readonly reason: string; readonly nodes: readonly string[] }> {
  const result = planFix(await tfjsGraphFormat.open(sourceOf(model)), layer, blurFilter('tri-3'));
  return result.ok ? { reason: 'was planned', nodes: [] } : result;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A map of one channel as numbers, `at(y, x)` beside it as the border says. */
interface Plane {
  readonly height: number;
  readonly width: number;
  at(y: number, x: number): number;
}

const reflected = (place: number, length: number): number => (place < 0 ? -place : place >= length ? 2 * (length - 1) - place : place);

function plane(height: number, width: number, value: (y: number, x: number) => number, border: BlurPadding): Plane {
  const isInside = (y: number, x: number): boolean => y >= 0 && x >= 0 && y < height && x < width;
  return {
    height,
    width,
    at: (y, x) => (isInside(y, x) ? value(y, x) : border === 'zero' ? 0 : value(reflected(y, height), reflected(x, width))),
  };
}

/** Tri-3 of a plane, every second sample, computed sample by sample. */
function blurred(map: Plane, height: number, width: number): number[] {
  const taps = [1, 2, 1];
  return Array.from({ length: height * width }, (_, index) => {
    const [y, x] = [2 * Math.floor(index / width), 2 * (index % width)];
    return taps.reduce(
      (sum, row, dy) => sum + taps.reduce((part, column, dx) => part + (row * column * map.at(y + dy - 1, x + dx - 1)) / 16, 0),
      0,
    );
  });
}

/** What a model gives for a ramp, which has the same mean under every filter that is centred alike. */
async function ramp(of: MemoryModel, [height, width]: readonly [number, number]): Promise<Values> {
  const loaded = await tf.loadGraphModel({ load: () => Promise.resolve({ ...(JSON.parse(of.text) as object), ...weightsOf(of) }) });
  const result = loaded.predict(tf.range(0, height * width).reshape([1, height, width, 1])) as tf.Tensor;
  return { shape: result.shape, values: Float32Array.from(result.dataSync()) };
}

describe('what a fix computes', () => {
  it.each<BlurPadding>(['reflect', 'zero'])('is the paper’s BlurPool with %s at its border', async (border) => {
    const builder = new GraphBuilder();
    builder.op('MaxPool', 'y', [builder.input([1, 6, 8, 1])], { ...windowed([2, 2], 'VALID'), ksize: ints(1, 2, 2, 1) });
    const [fixed] = await run(await fix(builder.model(['y']), 'y', 'tri-3', border), [1, 6, 8, 1]);
    const image = noise(48, 99);
    const value = (y: number, x: number): number => Math.max(...[0, 1].flatMap((dy) => [0, 1].map((dx) => image[(y + dy) * 8 + x + dx]!)));
    const expected = blurred(plane(5, 7, value, border), 3, 4);
    expect(fixed!.shape).toEqual([1, 3, 4, 1]);
    expected.forEach((wanted, index) => {
      expect(fixed!.values[index]).toBeCloseTo(wanted, 5);
    });
  });

  /** Brute force on a map of 6 x 5 that SAME has padded for the stride: one row behind, a column on either side. */
  function strided(kind: 'MaxPool' | 'Conv2D'): { model: MemoryModel; dense: (image: readonly number[], y: number, x: number) => number } {
    const builder = new GraphBuilder();
    const image = builder.input([1, 6, 5, 1]);
    const taps = Array.from({ length: 9 }, (_, tap) => Math.sin(tap + 1));
    if (kind === 'MaxPool') builder.op('MaxPool', 'y', [image], pool);
    else builder.op('Conv2D', 'y', [image, builder.constant('w', [3, 3, 1, 1], taps, 'float32')], windowed([2, 2], 'SAME'));
    const dense = (values: readonly number[], y: number, x: number): number => {
      const seen = taps.map((weight, tap) => {
        const [row, column] = [y + Math.floor(tap / 3), x + (tap % 3) - 1];
        const isInside = row < 6 && column >= 0 && column < 5;
        if (kind === 'MaxPool') return isInside ? values[row * 5 + column]! : -Infinity;
        return isInside ? weight * values[row * 5 + column]! : 0;
      });
      return kind === 'MaxPool' ? Math.max(...seen) : seen.reduce((sum, value) => sum + value, 0);
    };
    return { model: builder.model(['y']), dense };
  }

  it.each(['MaxPool', 'Conv2D'] as const)(
    'reflects what a SAME %s gave with its old padding, which TensorFlow works out anew',
    async (kind) => {
      const { model, dense } = strided(kind);
      expect((await plan(model, 'y')).blur).toMatchObject({ border: 'reflect', surplus: { begin: [1, 0], end: [0, 0] } });
      const [fixed] = await run(await fix(model, 'y'), [1, 6, 5, 1]);
      const image = noise(30, 99);
      const expected = blurred(
        plane(5, 5, (y, x) => dense(image, y, x), 'reflect'),
        3,
        3,
      );
      expect(fixed!.shape).toEqual([1, 3, 3, 1]);
      expected.forEach((wanted, index) => {
        expect(fixed!.values[index]).toBeCloseTo(wanted, 5);
      });
    },
  );

  it.each(['MaxPool', 'Conv2D'] as const)('leaves a SAME %s as it is where the filter is the identity', async (kind) => {
    const { model } = strided(kind);
    const [before, after] = [await run(model, [1, 6, 5, 1]), await run(await fix(model, 'y', 'identity'), [1, 6, 5, 1])];
    expect([...after[0]!.values]).toEqual([...before[0]!.values]);
  });

  it.each(['tri-3', 'bin-5', 'bin-7'] as const)('keeps a ramp a ramp inside, with %s behind a SAME convolution', async (filter) => {
    const builder = new GraphBuilder();
    const image = builder.input([1, 24, 24, 1]);
    const centre = [0, 0, 0, 0, 1, 0, 0, 0, 0];
    builder.op('Conv2D', 'y', [image, builder.constant('w', [3, 3, 1, 1], centre, 'float32')], windowed([2, 2], 'SAME'));
    const model = builder.model(['y']);
    const [before, after] = [await ramp(model, [24, 24]), await ramp(await fix(model, 'y', filter), [24, 24])];
    for (let y = 2; y < 10; y++)
      for (let x = 2; x < 10; x++) expect(after.values[12 * y + x], `${y}, ${x}`).toBeCloseTo(before.values[12 * y + x]!, 3);
  });

  it('puts the blur of an average-pool where its windows were', async () => {
    const builder = new GraphBuilder();
    builder.op('AvgPool', 'y', [builder.input([1, 8, 8, 1])], { ...windowed([2, 2], 'VALID'), ksize: ints(1, 2, 2, 1) });
    const model = builder.model(['y']);
    const [before, after] = [await ramp(model, [8, 8]), await ramp(await fix(model, 'y'), [8, 8])];
    expect(after.shape).toEqual(before.shape);
    const inner = [5, 6, 9, 10];
    for (const index of inner) expect(after.values[index]).toBeCloseTo(before.values[index]!, 4);
  });
});

describe('what a fix writes', () => {
  it('keeps the fusion of a convolution whose activation the blur follows', async () => {
    const builder = new GraphBuilder();
    const fused = { ...windowed([2, 2], 'SAME'), fused_ops: texts('BiasAdd', 'Relu'), num_args: int(1) };
    builder.op('_FusedConv2D', 'conv', [builder.input([1, 8, 8, 2]), builder.weight('w', [3, 3, 2, 2]), builder.weight('b', [2])], fused);
    builder.op('Relu', 'y', ['conv']);
    const nodes = names(await fix(builder.model(['y']), 'conv'));
    expect(nodes.find(({ name }) => name === 'conv/shiftlint_dense')).toMatchObject({
      op: '_FusedConv2D',
      attr: { fused_ops: texts('BiasAdd', 'Relu'), strides: ints(1, 1, 1, 1) },
    });
    expect(nodes.find(({ name }) => name === 'conv')).toMatchObject({ op: 'DepthwiseConv2dNative', attr: { strides: ints(1, 2, 2, 1) } });
    expect(nodes.find(({ name }) => name === 'y')).toMatchObject({ input: ['conv'] });
  });

  it('takes names that nothing has, in the graph and in the manifest', async () => {
    const builder = new GraphBuilder();
    builder.op('MaxPool', 'y', [builder.input([1, 8, 8, 1])], pool);
    builder.op('Relu', 'y/shiftlint_dense', ['y']);
    builder.op('Neg', 'y/shiftlint_blur_kernel', ['y']);
    const fixed = await fix(builder.model(['y']), 'y');
    const all = names(fixed).map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
    expect((await run(fixed, [1, 8, 8, 1]))[0]!.shape).toEqual([1, 4, 4, 1]);
  });

  it('puts all constants of a patch into one new shard', async () => {
    const builder = new GraphBuilder();
    builder.op('MaxPool', 'y', [builder.op('MaxPool', 'x', [builder.input([1, 16, 16, 1])], pool)], pool);
    const model = builder.model(['y']);
    const plans = [await plan(model, 'x'), await plan(model, 'y')];
    const patch = await (await tfjsGraphFormat.open(sourceOf(model))).patch(plans);
    if (patch.kind !== 'text') throw new Error('A graph-model is patched as text.');
    expect(patch.newFiles.map(({ relativePath, bytes }) => [relativePath, bytes.length])).toEqual([
      // Of each blur: bounds of the crop, amounts of the border, filter.
      ['shiftlint-blur-1.bin', 2 * (8 + 8 + 9) * 4],
    ]);
    const again = patched(model, patch);
    expect((JSON.parse(again.text) as tf.io.ModelJSON).weightsManifest.flatMap(({ paths }) => paths).sort()).toEqual([
      'shiftlint-blur-1.bin',
      'weights.bin',
    ]);
  });

  it('reads a shape that others read too, before it grows', async () => {
    const builder = new GraphBuilder();
    const conv = builder.op('Conv2D', 'conv', [builder.input([1, 8, 8, 2]), builder.weight('w', [3, 3, 2, 2])], windowed([2, 2], 'SAME'));
    builder.op('Shape', 'size', [conv], { T: float, out_type: { type: 'DT_INT32' } });
    builder.op('Reshape', 'y', [builder.op('Relu', 'act', [conv]), 'size']);
    expect(await refusal(builder.model(['y']), 'conv')).toMatchObject({
      reason: '"conv" cannot be rewritten: "conv", which would change its size, is read by several nodes.',
      nodes: ['size'],
    });
  });
});

describe('what is refused', () => {
  it('a pool whose places are read', async () => {
    const builder = new GraphBuilder();
    builder.op('MaxPoolWithArgmax', 'pool', [builder.input([1, 8, 8, 1])], { ...pool, include_batch_in_index: { b: false } });
    builder.op('Relu', 'y', ['pool']);
    builder.op('Cast', 'z', ['pool:1'], { SrcT: { type: 'DT_INT64' }, DstT: float });
    expect((await refusal(builder.model(['y', 'z']), 'pool')).reason).toContain('the places of its maxima');
  });

  it('a pool with explicit padding, which does not run', async () => {
    const builder = new GraphBuilder();
    builder.op('MaxPool', 'y', [builder.input([1, 8, 8, 1])], { ...windowed([2, 2], [1, 1, 1, 1]), ksize: ints(1, 3, 3, 1) });
    expect((await refusal(builder.model(['y']), 'y')).reason).toContain('explicit padding');
  });

  it('volumes', async () => {
    const builder = new GraphBuilder();
    builder.op('MaxPool3D', 'y', [builder.input([1, 8, 8, 8, 1])], { ...windowed([2, 2, 2], 'SAME'), ksize: ints(1, 2, 2, 2, 1) });
    expect((await refusal(builder.model(['y']), 'y')).reason).toContain('two spatial axes only');
  });

  it('SAME padding of an open size', async () => {
    const builder = new GraphBuilder();
    builder.op('MaxPool', 'y', [builder.input([1, -1, -1, 1])], pool);
    const [finding] = lintGraph(await tfjsGraphFormat.open(sourceOf(builder.model())));
    expect(finding?.fix).toMatchObject({ ok: false, reason: expect.stringContaining('leaves open') });
  });

  it('a second plan for one layer, and a plan for another file', async () => {
    const builder = new GraphBuilder();
    builder.op('MaxPool', 'y', [builder.input([1, 8, 8, 1])], pool);
    const model = builder.model(['y']);
    const own = await plan(model, 'y');
    const patch = await (await tfjsGraphFormat.open(sourceOf(model))).patch([own, own, { ...own, layer: 'z' }, { ...own, stride: [3, 3] }]);
    expect(patch.outcomes).toMatchObject([
      { ok: true },
      { ok: false, reason: '"y" already gets a blur by another plan of this patch.' },
      { ok: false, reason: 'The model has no layer named "z".' },
      { ok: false, reason: expect.stringContaining('made for another version') },
    ]);
  });
});
