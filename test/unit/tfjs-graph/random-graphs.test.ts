import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { editsTakenBack, patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { difference, float, GraphBuilder, ints, noise, run, texts, windowed } from './graph-builder';

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);
const counts = { fixed: 0, refused: 0 };
const size = [21, 24] as const;
const channels = 3;

/** A graph of window layers, activations and residuals that branch and meet at random, its nodes in random order. */
function randomGraph(seed: number): MemoryModel {
  const values = noise(400, seed);
  const roll = (limit: number): number => Math.floor(((values.pop()! + 1) / 2) * limit);
  const builder = new GraphBuilder();
  const maps: { name: string; lengths: readonly number[] }[] = [{ name: builder.input([1, ...size, channels]), lengths: size }];
  for (let step = 0; step < 12; step++) {
    const { name: input, lengths } = maps[Math.max(0, maps.length - 1 - roll(3))]!;
    const twin = maps.find((map) => map.name !== input && map.lengths.join() === lengths.join());
    const kernel = 1 + roll(3);
    const strides = [1 + roll(3), 1 + roll(3)];
    const padding = roll(2) === 0 ? 'SAME' : 'VALID';
    const after = lengths.map((length, axis) => Math.floor((length - (padding === 'SAME' ? 1 : kernel)) / strides[axis]!) + 1);
    if (after.some((length) => length < 3)) continue;
    const window = windowed(strides, padding);
    const name = `n${step}`;
    const weight = (multiplier: number): string => builder.weight(`${name}/w`, [kernel, kernel, channels, multiplier]);
    switch (twin !== undefined && roll(3) === 0 ? 0 : 1 + roll(6)) {
      case 0:
        maps.push({ name: builder.op('AddV2', name, [input, twin!.name]), lengths });
        break;
      case 1:
        maps.push({ name: builder.op('MaxPool', name, [input], { ...window, ksize: ints(1, kernel, kernel, 1) }), lengths: after });
        break;
      case 2:
        maps.push({
          name: builder.op('_FusedConv2D', name, [input, weight(channels), builder.weight(`${name}/b`, [channels])], {
            ...window,
            fused_ops: texts('BiasAdd', 'Elu'),
            num_args: { i: '1' },
          }),
          lengths: after,
        });
        break;
      case 3:
        maps.push({ name: builder.op('Conv2D', name, [input, weight(channels)], window), lengths: after });
        break;
      case 4:
        maps.push({ name: builder.op('Relu', name, [input]), lengths });
        break;
      case 5: {
        const gate = builder.op('Sigmoid', `${name}/gate`, [input]);
        maps.push({ name: builder.op('Mul', name, [input, gate]), lengths });
        break;
      }
      default:
        maps.push({ name: builder.op('BiasAdd', name, [`${input}:0`, builder.weight(`${name}/b`, [channels])], { T: float }), lengths });
    }
  }
  const outputs = maps
    .slice(1)
    .filter((_, index) => index % 4 === 3 || index === maps.length - 2)
    .map(({ name }) => name);
  builder.nodes.sort(() => roll(3) - 1);
  return builder.model(outputs.length === 0 ? ['image'] : outputs);
}

async function fixAll(model: MemoryModel, name: BlurFilterName) {
  const findings = lintGraph(await tfjsGraphFormat.open(sourceOf(model)), { filter: blurFilter(name) });
  const plans = findings.flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
  const patch = await (await tfjsGraphFormat.open(sourceOf(model))).patch(plans);
  if (patch.kind !== 'text') throw new Error('A graph-model is patched as text.');
  expect(patch.outcomes.filter(({ ok }) => !ok)).toEqual([]);
  return { refused: findings.length - plans.length, patch, fixed: patched(model, patch) };
}

describe(`random graph-models (${seeds.length} seeds)`, () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(seeds)('seed %i', async (seed) => {
    const model = randomGraph(seed);
    const shape = [1, ...size, channels];
    const before = await run(model, shape);
    const same = await run((await fixAll(model, 'identity')).fixed, shape);
    same.forEach((result, index) => {
      expect(result.shape).toEqual(before[index]!.shape);
      expect(difference(result, before[index]!)).toBeLessThan(1e-4 * Math.max(1, ...before[index]!.values.map(Math.abs)));
    });
    const { refused, patch, fixed } = await fixAll(model, 'tri-3');
    expect((await run(fixed, shape)).map((result) => result.shape)).toEqual(before.map((result) => result.shape));
    expect(editsTakenBack(fixed.text, patch.edits, model.text)).toBe(model.text);
    const done = patch.outcomes.flatMap(({ ok, layer }) => (ok ? [layer] : []));
    const left = lintGraph(await tfjsGraphFormat.open(sourceOf(fixed))).filter(({ rule }) => rule !== 'weak-blur');
    expect(left.map(({ layer }) => layer.replace('/shiftlint_dense', '')).filter((layer) => done.includes(layer))).toEqual([]);
    counts.fixed += done.length;
    counts.refused += refused;
  });

  it('meet enough layers', () => {
    console.log(`Random graph-models: ${JSON.stringify(counts)}.`);
    expect(counts.fixed).toBeGreaterThan(200);
  });
});
