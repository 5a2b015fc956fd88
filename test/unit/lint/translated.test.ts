import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { config } from '@vscode/l10n';
import { afterEach, describe, expect, it } from 'vitest';
import { translationsOf } from '../../../scripts/translations/files.mjs';
import { ignoring } from '../../../src/core/config/ignore';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import { sentSource } from '../../../src/engine/input/sent-model';

const repository = path.join(import.meta.dirname, '../../..');
const speakChinese = (): void => {
  config({ contents: { ...translationsOf('zh-cn').get('core') } });
};

afterEach(() => {
  config({ contents: {} });
});

/** What is found and what becomes of it, with its sentences apart. */
async function judged(file: string) {
  const bytes = await readFile(path.join(repository, file));
  const model = await openModel(sentSource({ path: file, folder: '.', overlay: {}, bytes }));
  const findings = lintGraph(model);
  const { outcomes, ...change } = await model.patch(findings.flatMap(({ fix }) => (fix.ok ? [fix.plan] : [])));
  const texts = [
    ...findings.map(({ message }) => message),
    ...findings.flatMap(({ fix }) => (fix.ok ? fix.plan.notes : [fix.reason])),
    ...outcomes.map((outcome) => (outcome.ok ? outcome.description : outcome.reason)),
  ];
  const facts = findings.map((finding) => {
    const { fix } = finding;
    return { ...finding, message: null, fix: fix.ok ? { ...fix, plan: { ...fix.plan, notes: fix.plan.notes.length } } : fix.nodes };
  });
  return { texts, facts, outcomes: outcomes.map(({ ok, layer }) => ({ ok, layer })), change };
}

describe('findings in another language', () => {
  it.each(['samples/shapes.onnx', 'test/fixtures/oracle/vgg_like.onnx', 'test/fixtures/oracle/resnet_like.onnx'])(
    'of %s say it in that language, and are fixed alike',
    async (file) => {
      const english = await judged(file);
      speakChinese();
      const chinese = await judged(file);
      expect(chinese.facts).toEqual(english.facts);
      expect(chinese.outcomes).toEqual(english.outcomes);
      expect(chinese.change).toEqual(english.change);
      expect(chinese.texts).toHaveLength(english.texts.length);
      expect(chinese.texts.length).toBeGreaterThan(2);
      for (const text of chinese.texts) {
        expect(text).toMatch(/\p{Script=Han}.*。$/u);
        // Names of layers stand alone; three words in a row are a sentence that was forgotten.
        expect(text).not.toMatch(/[a-z]+ [a-z]+ [a-z]+/);
      }
    },
  );

  it('leave a shiftlint.json alone where what stands in it is in the way', () => {
    speakChinese();
    const result = ignoring('{ "ignoreLayers": {} }', { rule: 'strided-max-pool', layer: 'pool' });
    expect(result).toEqual({ ok: false, reason: expect.stringMatching(/^“ignoreLayers”必须是/) as string });
  });
});
