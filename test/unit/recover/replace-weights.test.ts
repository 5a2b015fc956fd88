import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inMemory, piecedSource, readAll } from '../../../src/core/formats/byte-source';
import type { FileChange, ModelSource, OpenedModel } from '../../../src/core/formats/format';
import { openModel } from '../../../src/core/formats/registry';
import { applyEdits } from '../../../src/core/formats/text-edits';
import type { LinearLayer, LinearWeights } from '../../../src/core/recover/linear-layer';
import { payloadSource } from '../../../src/engine/input/source';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { modelOnDisk, realModels } from '../real-models';

/** Every trained model; the others of that folder make their weights as they load. */
const trained = realModels === undefined ? [] : trainedModels(realModels);

function trainedModels(root: string): readonly string[] {
  return ['darknet-tiny', 'doodlenet', 'emotion', 'blazeface', 'selfie', 'centernet', 'onnx'].flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((file) => /\.(json|onnx)$/.test(file) && !file.startsWith('light_'))
      .map((file) => path.join(root, folder, file)),
  );
}

const files = ['samples/shapes.onnx', 'samples/shapes-tfjs/model.json', ...trained];

/** The model after a change, and its bytes. */
async function changed(payload: ModelPayload, { text, source }: OpenedModel, change: FileChange): Promise<ModelPayload> {
  const bytes =
    change.kind === 'text'
      ? new TextEncoder().encode(applyEdits(text ?? '', change.edits))
      : await readAll(piecedSource(inMemory(payload.bytes), change.pieces));
  expect(source.size).toBe(payload.bytes.length);
  return { ...payload, bytes, overlay: Object.fromEntries(change.newFiles.map((file) => [file.relativePath, file.bytes])) };
}

function linearLayers({ graph, linear }: OpenedModel): readonly LinearLayer[] {
  return graph.layers.flatMap((layer) => {
    const found = linear(layer);
    return found === undefined || 'reason' in found ? [] : [found];
  });
}

async function weightsOf(model: OpenedModel): Promise<ReadonlyMap<string, LinearWeights>> {
  const entries = await Promise.all(linearLayers(model).map(async (layer) => [layer.layer, await layer.read()] as const));
  return new Map(entries);
}

describe.each(files)('weights of %s', (file) => {
  it('are as many as the layers say, and the same after they were put in their own place', async () => {
    const { payload, source } = await modelOnDisk(file);
    const model = await openModel(source);
    const layers = linearLayers(model);
    expect(layers.length).toBeGreaterThan(file.endsWith('opt-mnist.onnx') ? 0 : 3);
    const weights = await weightsOf(model);
    for (const { layer, outputs, unknowns } of layers) expect(weights.get(layer)?.weights, layer).toHaveLength(outputs * unknowns);
    const same = await changed(payload, model, await model.replaceWeights(weights));
    if (model.format.id === 'onnx') expect(Buffer.compare(Buffer.from(same.bytes), Buffer.from(payload.bytes))).toBe(0);
    const again = await weightsOf(await openModel(payloadSource(same)));
    for (const [layer, { weights: own, bias }] of weights) {
      expect(isSame(again.get(layer)?.weights, own), layer).toBe(true);
      expect(isSame(again.get(layer)?.bias, bias), layer).toBe(true);
    }
  });

  it('are read back as they were written, and no others change', async () => {
    const { payload, source } = await modelOnDisk(file);
    const model = await openModel(source);
    const before = await weightsOf(model);
    const chosen = linearLayers(model).filter((_layer, index) => index % 2 === 0);
    const news = new Map(
      chosen.map(({ layer, biasPlace }) => {
        const { weights, bias } = before.get(layer)!;
        const own = weights.map((value, index) => Math.fround(value * 0.5 + (index % 7) * 0.125));
        return [
          layer,
          { weights: own, bias: biasPlace === 'none' ? undefined : (bias ?? new Float32Array(0)).map((value) => value + 1) },
        ] as const;
      }),
    );
    const after = await weightsOf(
      await openModel(payloadSource(await changed(payload, model, await model.replaceWeights(withoutEmpty(news))))),
    );
    for (const [layer, { weights, bias }] of before) {
      const wanted = withoutEmpty(news).get(layer) ?? { weights, bias };
      expect(isSame(after.get(layer)?.weights, wanted.weights), layer).toBe(true);
      if (bias !== undefined) expect(isSame(after.get(layer)?.bias, wanted.bias), layer).toBe(true);
    }
  });
});

/** Bit by bit: comparing numbers one by one takes the runner seconds. */
function isSame(a: Float32Array | undefined, b: Float32Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(Buffer.from(a.buffer, a.byteOffset, a.byteLength), Buffer.from(b.buffer, b.byteOffset, b.byteLength)) === 0;
}

/** A bias that stands behind a layer is not read with it, so that there is none to write. */
function withoutEmpty(weights: ReadonlyMap<string, LinearWeights>): ReadonlyMap<string, LinearWeights> {
  return new Map(
    [...weights].map(([layer, { weights: own, bias }]) => [layer, { weights: own, bias: bias?.length === 0 ? undefined : bias }]),
  );
}

describe('external data', () => {
  it('that changes goes to a new file, and the old one stays', async () => {
    const { payload, source } = await modelOnDisk('samples/shapes.onnx');
    const { externalCopy } = await import('./external-copy');
    const external = await externalCopy(payload);
    const model = await openModel(payloadSource(external));
    const weights = await weightsOf(model);
    expect(weights).toEqual(await weightsOf(await openModel(source)));
    const [[layer, first] = ['', undefined]] = weights;
    const change = await model.replaceWeights(new Map([[layer, { weights: first!.weights.map((value) => value + 1), bias: undefined }]]));
    expect(change.newFiles.map(({ relativePath }) => relativePath)).toEqual(['shapes.onnx.recovered.data']);
    const fixed = await changed(external, model, change);
    const after = await weightsOf(await openModel(payloadSource({ ...fixed, overlay: { ...external.overlay, ...fixed.overlay } })));
    expect(after.get(layer)?.weights).toEqual(first!.weights.map((value) => value + 1));
    for (const [other, { weights: own }] of weights) if (other !== layer) expect(after.get(other)?.weights, other).toEqual(own);
  });

  it('is never written over by a file that is there already', async () => {
    const { payload } = await modelOnDisk('samples/shapes.onnx');
    const { externalCopy } = await import('./external-copy');
    const external = await externalCopy(payload);
    const taken: ModelSource = payloadSource({
      ...external,
      overlay: { ...external.overlay, 'shapes.onnx.recovered.data': new Uint8Array(1) },
    });
    const model = await openModel(taken);
    const [[layer, first] = ['', undefined]] = await weightsOf(model);
    const change = await model.replaceWeights(new Map([[layer, first!]]));
    expect(change.newFiles.map(({ relativePath }) => relativePath)).toEqual(['shapes.onnx.recovered-2.data']);
  });

  it('is the file that is there already where it holds the same, as an editor leaves it that ended before the model was saved', async () => {
    const { payload } = await modelOnDisk('samples/shapes.onnx');
    const { externalCopy } = await import('./external-copy');
    const external = await externalCopy(payload);
    const model = await openModel(payloadSource(external));
    const [[layer, first] = ['', undefined]] = await weightsOf(model);
    const wanted = new Map([[layer, first!]]);
    const [{ relativePath, bytes } = { relativePath: '', bytes: new Uint8Array() }] = (await model.replaceWeights(wanted)).newFiles;
    const left = await openModel(payloadSource({ ...external, overlay: { ...external.overlay, [relativePath]: bytes } }));
    expect((await left.replaceWeights(wanted)).newFiles).toEqual([expect.objectContaining({ relativePath, bytes })]);
    const other = { ...external.overlay, [relativePath]: bytes.map((byte) => byte ^ 1) };
    const taken = await openModel(payloadSource({ ...external, overlay: other }));
    expect((await taken.replaceWeights(wanted)).newFiles).toMatchObject([{ relativePath: 'shapes.onnx.recovered-2.data' }]);
  });
});
