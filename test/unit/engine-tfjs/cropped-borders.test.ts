import { beforeAll, describe, expect, it } from 'vitest';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import type { BlurPadding } from '../../../src/core/rewrite/plan';
import { readModel } from '../../../src/engine/input/read-model';
import { payloadSource } from '../../../src/engine/input/source';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { randomImage } from '../equivariance/every-shift';
import { expectEveryShift } from '../equivariance/expect-every-shift';
import { patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { GraphBuilder, int, ints, texts, windowed } from '../tfjs-graph/graph-builder';

const size = [8, 12] as const;

/** Layers whose SAME padding TensorFlow works out anew once a fix has taken their stride: their blurs cut off what that adds. */
function network(): MemoryModel {
  const builder = new GraphBuilder();
  const fused = { ...windowed([2, 2], 'SAME'), fused_ops: texts('BiasAdd', 'Relu'), num_args: int(1) };
  const pooled = builder.op('MaxPool', 'pool', [builder.input([-1, ...size, 2])], { ...windowed([2, 2], 'SAME'), ksize: ints(1, 3, 3, 1) });
  const deep = builder.op('_FusedConv2D', 'conv', [pooled, builder.weight('w', [3, 3, 2, 3]), builder.weight('b', [3])], fused);
  builder.op('Relu', 'y', [
    builder.op('DepthwiseConv2dNative', 'last', [deep, builder.weight('d', [3, 3, 3, 1])], windowed([1, 1], 'SAME')),
  ]);
  return builder.model(['y']);
}

async function fixed(filter: 'rect-2' | 'tri-3' | 'bin-5', padding: BlurPadding): Promise<ModelPayload> {
  const model = network();
  const opened = await tfjsGraphFormat.open(sourceOf(model));
  const plans = lintGraph(opened, { filter: blurFilter(filter), plan: { padding } }).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
  expect(plans).toHaveLength(2);
  const { text, files } = patched(model, await opened.patch(plans));
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}

describe('a fixed graph-model whose blurs cut off what SAME has added', () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await createTfjsEngine();
  });

  it.each(['rect-2', 'tri-3', 'bin-5'] as const)('has heatmaps with %s that agree with running every shift', async (filter) => {
    const payload = await fixed(filter, 'reflect');
    expect(Buffer.from(payload.bytes).toString()).toContain('blur_crop');
    await expectEveryShift({ engine, format: tfjsGraphFormat, payload, size }, 'flat');
  });

  it('wraps as one whose border is of zeros, which has nothing to cut off', async () => {
    const maps = async (padding: BlurPadding): Promise<ReadonlyMap<string, unknown>> => {
      const payload = await fixed('bin-5', padding);
      const { graph } = await tfjsGraphFormat.open(payloadSource(payload));
      const plan = planMeasurement(graph);
      const circular = await engine.openCircular(await readModel(payload), plan);
      const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28, cancellation: { cancelled: false } } as const;
      const measured = await measureEquivariance({ plan, graph, model: circular }, randomImage(plan, graph.layout), options);
      await circular.dispose();
      expect(plan.omitted).toEqual([]);
      return new Map(measured!.heatmaps.map(({ layer: { name, size: mapSize, period }, tile }) => [name, { mapSize, period, tile }]));
    };
    const [reflected, zeros] = [await maps('reflect'), await maps('zero')];
    expect(zeros.size).toBeGreaterThan(4);
    expect(reflected).toEqual(zeros);
  });

  it('leaves slices alone that nothing behind makes up for', async () => {
    const builder = new GraphBuilder();
    const image = builder.input([-1, 8, 8, 1]);
    const bounds = (name: string, values: readonly number[]): string => builder.constant(name, [4], values);
    const upper = builder.op('Slice', 'upper', [image, bounds('from', [0, 0, 0, 0]), bounds('sizes', [-1, 4, 8, -1])]);
    builder.op('Conv2D', 'y', [upper, builder.weight('w', [3, 3, 1, 2])], windowed([1, 1], 'SAME'));
    const { graph } = await tfjsGraphFormat.open(sourceOf(builder.model(['y'])));
    expect(graph.layers[0]!.operation).toEqual({ kind: 'slice', stride: [1, 1] });
    expect(planMeasurement(graph).omitted[0]).toMatchObject({ reason: expect.stringContaining('cuts positions out of its input') });
  });
});
