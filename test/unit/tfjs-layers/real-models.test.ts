import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAll } from '../../../src/core/formats/byte-source';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import type { RuleId } from '../../../src/core/rules/registry';
import { modelOnDisk, realModels } from '../real-models';
import { editsTakenBack, patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { loadModel } from './memory-model';

interface ExpectedFinding {
  readonly layer: string;
  readonly rule: RuleId;
  readonly cumulativeStride: number;
}

function pools(...layers: readonly string[]): readonly ExpectedFinding[] {
  return layers.map((layer, index) => ({ layer, rule: 'strided-max-pool', cumulativeStride: 2 ** (index + 1) }));
}

/** Folders of models, with the layers of stride above 1 read off their files by hand. */
const models = [
  {
    name: 'doodlenet',
    folder: path.join(realModels ?? '', 'doodlenet'),
    real: true,
    findings: pools('max_pooling2d', 'max_pooling2d_1', 'max_pooling2d_2'),
  },
  {
    name: 'darknet-tiny',
    folder: path.join(realModels ?? '', 'darknet-tiny'),
    real: true,
    findings: pools('max_pooling2d_1', 'max_pooling2d_2', 'max_pooling2d_3', 'max_pooling2d_4'),
  },
  {
    name: 'the sample',
    folder: path.resolve('samples/shapes-tfjs'),
    real: false,
    findings: [
      ...pools('pool1', 'pool2'),
      { layer: 'conv3_1', rule: 'strided-conv', cumulativeStride: 8 },
      { layer: 'pool3', rule: 'strided-max-pool', cumulativeStride: 16 },
    ] as const,
  },
].filter(({ real }) => !real || realModels !== undefined);

async function inMemory(folder: string): Promise<MemoryModel> {
  const { source } = await modelOnDisk(path.join(folder, 'model.json'));
  const { weightFiles = [] } = (await tfjsLayersFormat.open(source)).graph;
  const files = await Promise.all(weightFiles.map(async (name) => [name, (await source.readSibling(name))!] as const));
  return { text: new TextDecoder().decode(await readAll(source)), files: new Map(files) };
}

async function fixAll(model: MemoryModel, name: BlurFilterName) {
  const source = sourceOf(model);
  const plans = lintGraph(await tfjsLayersFormat.open(source), { filter: blurFilter(name) }).flatMap(({ fix }) =>
    fix.ok ? [fix.plan] : [],
  );
  const patch = await (await tfjsLayersFormat.open(source)).patch(plans);
  if (patch.kind !== 'text') throw new Error('A layers-model is patched as text.');
  return { patch, fixed: patched(model, patch) };
}

/** Every layer's output for one image, by layer name. */
function activations(model: tf.LayersModel, image: tf.Tensor): ReadonlyMap<string, tf.Tensor> {
  const layers = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer');
  // A model that is a layer has a node of its own in front of the one of its call.
  const all = tf.model({
    inputs: model.inputs,
    outputs: layers.map((layer) => layer.getOutputAt(layer.inboundNodes.length - 1)) as tf.SymbolicTensor[],
  });
  const outputs = all.predict(image);
  return new Map((Array.isArray(outputs) ? outputs : [outputs]).map((tensor, index) => [layers[index]!.name, tensor]));
}

describe.each(models)('$name', ({ folder, findings }) => {
  let original: MemoryModel;
  let image: tf.Tensor;
  let expected: ReadonlyMap<string, tf.Tensor>;

  beforeAll(async () => {
    setWasmPaths(`${path.resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist')}/`);
    expect(await tf.setBackend('wasm')).toBe(true);
    original = await inMemory(folder);
    const model = await loadModel(original);
    image = tf.randomUniform([1, ...(model.inputs[0]!.shape.slice(1) as number[])], 0, 1, 'float32', 5);
    expected = activations(model, image);
  });

  it('has the shapes that come out of tfjs, layer by layer', async () => {
    const { graph } = await tfjsLayersFormat.open(sourceOf(original));
    expect(graph.layers.map(({ name }) => [name, graph.tensors.get(name)?.shape?.slice(1)])).toEqual(
      graph.layers.map(({ name }) => [name, expected.get(name)?.shape.slice(1)]),
    );
  });

  it('has the findings that were read off the file', async () => {
    const found = lintGraph(await tfjsLayersFormat.open(sourceOf(original)));
    expect(found.map(({ layer, rule, cumulativeStride }) => ({ layer, rule, cumulativeStride }))).toEqual(
      findings.map((finding) => ({ ...finding, cumulativeStride: [finding.cumulativeStride, finding.cumulativeStride] })),
    );
  });

  it('computes what it did when everything is fixed with the identity filter', async () => {
    const { fixed, patch } = await fixAll(original, 'identity');
    expect(patch.outcomes.map(({ ok }) => ok)).toEqual(findings.map(() => true));
    const { graph } = await tfjsLayersFormat.open(sourceOf(fixed));
    const actual = activations(await loadModel(fixed), image).get(graph.outputs[0]!)!;
    const difference = actual
      .sub([...expected.values()].at(-1)!)
      .abs()
      .max()
      .dataSync()[0]!;
    expect(difference).toBeLessThan(1e-6);
  });

  it('keeps its shapes and the rest of its text when everything is fixed with Tri-3, and has nothing left to fix', async () => {
    const { fixed, patch } = await fixAll(original, 'tri-3');
    const outputs = activations(await loadModel(fixed), image);
    expect([...outputs.values()].at(-1)!.shape).toEqual([...expected.values()].at(-1)!.shape);
    expect(lintGraph(await tfjsLayersFormat.open(sourceOf(fixed)))).toEqual([]);
    expect(editsTakenBack(fixed.text, patch.edits, original.text)).toBe(original.text);
  });

  it('locates every layer at its own name', async () => {
    const opened = await tfjsLayersFormat.open(sourceOf(original));
    const { layers } = opened.graph;
    const ranges = await opened.locate(layers.map(({ name }) => name));
    for (const { name } of layers) {
      const range = ranges.get(name)!;
      expect(original.text.slice(range.offset, range.offset + range.length)).toMatch(new RegExp(`^"name":\\s*"${name}"$`));
    }
  });
});
