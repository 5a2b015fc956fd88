import { applyEdits } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { ignoring, type Ignored } from '../../../src/core/config/ignore';
import { parseProjectConfig, type ProjectConfig } from '../../../src/core/config/project-config';

const atPool: Ignored = { rule: 'strided-max-pool', layer: 'features.pool1' };
const everywhere: Ignored = { rule: 'strided-max-pool', layer: null };

function after(text: string, ignored: Ignored): { readonly text: string; readonly config: ProjectConfig } {
  const result = ignoring(text, ignored);
  if (!result.ok) throw new Error(result.reason);
  const changed = applyEdits(text, [...result.edits]);
  const { config, problems } = parseProjectConfig(changed);
  expect(problems).toEqual([]);
  return { text: changed, config };
}

describe('a shiftlint.json that is to leave something alone', () => {
  it.each(['', '\n'])('is begun where there is none (%j)', (text) => {
    expect(after(text, atPool).text).toBe(
      '{\n  "ignoreLayers": [\n    {\n      "layers": "features.pool1",\n      "rules": [\n        "strided-max-pool"\n      ]\n    }\n  ]\n}\n',
    );
    expect(after(text, everywhere).config.rules).toEqual({ 'strided-max-pool': 'off' });
  });

  it('keeps its comments, its other keys, its indentation and its trailing commas', () => {
    const text = '{\r\n\t// why\r\n\t"padding": "zero",\r\n\t"ignoreLayers": [{ "layers": "stem*" },], // these\r\n}\r\n';
    const changed = after(text, atPool);
    expect(changed.config.ignoreLayers).toEqual([{ layers: 'stem*' }, { layers: 'features.pool1', rules: ['strided-max-pool'] }]);
    expect(changed.config.padding).toBe('zero');
    for (const part of ['\t// why\r\n\t"padding": "zero",\r\n', '// these\r\n}\r\n']) expect(changed.text).toContain(part);
    expect(changed.text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(after(text, everywhere).text).toContain('// these');
  });

  it('adds a rule to what it says of the layer, and severities to what it says of rules', () => {
    const text =
      '{ "rules": { "weak-blur": "hint", "strided-max-pool": "error" }, "ignoreLayers": [{ "layers": "features.pool1", "rules": ["weak-blur"] }] }';
    expect(after(text, atPool).config.ignoreLayers).toEqual([{ layers: 'features.pool1', rules: ['weak-blur', 'strided-max-pool'] }]);
    expect(after(text, everywhere).config.rules).toEqual({ 'weak-blur': 'hint', 'strided-max-pool': 'off' });
  });

  it.each<readonly [string, Ignored]>([
    ['{ "ignoreLayers": [{ "layers": "features.pool1" }] }', atPool],
    ['{ "ignoreLayers": [{ "layers": "features.pool1", "rules": ["strided-max-pool"] }] }', atPool],
    ['{ "rules": { "strided-max-pool": "off" } }', everywhere],
  ])('stays as it is where it says so: %s', (text, ignored) => {
    expect(ignoring(text, ignored)).toEqual({ ok: true, edits: [] });
  });

  it.each<readonly [string, Ignored, RegExp]>([
    ['{ "ignoreLayers": ', atPool, /no valid JSON/],
    ['null', atPool, /holds no object/],
    ['[]', everywhere, /holds no object/],
    ['{ "ignoreLayers": {} }', atPool, /"ignoreLayers" must be a list/],
    ['{ "rules": [] }', everywhere, /"rules" must be an object/],
  ])('says why it cannot be changed: %s', (text, ignored, reason) => {
    expect(ignoring(text, ignored)).toEqual({ ok: false, reason: expect.stringMatching(reason) as string });
  });
});
