import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/registry';
import { onnxCapabilities } from '../../../src/core/formats/onnx/capabilities';
import { graphModelCapabilities } from '../../../src/core/formats/tfjs-graph/capabilities';
import { borderChoices, previewFixAll } from '../../../src/core/lint/fix-preview';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { sentSource } from '../../../src/engine/input/sent-model';
import { fixPreviewText } from '../../../webview/tabs/layers/fix-preview-text';

const repository = path.join(import.meta.dirname, '../../..');

async function opened(file: string) {
  return openModel(sentSource({ path: file, folder: '.', overlay: {}, bytes: await readFile(path.join(repository, file)) }));
}

describe('what "fix all" is said to do', () => {
  it.each(['samples/shapes.onnx', 'test/fixtures/oracle/vgg_like.onnx', 'test/fixtures/oracle/resnet_like.onnx'])(
    'is what it does to %s: layers, price, new parameters, and what is left',
    async (file) => {
      const model = await opened(file);
      const findings = lintGraph(model);
      const preview = previewFixAll(model, findings);
      const plans = findings.flatMap(({ fix }) => (fix.ok && fix.inFixAll ? [fix.plan] : []));
      const { outcomes, ...change } = await model.patch(plans);
      expect(preview.layers).toBe(outcomes.filter(({ ok }) => ok).length);
      expect(preview.fixed + preview.leftCount).toBe(findings.length);
      expect(preview.left).toHaveLength(preview.leftCount);
      if (change.kind !== 'binary') throw new Error('expected a binary file');
      // Every number of a kernel takes four bytes, and names and shapes take few: the file cannot have grown by less.
      const added = change.pieces.reduce((sum, piece) => sum + ('start' in piece ? 0 : piece.length), 0);
      expect(added).toBeGreaterThan(4 * preview.parameters);
      expect(added).toBeLessThan(4 * preview.parameters + 1000 * (preview.layers + model.graph.layers.length));
      const prices = findings.flatMap(({ fix }) => (fix.ok && fix.inFixAll ? [fix.price?.multiplyAdds ?? 0] : []));
      expect(preview.price?.multiplyAdds).toBe(prices.reduce((sum, price) => sum + price, 0));
    },
  );

  it('costs more with a wider filter', async () => {
    const model = await opened('samples/shapes.onnx');
    const [narrow, wide] = (['tri-3', 'bin-7'] as const).map((name) =>
      previewFixAll(model, lintGraph(model, { filter: blurFilter(name) })),
    );
    expect(narrow?.parameters).toBeGreaterThan(0);
    // The same network for TensorFlow.js has all its weights in one file, as 32-bit floats.
    const stored = (await stat(path.join(repository, 'samples/shapes-tfjs/weights.bin'))).size / 4;
    expect(narrow?.parameterShare).toBeCloseTo((narrow?.parameters ?? 0) / stored, 10);
    expect((wide?.parameters ?? 0) / (narrow?.parameters ?? 1)).toBeCloseTo(49 / 9);
    expect(wide?.price?.multiplyAdds).toBeGreaterThan(narrow?.price?.multiplyAdds ?? 0);
  });

  it('explains counts that differ', () => {
    const price = { multiplyAdds: 12_345_678, multiplyAddShare: 0.031, activationValues: 5, activationShare: 0.12 };
    const stem = { label: 'conv1', reason: '"conv1" works on the image itself.' };
    const all = { fixed: 8, layers: 8, price, parameters: 4608, parameterShare: 0.002, left: [], leftCount: 0, notes: [] };
    const cost =
      '+12.3 M multiply-adds (+3.1 % of the model), +12 % activation memory, +4.61 k fixed parameters (+0.20 %), the kernels of the blurs';
    expect(fixPreviewText(all)).toEqual({ statement: `"Fix all" mends 8 findings: ${cost}.`, left: [], notes: [] });
    expect(fixPreviewText({ ...all, fixed: 7, layers: 6, left: [stem], leftCount: 1, notes: [{ note: 'Bin-5.', layers: 2 }] })).toEqual({
      statement: `"Fix all" mends 7 of 8 findings: ${cost}. They are calls of 6 layers, some of which the model uses several times. 1 is left: ${stem.reason}`,
      left: [],
      notes: ['Bin-5. (2 layers)'],
    });
    expect(fixPreviewText({ ...all, fixed: 0, layers: 0, left: [stem, stem], leftCount: 3, price: null })).toEqual({
      statement: 'None of 3 findings is mended by "Fix all".',
      left: [stem.reason, stem.reason, '1 more is left.'],
      notes: [],
    });
    expect(fixPreviewText({ ...all, fixed: 0, layers: 0 })).toBeNull();
  });
});

describe('borders on offer', () => {
  it('are those of the format, the others with the reason', () => {
    expect(borderChoices(onnxCapabilities).map(({ obstacle }) => obstacle)).toEqual([null, null, null]);
    expect(borderChoices(graphModelCapabilities)).toEqual([
      { border: 'reflect', obstacle: null },
      { border: 'replicate', obstacle: 'TensorFlow.js has no layer for this format that repeats an edge.' },
      { border: 'zero', obstacle: null },
    ]);
  });
});
