import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { externalTensor, model, noise } from '../onnx/models';
import { GraphBuilder, ints, windowed } from '../tfjs-graph/graph-builder';
import { inTemporaryFolder, root, shiftlint } from './command-line';

interface FixReport {
  readonly output: string | null;
  readonly files: readonly string[];
  readonly fixed: readonly { readonly layer: string }[];
  readonly refused: readonly { readonly layer: string; readonly reason: string; readonly nodes: readonly string[] }[];
}

const resnet = path.join(root, 'test/fixtures/oracle/resnet_like.onnx');
const stem = '/stem/stem.0/Conv';

async function fix(...words: readonly string[]): Promise<{ readonly code: number | null; readonly report: FixReport }> {
  const { code, stdout, stderr } = await shiftlint('fix', ...words, '--json');
  expect(stderr).toBe('');
  return { code, report: JSON.parse(stdout) as FixReport };
}

describe('shiftlint fix', () => {
  it('leaves the stem to the user and says how to ask for it', async () => {
    await inTemporaryFolder(async (folder) => {
      const output = path.join(folder, 'fixed.onnx');
      const { code, report } = await fix(resnet, '-o', output);
      expect(code).toBe(0);
      expect(report.fixed).toHaveLength(5);
      expect(report.refused).toMatchObject([{ layer: stem, label: 'stem.0', reason: expect.stringContaining('--layer "stem.0"') }]);
      const lint = JSON.parse((await shiftlint('lint', output, '--json')).stdout) as { files: { findings: { layer: string }[] }[] };
      expect(lint.files[0]?.findings.map(({ layer }) => layer)).toEqual([stem]);
    });
  });

  it('fixes what is named, by node or by output tensor, and nothing else', async () => {
    await inTemporaryFolder(async (folder) => {
      const output = path.join(folder, 'fixed.onnx');
      const { code, report } = await fix(resnet, '--layer', `${stem}_output_0`, '--filter', 'bin-5', '-o', output);
      expect({ code, ...report }).toMatchObject({ code: 0, fixed: [{ layer: stem }], refused: [] });
    });
  });

  it('refuses a layer that nothing concerns, writes nothing, and exits with 1', async () => {
    await inTemporaryFolder(async (folder) => {
      const output = path.join(folder, 'fixed.onnx');
      const { code, report } = await fix(resnet, '--layer', 'ghost', '-o', output);
      expect({ code, ...report }).toMatchObject({ code: 1, output: null, fixed: [], refused: [{ layer: 'ghost', nodes: ['ghost'] }] });
      expect(existsSync(output)).toBe(false);
    });
  });

  it('writes a tfjs model with all its weights into a folder and leaves the original as it was', async () => {
    await inTemporaryFolder(async (folder) => {
      const original = path.join(folder, 'original');
      await cp(path.join(root, 'samples/shapes-tfjs'), original, { recursive: true });
      const before = await readFile(path.join(original, 'model.json'));
      const output = path.join(folder, 'fixed');
      const { code, report } = await fix(path.join(original, 'model.json'), '-o', output);
      expect(code).toBe(0);
      expect(report.fixed.map(({ layer }) => layer)).toEqual(['pool1', 'pool2', 'conv3_1', 'pool3']);
      expect((await readdir(output)).sort()).toEqual(['model.json', 'shiftlint-blur-1.bin', 'weights.bin']);
      expect(await readFile(path.join(original, 'model.json'))).toEqual(before);
      expect((await readdir(original)).sort()).toEqual(['model.json', 'weights.bin']);
      expect((await shiftlint('lint', output)).code).toBe(0);
    });
  });

  it('writes a graph-model under its own name, its weights beside it', async () => {
    await inTemporaryFolder(async (folder) => {
      const builder = new GraphBuilder();
      builder.op('MaxPool', 'pool', [builder.input([1, 8, 8, 2])], { ...windowed([2, 2], 'SAME'), ksize: ints(1, 2, 2, 1) });
      builder.op('BiasAdd', 'y', ['pool', builder.weight('bias', [2])]);
      const { text, files } = builder.model(['y']);
      await mkdir(path.join(folder, 'original'));
      await writeFile(path.join(folder, 'original/detector.json'), text);
      for (const [name, bytes] of files) await writeFile(path.join(folder, 'original', name), bytes);
      const output = path.join(folder, 'fixed');
      const { code, report } = await fix(path.join(folder, 'original/detector.json'), '-o', output);
      expect({ code, ...report }).toMatchObject({ code: 0, fixed: [{ layer: 'pool' }] });
      expect((await readdir(output)).sort()).toEqual(['detector.json', 'shiftlint-blur-1.bin', 'weights.bin']);
      expect((await shiftlint('lint', path.join(output, 'detector.json'))).code).toBe(0);
    });
  });

  it('takes the files along that hold the weights of an ONNX model', async () => {
    await inTemporaryFolder(async (folder) => {
      const conv = encodeNode({
        name: 'conv',
        opType: 'Conv',
        inputs: ['x', 'w'],
        outputs: ['y'],
        attributes: { strides: { ints: [2, 2] } },
      });
      const bytes = model({
        nodes: [conv],
        initializers: [externalTensor('w', [4, 4, 3, 3], 'weights.data')],
        inputs: [encodeValueInfo('x', 1, [1, 4, 9, 9])],
        outputs: [encodeValueInfo('y', 1)],
      });
      await writeFile(path.join(folder, 'net.onnx'), bytes);
      const weights = new Uint8Array(noise(144).buffer);
      await writeFile(path.join(folder, 'weights.data'), weights);
      const output = path.join(folder, 'fixed/net.onnx');
      const { code, report } = await fix(path.join(folder, 'net.onnx'), '--layer', 'conv', '-o', output);
      expect(code).toBe(0);
      const copied = path.join(folder, 'fixed/net.onnx.data');
      expect(report.files).toEqual([copied, output]);
      expect(new Uint8Array(await readFile(copied))).toEqual(weights);
      expect((await shiftlint('lint', output)).code).toBe(0);
    });
  });

  it.each([
    [[resnet], /-o OUT/],
    [[resnet, '-o', 'x.onnx', '--filter', 'tri-4'], /no filter "tri-4"/],
    [['-o', 'x.onnx'], /Name a model file/],
    [[resnet, resnet, '-o', 'x.onnx'], /One model file at a time/],
  ])('a wrong call %j exits with 2 and says how', async (words, message) => {
    const { code, stdout, stderr } = await shiftlint('fix', ...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
