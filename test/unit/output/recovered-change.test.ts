import { describe, expect, it } from 'vitest';
import { composePieces } from '../../../src/core/formats/compose-pieces';
import { inMemory, piecedSource, readAll, type Piece } from '../../../src/core/formats/byte-source';
import type { ModelSource, OpenedModel, Patch } from '../../../src/core/formats/format';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import { selectPlans } from '../../../src/core/lint/select-plans';
import type { LinearWeights, NewWeights } from '../../../src/core/recover/linear-layer';
import { payloadSource } from '../../../src/engine/input/source';
import { changedSource } from '../../../src/engine/output/changed-source';
import { recoveredChange } from '../../../src/engine/output/recovered-change';
import { modelOnDisk } from '../real-models';
import { externalCopy } from '../recover/external-copy';

async function fixed(source: ModelSource): Promise<{ readonly model: OpenedModel; readonly patch: Patch }> {
  const model = await openModel(source);
  const patch = await model.patch(selectPlans(lintGraph(model), 'all').plans);
  expect(patch.outcomes.some(({ ok }) => ok)).toBe(true);
  return { model, patch };
}

async function weightsOf({ graph, linear }: OpenedModel): Promise<Map<string, LinearWeights>> {
  const found = graph.layers.flatMap((layer) => {
    const answer = linear(layer);
    return answer === undefined || 'reason' in answer ? [] : [answer];
  });
  return new Map(await Promise.all(found.map(async (layer) => [layer.layer, await layer.read()] as const)));
}

/** Other numbers for every linear layer. */
async function otherWeights(model: OpenedModel): Promise<NewWeights> {
  const entries = [...(await weightsOf(model))].map(
    ([layer, { weights, bias }]) => [layer, { weights: weights.map((value) => value / 2), bias: bias?.map((value) => value + 1) }] as const,
  );
  expect(entries.length).toBeGreaterThan(1);
  return new Map(entries);
}

/** The blurs have weights too, which are not among these. */
async function expectWeights(model: OpenedModel, weights: NewWeights): Promise<void> {
  const read = await weightsOf(model);
  for (const [layer, wanted] of weights) expect(read.get(layer), layer).toEqual(wanted);
}

describe('a fix and recovered weights as one change', () => {
  it.each(['samples/shapes.onnx', 'samples/shapes-tfjs/model.json'])('of %s', async (file) => {
    const { model, patch } = await fixed((await modelOnDisk(file)).source);
    const weights = await otherWeights(model);
    const change = await recoveredChange(model, patch, weights);
    const recovered = await openModel(changedSource(model, change));
    expect(recovered.graph.layers).toEqual((await openModel(changedSource(model, patch))).graph.layers);
    await expectWeights(recovered, weights);
    const names = change.newFiles.map(({ relativePath }) => relativePath);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => recovered.graph.weightFiles?.includes(name) === true)).toBe(true);
    if (change.kind === 'text') expect(change.edits).toHaveLength(1);
    // Applied one after the other, the two make the same bytes.
    const inserted = await openModel(changedSource(model, patch));
    const twice = changedSource(inserted, await inserted.replaceWeights(weights));
    expect(Buffer.compare(await readAll(changedSource(model, change)), await readAll(twice))).toBe(0);
  });

  it('of an ONNX model whose weights lie in a file beside it', async () => {
    const { payload } = await modelOnDisk('samples/shapes.onnx');
    const { model, patch } = await fixed(payloadSource(await externalCopy(payload)));
    const weights = await otherWeights(model);
    const change = await recoveredChange(model, patch, weights);
    expect(change.newFiles.map(({ relativePath }) => relativePath)).toEqual(['shapes.onnx.recovered.data']);
    await expectWeights(await openModel(changedSource(model, change)), weights);
  });

  it('is the fix where no layer has new weights', async () => {
    const { model, patch } = await fixed((await modelOnDisk('samples/shapes.onnx')).source);
    expect(await recoveredChange(model, patch, new Map())).toBe(patch);
  });
});

describe('two lists of pieces as one', () => {
  const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.of(...values);
  const first: readonly Piece[] = [{ start: 0, end: 3 }, bytes(10, 11), { start: 3, end: 3 }, { start: 5, end: 8 }];
  const original = inMemory(bytes(0, 1, 2, 3, 4, 5, 6, 7));

  it.each<readonly [string, readonly Piece[], readonly number[]]>([
    ['everything', [{ start: 0, end: 8 }], [0, 1, 2, 10, 11, 5, 6, 7]],
    ['nothing', [{ start: 4, end: 4 }], []],
    ['a range across pieces', [{ start: 2, end: 6 }], [2, 10, 11, 5]],
    ['a range within new bytes', [{ start: 4, end: 5 }], [11]],
    ['a range that ends where a piece begins', [{ start: 1, end: 3 }], [1, 2]],
    ['new bytes between ranges', [{ start: 7, end: 8 }, bytes(20), { start: 0, end: 1 }], [7, 20, 0]],
  ])('%s', async (_name, second, expected) => {
    const composed = composePieces(first, second);
    expect([...(await readAll(piecedSource(original, composed)))]).toEqual(expected);
    expect([...(await readAll(piecedSource(piecedSource(original, first), second)))]).toEqual(expected);
  });
});
