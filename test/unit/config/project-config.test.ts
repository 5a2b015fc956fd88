import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProjectConfig } from '../../../src/core/config/project-config';
import { ruleIds } from '../../../src/core/rules/registry';

const nothing = { rules: {}, ignoreLayers: [] };

describe('parseProjectConfig', () => {
  it('reads every key, with comments and trailing commas', () => {
    const text = `{
      // why
      "$schema": "https://example.org/schema.json",
      "rules": { "strided-conv": "hint", "weak-blur": "off" },
      "ignoreLayers": [{ "layers": "stem*" }, { "layers": "down/*", "rules": ["strided-max-pool"], "reason": "trained so" }],
      "exclude": ["old/**"],
      "defaultFilter": "bin-5",
      "padding": "zero",
      "splitStride": true,
      "imageSize": "224x320",
    }`;
    expect(parseProjectConfig(text)).toEqual({
      problems: [],
      invalid: new Map(),
      config: {
        rules: { 'strided-conv': 'hint', 'weak-blur': 'off' },
        ignoreLayers: [{ layers: 'stem*' }, { layers: 'down/*', rules: ['strided-max-pool'] }],
        exclude: ['old/**'],
        defaultFilter: 'bin-5',
        padding: 'zero',
        splitStride: true,
        imageSize: [224, 320],
      },
    });
  });

  it.each<[string, string]>([
    ['{', 'It is no valid JSON'],
    ['', 'It is no valid JSON'],
    ['[]', 'It holds no object.'],
    ['{"rules": []}', '"rules" must be an object'],
    ['{"rules": {"strided": "off"}}', '"rules" names "strided", which is no rule.'],
    ['{"rules": {"strided-conv": "loud"}}', '"rules" gives "strided-conv" a severity'],
    ['{"ignoreLayers": "stem"}', '"ignoreLayers" must be a list'],
    ['{"ignoreLayers": [{}]}', '"ignoreLayers" must name layers'],
    ['{"ignoreLayers": [{"layers": "a", "rules": ["b"]}]}', '"ignoreLayers" lists rules for "a"'],
    ['{"exclude": "a"}', '"exclude" must be a list of globs.'],
    ['{"defaultFilter": "identity"}', '"defaultFilter" must be one of rect-2'],
    ['{"padding": "replicate"}', '"padding" must be'],
    ['{"splitStride": 1}', '"splitStride" must be'],
    ['{"imageSize": [224, 320]}', '"imageSize" must be HEIGHTxWIDTH'],
    ['{"imageSize": "224x0"}', '"imageSize" must be HEIGHTxWIDTH'],
    ['{"filters": 1}', '"filters" is no key of this file.'],
  ])('%s: one sentence, and the rest holds', (text, problem) => {
    const { config, problems } = parseProjectConfig(text);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(config).toEqual(nothing);
  });

  it('keeps what is valid beside what is not', () => {
    expect(parseProjectConfig('{"exclude": ["a"], "padding": 1}').config).toEqual({ ...nothing, exclude: ['a'] });
  });
});

describe('the schema of shiftlint.json', () => {
  const load = (name: string): unknown => JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../..', name), 'utf8'));
  const schema = load('schemas/shiftlint.schema.json') as {
    properties: Record<string, { properties: object; enum: string[]; items: { properties: { rules: { items: { enum: string[] } } } } }>;
  };
  const manifest = load('package.json') as {
    contributes: {
      configuration: { properties: Record<string, { properties: object; enum: string[] }> };
      jsonValidation: { fileMatch: string; url: string }[];
    };
  };
  const settings = manifest.contributes.configuration.properties;
  const texts = load('package.nls.json') as Record<string, string>;

  it('has the rules of the settings, which are those of the code', () => {
    expect(schema.properties['rules']!.properties).toEqual(inEnglish(settings['shiftlint.rules']!.properties));
    expect(Object.keys(schema.properties['rules']!.properties).sort()).toEqual([...ruleIds].sort());
    expect(schema.properties['ignoreLayers']!.items.properties.rules.items.enum.sort()).toEqual([...ruleIds].sort());
    expect(schema.properties['defaultFilter']!.enum).toEqual(settings['shiftlint.defaultFilter']!.enum);
  });

  /** The part of the manifest with its texts in the place of their keys. */
  const inEnglish = (part: object): unknown =>
    JSON.parse(JSON.stringify(part), (_, value: unknown) =>
      typeof value === 'string' ? value.replace(/^%(.+)%$/, (all, key: string) => texts[key] ?? all) : value,
    );

  it('has the keys that are read', () => {
    const { problems } = parseProjectConfig(JSON.stringify(Object.fromEntries(Object.keys(schema.properties).map((key) => [key, null]))));
    expect(problems.filter((problem) => problem.includes('is no key'))).toEqual([]);
  });

  it('is offered for the file', () => {
    expect(manifest.contributes.jsonValidation).toEqual([{ fileMatch: 'shiftlint.json', url: './schemas/shiftlint.schema.json' }]);
  });
});
