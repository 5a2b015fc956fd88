import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { choosePreprocessing } from '../../../src/core/input/preprocessing';
import { readModel } from '../../../src/engine/input/read-model';
import { classifyVariants } from '../../../src/engine/process/variants/classify-variants';
import { variantModel, type VariantModel } from '../../../src/engine/process/variants/variant-model';
import { VariantProgress } from '../../../src/engine/process/variants/walk';
import type { CallRequest } from '../../../src/engine/protocol/calls';
import type { Classification, ImageFile } from '../../../src/engine/protocol/classifying';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { fixesOf, RecordingEngine } from '../compare/shared-walk';
import { inMemory } from './measuring';
import { NetworkBuilder } from './network-builder';
import { answer, serve as serveCall, type Served } from './serving';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const shapes: ModelPayload = { path: 'shapes.onnx', bytes: readFileSync(path.join(samples, 'shapes.onnx')), folder: samples, overlay: {} };
const images = ['circle', 'cross', 'star'].map((name, index): ImageFile => ({
  name: `${name}.png`,
  path: path.join(import.meta.dirname, '../../fixtures/shapes', `${name}.png`),
  label: index,
}));
const unreadable: ImageFile = { name: 'text.png', path: path.join(samples, 'shapes.onnx'), label: null };
const options = { metric: 'flat', memoryBudgetBytes: 2 ** 30, preprocessing: 'unit' } as const;

function request(model: ModelPayload, more: Partial<CallRequest<'measure-variants'>> = {}): CallRequest<'measure-variants'> {
  return {
    model,
    variants: [],
    input: { kind: 'pattern' },
    options,
    images: [...images, unreadable],
    pairs: 6,
    seed: 5,
    ...more,
  };
}

async function alone(variant: VariantModel): Promise<Classification> {
  const wanted = { pairs: 6, seed: 5, memoryBudgetBytes: 2 ** 30, preprocessing: 'unit' } as const;
  return answer('classify', { model: (await variant.read()).payload, images: [...images, unreadable], options: wanted });
}

/** Classifies with the model, each fix alone and all together, and expects what each gets alone. */
async function expectSameClasses(payload: ModelPayload): Promise<{ readonly recorded: RecordingEngine; readonly protocol: string }> {
  const read = await readModel(payload);
  const fixes = await fixesOf(payload);
  const original = await variantModel(read, { label: '', plans: [] });
  const wanted = [original];
  for (const plans of [...fixes.map((plan) => [plan]), fixes]) wanted.push(await variantModel(read, { label: '', plans }));
  const recorded = new RecordingEngine(await createOnnxEngine());
  const set = { engine: recorded, original, wanted, pixels: choosePreprocessing(read.graph, 'unit') };
  const classified = await classifyVariants(request(payload), set, new VariantProgress(wanted.length, () => undefined), {
    cancelled: false,
  });
  let protocol = '';
  for (const variant of wanted) {
    const { settings, rows: together, failed } = classified!.get(variant)!;
    const expected = await alone(variant);
    expect(settings).toEqual(expected.settings);
    expect(failed).toEqual(expected.failed);
    expect(failed).toHaveLength(1);
    expect(together.map((row) => ({ ...row, invariance: 0 }))).toEqual(expected.rows.map((row) => ({ ...row, invariance: 0 })));
    together.forEach(({ invariance }, index) => {
      expect(invariance).toBeCloseTo(expected.rows[index]!.invariance, 6);
    });
    protocol = settings.protocol;
  }
  return { recorded, protocol };
}

describe('classifying with a model and its copies', () => {
  it('gives under the circular protocol what each gives alone, and runs what they share once', async () => {
    const { recorded, protocol } = await expectSameClasses(shapes);
    expect(protocol).toBe('circular');
    const { graph } = await readModel(shapes);
    // Of the layers before any stride only the unshifted image is run, once for each picture.
    expect(recorded.images(graph.layers[0]!.name)).toBe(3);
  });

  it('gives under the deployed protocol what each gives alone', async () => {
    const builder = new NetworkBuilder();
    const strided = builder.node('Relu', [
      builder.convolution('image', { from: 3, to: 4 }, { kernel: [3, 3], pads: [1, 1, 1, 1], stride: [2, 2] }),
    ]);
    const pooled = builder.maxPool(strided, { kernel: [2, 2], stride: [2, 2] });
    const payload = inMemory(builder.build([3, 14, 14], builder.dense(builder.node('Flatten', [pooled]), 36, 5)));
    expect((await expectSameClasses(payload)).protocol).toBe('deployed');
  });
});

describe('a call for variants', () => {
  const asItIs = { label: 'as it is', plans: [] };

  async function serve(more: Parameters<typeof request>[1], cancelAt?: number): Promise<Served<'measure-variants'>> {
    return serveCall('measure-variants', request(shapes, more), cancelAt);
  }

  it('answers in its order, and names what is worked on', async () => {
    const [fix] = await fixesOf(shapes);
    const { progress, result } = await serve({ variants: [{ label: 'fixed', plans: [fix!] }, asItIs] });
    expect(progress[0]?.kind).toBe('started');
    expect(new Set(progress.flatMap((told) => (told.kind === 'share' ? [told.label] : [])))).toEqual(new Set(['as it is, fixed']));
    if (result === undefined) throw new Error('there is no result');
    expect(result.variants.map(({ outcomes }) => outcomes.length)).toEqual([1, 0]);
    expect(result.variants.map(({ classification }) => classification?.rows.length)).toEqual([3, 3]);
    expect(result.variants[0]!.measurement.heatmaps.length).toBeGreaterThan(result.variants[1]!.measurement.heatmaps.length);
  });

  it('measures one copy alone, and two without the original', async () => {
    const fixes = await fixesOf(shapes);
    for (const count of [1, 2]) {
      const { result } = await serve({ images: [], variants: fixes.slice(0, count).map((plan) => ({ label: plan.layer, plans: [plan] })) });
      if (result === undefined) throw new Error('there is no result');
      expect(result.variants).toHaveLength(count);
      for (const { measurement, graph, classification } of result.variants) {
        expect(measurement.heatmaps.length).toBeGreaterThan(10);
        expect(graph.layers.length).toBeGreaterThan(measurement.heatmaps.length);
        expect(classification).toBeUndefined();
      }
    }
  });

  it('measures a model without class scores all the same, and says why nothing was classified', async () => {
    const builder = new NetworkBuilder();
    const maps = inMemory(builder.build([3, 8, 8], builder.maxPool('image', { kernel: [2, 2], stride: [2, 2] })));
    const { progress, result } = await serve({ model: maps, variants: [asItIs] });
    if (result === undefined) throw new Error('there is no result');
    expect(result.variants.map(({ classification }) => classification)).toEqual([undefined]);
    expect(result.variants[0]!.measurement.notes).toEqual([expect.stringMatching(/nothing to classify by/)]);
    expect(Math.max(...progress.flatMap((told) => (told.kind === 'share' ? [told.done] : [])))).toBeCloseTo(1, 9);
  });

  it('stops when it is cancelled, while measuring and while classifying', async () => {
    const whole = await serve({ variants: [asItIs] });
    const firstImage = whole.progress.findIndex((told) => told.kind === 'share' && told.done > 0.5);
    expect(firstImage).toBeGreaterThan(3);
    for (const cancelAt of [3, firstImage + 1]) {
      const { progress, result } = await serve({ variants: [asItIs] }, cancelAt);
      expect(result).toBeUndefined();
      expect(progress.length).toBeLessThan(whole.progress.length);
    }
  });
});
