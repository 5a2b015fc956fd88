import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import type { CompareReport } from '../../../src/core/report/compare-report';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { imagePlanes } from '../../../src/engine/input/image-file';
import { toBatch } from '../../../src/engine/input/planes';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { readModel } from '../../../src/engine/input/read-model';
import { shiftlint } from '../cli/command-line';
import { modelOnDisk } from '../real-models';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const classNames = ['circle', 'square', 'triangle', 'cross', 'ring', 'star'];

async function probabilities(engine: Engine, file: string, input: TensorBatch): Promise<readonly number[]> {
  const { payload, source } = await modelOnDisk(path.join(samples, file));
  const { graph } = await openModel(source);
  const [output] = await engine.run(await readModel(payload), new Map([[graph.inputs[0]!, input]]));
  return [...output!.data];
}

describe('the sample network', () => {
  it('comes with as many images of every class, in folders whose order is that of its classes', async () => {
    const images = path.join(samples, 'images');
    expect((await readdir(images)).sort()).toEqual(classNames.map((name, index) => `${index}-${name}`));
    for (const folder of await readdir(images)) expect(await readdir(path.join(images, folder))).toHaveLength(40);
  });

  it('becomes more consistent by blurs and recovery and keeps its score, on images that nothing learned from', async () => {
    const images = path.join(samples, 'images');
    const words = ['compare', path.join(samples, 'shapes.onnx'), '--filter', 'tri-3', '--recover', images, '--json'];
    const { code, stdout } = await shiftlint(...words);
    expect(code).toBe(0);
    const [original, fixed, recovered] = (JSON.parse(stdout) as CompareReport).variants.map(({ consistency }) => ({
      consistency: consistency!.consistency!.value,
      accuracy: consistency!.accuracy!.value,
      images: consistency!.images,
    }));
    expect(recovered!.images).toBe(48);
    expect(fixed!.accuracy).toBeLessThan(original!.accuracy - 0.05);
    expect(recovered!.accuracy).toBeGreaterThanOrEqual(original!.accuracy);
    expect(recovered!.consistency).toBeGreaterThan(original!.consistency);
  });

  it('classifies drawings alike in both formats', async () => {
    const [onnx, tfjs] = await Promise.all([createOnnxEngine(), createTfjsEngine()]);
    for (const [index, name] of classNames.entries()) {
      const file = path.join(samples, 'images', `${index}-${name}`, '01.png');
      const planes = await imagePlanes(await readFile(file), file, 3, [32, 32]);
      const fromOnnx = await probabilities(onnx, 'shapes.onnx', toBatch(planes, 'channels-first'));
      const fromTfjs = await probabilities(tfjs, 'shapes-tfjs/model.json', toBatch(planes, 'channels-last'));
      expect(fromOnnx.indexOf(Math.max(...fromOnnx)), name).toBe(index);
      expect(Math.max(...fromOnnx.map((value, at) => Math.abs(value - fromTfjs[at]!)))).toBeLessThan(1e-4);
    }
  });

  it.each([
    ['shapes-tfjs/model.json', ['pool1', 'pool2', 'conv3_1', 'pool3']],
    ['shapes.onnx', ['/pool1/MaxPool', '/pool2/MaxPool', '/conv3_1/Conv', '/pool3/MaxPool']],
  ])('%s has findings of two rules, all fixable', async (file, layers) => {
    const { source } = await modelOnDisk(path.join(samples, file));
    const findings = lintGraph(await openModel(source));
    expect(findings.map(({ layer }) => layer)).toEqual(layers);
    expect(findings.map(({ rule }) => rule)).toEqual(['strided-max-pool', 'strided-max-pool', 'strided-conv', 'strided-max-pool']);
    expect(findings.every(({ fix }) => fix.ok && fix.inFixAll)).toBe(true);
  });

  it('stays small: at most 1 MB in each format', async () => {
    const folder = path.join(samples, 'shapes-tfjs');
    const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1 << 20);
    expect((await stat(path.join(samples, 'shapes.onnx'))).size).toBeLessThan(1 << 20);
  });
});
