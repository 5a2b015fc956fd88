import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import type { ModelFormat } from '../../../src/core/formats/format';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, blurFilterNames, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { float, GraphBuilder, ints, loadModel as loadGraph, windowed } from '../tfjs-graph/graph-builder';
import { loadModel, saveModel } from '../tfjs-layers/memory-model';
import { openField } from './cases';

/** Fixes of TensorFlow.js models keep samples where they stood, whatever the filter. */
interface Pool {
  readonly op: 'MaxPool' | 'AvgPool';
  readonly kernel: number;
  readonly stride: number;
  readonly padding: 'SAME' | 'VALID';
}

const width = 31;

/** One pool over rows of a map. */
function graphModel({ op, kernel, stride, padding }: Pool): MemoryModel {
  const builder = new GraphBuilder();
  const image = builder.input([1, 8, width, 1]);
  builder.op(op, 'pool', [image], { ...windowed([1, stride], padding), ksize: ints(1, 1, kernel, 1), T: float });
  builder.op('Neg', 'end', ['pool']);
  return builder.model(['end']);
}

function layersModel({ op, kernel, stride, padding }: Pool): Promise<MemoryModel> {
  const config = {
    name: 'pool',
    poolSize: [1, kernel] as [number, number],
    strides: [1, stride] as [number, number],
    padding: padding === 'SAME' ? ('same' as const) : ('valid' as const),
    inputShape: [8, width, 1],
  };
  const pool = op === 'MaxPool' ? tf.layers.maxPooling2d(config) : tf.layers.averagePooling2d(config);
  return saveModel(tf.sequential({ layers: [pool, tf.layers.leakyReLU({ alpha: 1, name: 'end' })] }));
}

async function fix(format: ModelFormat, model: MemoryModel, filter: BlurFilterName) {
  const opened = await format.open(sourceOf(model));
  const [finding] = lintGraph(opened, { filter: blurFilter(filter) });
  const result = finding!.fix;
  return result.ok ? { ok: true as const, model: patched(model, await opened.patch([result.plan])) } : result;
}

/** A row of what the model makes of the ramp, without the samples that a border may reach. */
async function onRamp(format: ModelFormat, model: MemoryModel, margin: number): Promise<readonly number[]> {
  const ramp = tf.tensor4d(
    Array.from({ length: 8 * width }, (_, index) => index % width),
    [1, 8, width, 1],
  );
  const loaded = format === tfjsGraphFormat ? await loadGraph(model) : await loadModel(model);
  const values = (loaded.predict(ramp) as tf.Tensor4D).abs().slice([0, 4, 0, 0], [1, 1, -1, 1]).dataSync();
  return [...values].slice(margin, values.length - margin);
}

describe.each([
  ['graph-model', tfjsGraphFormat, (pool: Pool) => Promise.resolve(graphModel(pool))],
  ['layers-model', tfjsLayersFormat, layersModel],
] as const)('in a %s', (_, format, build) => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each<Pool>([
    { op: 'MaxPool', kernel: 2, stride: 2, padding: 'VALID' },
    { op: 'MaxPool', kernel: 3, stride: 3, padding: 'VALID' },
    { op: 'MaxPool', kernel: 3, stride: 2, padding: 'SAME' },
    { op: 'AvgPool', kernel: 3, stride: 3, padding: 'VALID' },
    { op: 'AvgPool', kernel: 2, stride: 2, padding: 'SAME' },
    { op: 'AvgPool', kernel: 3, stride: 2, padding: 'SAME' },
  ])('$op of $kernel by $stride, $padding, keeps a ramp with every filter', async (pool) => {
    const model = await build(pool);
    const margin = Math.ceil(8 / pool.stride);
    const before = await onRamp(format, model, margin);
    expect(before.length).toBeGreaterThan(1);
    for (const filter of blurFilterNames) {
      const fixed = await fix(format, model, filter);
      if (!fixed.ok) {
        expect([filter, fixed.reason]).toEqual(['identity', expect.stringContaining('windows reach beyond the map')]);
        expect([pool.op, pool.padding]).toEqual(['AvgPool', 'SAME']);
        continue;
      }
      const after = await onRamp(format, fixed.model, filter === 'identity' ? 0 : margin);
      const expected = filter === 'identity' ? await onRamp(format, model, 0) : before;
      expect(after.map((value) => Math.round(value * 1e4) / 1e4)).toEqual(expected.map((value) => Math.round(value * 1e4) / 1e4));
    }
  });
});

it.each(['tfjs/avg2s2_odd', 'tfjs/avg3s2_odd'])('%s is itself under the identity, or refused, and never another filter', async (name) => {
  const opened = await openField(name);
  const [finding] = lintGraph(opened, { filter: blurFilter('identity') });
  expect(finding).toMatchObject({
    rule: 'strided-avg-pool',
    fix: { ok: false, reason: expect.stringContaining('so no filter equals it') },
  });
  for (const filter of blurFilterNames.filter((each) => each !== 'identity'))
    expect(lintGraph(opened, { filter: blurFilter(filter) })[0]?.fix).toMatchObject({ ok: true });
});
