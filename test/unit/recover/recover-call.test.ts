import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { readStored, storedValues } from '../../../src/core/formats/onnx/weights/stored-values';
import { summarise } from '../../../src/core/consistency/summary';
import { recoveryText } from '../../../src/core/report/recovery-report';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { readModel } from '../../../src/engine/input/read-model';
import { payloadSource } from '../../../src/engine/input/source';
import { variantModel } from '../../../src/engine/process/variants/variant-model';
import type { CallRequest } from '../../../src/engine/protocol/calls';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import type { VariantSpec } from '../../../src/engine/protocol/variants';
import type { NetworkBuilder } from '../engine-onnx/network-builder';
import { answer, serve } from '../engine-onnx/serving';
import { writeNoise } from './linear-network';
import { pooled, residual, threes } from './pooled-network';

const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const noise = writeNoise(folder, 20, 16);

async function request(model: ModelPayload, more: Partial<CallRequest<'recover'>['options']> = {}): Promise<CallRequest<'recover'>> {
  const { opened } = await readModel(model);
  const findings = lintGraph(opened, { filter: blurFilter('bin-5'), plan: {} });
  const options = { reach: 'all', seed: 1, images: 20, pairs: 0, memoryBudgetBytes: 2 ** 30, preprocessing: 'unit', ...more } as const;
  return { model, plans: findings.flatMap(({ fix }) => (fix.ok ? [fix.plan] : [])), images: noise.files, options };
}

/** Constants of an ONNX file, by name. */
async function constants(payload: ModelPayload): Promise<ReadonlyMap<string, Float32Array>> {
  const model = decodeModel(payload.bytes, payload.path);
  const read = await Promise.all(
    model.graph.initializers.map(async (tensor) => {
      const stored = storedValues(tensor, model);
      return [tensor.name, (stored && (await readStored(stored, payloadSource(payload)))) ?? new Float32Array()] as const;
    }),
  );
  return new Map(read);
}

describe('recovering a network', () => {
  it('solves grouped, depthwise and dense layers and shortcuts, each no worse on held-out images, and the answer is nearer', async () => {
    const { report, heldOut } = await answer('recover', await request(pooled(residual)));
    expect(report.layers).toHaveLength(4);
    for (const { layer, errorBefore, errorAfter, kept } of report.layers)
      expect(kept ? errorAfter === errorBefore : errorAfter < errorBefore, layer).toBe(true);
    expect(report.layers.filter(({ kept }) => !kept).length).toBeGreaterThan(2);
    expect(report.cosine.after).toBeGreaterThan(report.cosine.before);
    expect(heldOut).toHaveLength(report.heldOut);
    expect(report).toMatchObject({ images: 20, heldOut: 4, seed: 1, left: [], consistency: null });
  });

  it('takes a missing bias from the mean of the normalisation behind, and changes nothing else', async () => {
    const model = pooled((builder, map) => builder.normalise(builder.convolution(map, { from: 8, to: 4 }, threes), 4));
    const wanted = await request(model);
    const { weights } = await answer('recover', wanted);
    const [[layer, solved] = ['', undefined]] = weights;
    const read = await readModel(model);
    const asInserted = await variantModel(read, { label: '', plans: wanted.plans });
    const inserted = await constants((await asInserted.read()).payload);
    const recovered = await variantModel(read, { label: '', plans: wanted.plans, weights });
    const changed = [...(await constants((await recovered.read()).payload))].filter(
      ([name, values]) => Buffer.compare(Buffer.from(values.buffer), Buffer.from(inserted.get(name)!.buffer)) !== 0,
    );
    expect(changed).toHaveLength(2);
    const [, mean] = changed.sort(([, a], [, b]) => b.length - a.length);
    expect(mean![1]).toEqual(inserted.get(mean![0])!.map((value, channel) => value - solved!.bias![channel]!));
    // The normalisation is no longer the original's either, and no walk may share it.
    const normalisation = read.graph.layers.find(({ op }) => op === 'BatchNormalization')!;
    expect([...recovered.changed]).toEqual(expect.arrayContaining([layer, normalisation.name]));
  });

  it('names what keeps its weights, and why', async () => {
    const model = pooled((builder, map) => {
      const twice = builder.floats(
        [8, 8, 1, 1],
        Array.from({ length: 64 }, (_, index) => Math.sin(index)),
      );
      const shared = builder.node('Conv', [builder.node('Conv', [map, twice]), twice]);
      return builder.transposed(shared, { from: 8, to: 2 }, { kernel: [2, 2], stride: [2, 2] });
    });
    const { report, weights } = await answer('recover', await request(model));
    expect(weights.size).toBe(0);
    expect(report.layers).toEqual([]);
    expect(report.left.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/keeps its weights, because its weights serve other layers too\.$/),
      expect.stringMatching(/keeps its weights, because its weights serve other layers too\.$/),
      expect.stringMatching(/keeps its weights, because the weights of a ConvTranspose cannot be solved for\.$/),
    ]);
  });

  it('survives more unknowns than samples', async () => {
    const dense = pooled((builder, map) => builder.dense(builder.node('Flatten', [map]), 512, 6));
    const { report } = await answer('recover', await request(dense, { images: 6 }));
    expect(report).toMatchObject({ images: 6, heldOut: 1 });
    const [layer] = report.layers;
    expect(layer!.errorAfter).toBeLessThanOrEqual(layer!.errorBefore);
    expect(Number.isFinite(report.cosine.after)).toBe(true);
  });

  it('solves a scale an output alone where the sums would not fit, and says so', async () => {
    const widened = pooled((builder, map) => builder.dense(builder.node('Flatten', [builder.concat(map, map, map, map)]), 2048, 6));
    const wanted = await request(widened, { memoryBudgetBytes: 64 * 2 ** 20 });
    const { report, weights } = await answer('recover', wanted);
    expect(report.layers).toMatchObject([{ onlyScale: true, kept: false }]);
    const { opened } = await readModel(widened);
    const [layer] = report.layers;
    const linear = opened.linear(opened.graph.layers.find(({ name }) => name === layer!.layer)!)!;
    if ('reason' in linear) throw new Error(linear.reason);
    const old = (await linear.read()).weights;
    const scales = [...weights.get(layer!.layer)!.weights].map((weight, place) => weight / old[place]!);
    for (let output = 0; output < 6; output++) {
      const own = scales.slice(output * 2048, (output + 1) * 2048).filter(Number.isFinite);
      expect(Math.max(...own) - Math.min(...own)).toBeLessThan(1e-5);
    }
  });

  it('gives the same weights, bit for bit, and the same report where most lies in temporary files', async () => {
    const wanted = await request(pooled(residual), { pairs: 1 });
    const [inMemory, spilled] = [
      await answer('recover', wanted),
      await answer('recover', { ...wanted, options: { ...wanted.options, memoryBudgetBytes: 2 ** 19 } }),
    ];
    expect(spilled.report).toEqual(inMemory.report);
    expect(spilled.report.shifts).toBe(inMemory.report.shifts);
    expect(inMemory.weights.size).toBeGreaterThan(2);
    expect(spilled.weights).toEqual(inMemory.weights);
  });

  it('solves only the first layers behind a blur where that is wanted', async () => {
    const { report } = await answer('recover', await request(pooled(residual), { reach: 'next' }));
    expect(report.layers).toHaveLength(2);
  });

  it('lists what it could not read and refuses fewer than five images in one sentence', async () => {
    writeFileSync(path.join(folder, 'text.txt'), 'no image');
    const unreadable = { name: 'text.png', path: path.join(folder, 'text.txt'), label: null };
    const wanted = await request(pooled(residual));
    const { report } = await answer('recover', { ...wanted, images: [...noise.files.slice(0, 6), unreadable] });
    expect(report).toMatchObject({ images: 6, failed: [{ image: 'text.png' }] });
    await expect(answer('recover', { ...wanted, images: [...noise.files.slice(0, 4), unreadable] })).rejects.toThrow(
      /^Recovery needs at least 5 images, and 4 of 5 can be used: .*text\.txt.*\.$/,
    );
  });

  it.each([
    ['a map', (map: string) => map],
    ['a single number', (map: string, builder: NetworkBuilder) => builder.node('ReduceMax', [map], { axes: { ints: [1, 2, 3] } })],
  ])('judges by the cosine alone where a model answers with %s, and says so', async (_what, answerOf) => {
    const model = pooled((builder, map) => answerOf(builder.convolution(map, { from: 8, to: 4 }, threes), builder));
    const { report } = await answer('recover', await request(model, { pairs: 2 }));
    expect(report).toMatchObject({ fidelity: null, top5: null, consistency: null });
    expect(report.notes).toContain('The model gives no vector of class scores: the cosine to its output judges alone.');
    expect(report.cosine.after).toBeGreaterThanOrEqual(report.cosine.before);
    expect(recoveryText(report)).toMatch(
      /^Cosine to the original's output [01]\.\d{3} \([01]\.\d{3} without recovery\), on 4 held-out images;/,
    );
  });

  it('judges by the consistency that a walk over the phases gives, for the original, the fix and the recovered model', async () => {
    const model = pooled(residual);
    const wanted = await request(model, { pairs: 3 });
    const { report, heldOut, weights } = await answer('recover', wanted);
    const read = await readModel(model);
    const options = { ...wanted.options, protocol: 'circular' } as const;
    const walked = async (spec: Pick<VariantSpec, 'plans' | 'weights'>): Promise<unknown> => {
      const { payload } = await (await variantModel(read, { label: '', ...spec })).read();
      const { rows } = await answer('classify', { model: payload, images: heldOut, options });
      expect(rows).toHaveLength(4);
      return summarise(rows).consistency;
    };
    expect(report.consistency).toEqual({
      original: await walked({ plans: [] }),
      before: await walked({ plans: wanted.plans }),
      after: await walked({ plans: wanted.plans, weights }),
    });
  });

  it('stops when it is cancelled, wherever it is', async () => {
    const wanted = { ...(await request(pooled(residual))), options: { ...(await request(pooled(residual))).options, pairs: 2 } };
    const whole = await serve('recover', wanted);
    const done = whole.progress.map((told) => told.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBeCloseTo(1, 9);
    for (const cancelAt of [1, Math.ceil(done.length / 2), done.findIndex((share) => share > 0.7) + 1]) {
      const { progress, result } = await serve('recover', wanted, cancelAt);
      expect(result).toBeUndefined();
      expect(progress.length).toBeLessThan(whole.progress.length);
    }
  });
});
