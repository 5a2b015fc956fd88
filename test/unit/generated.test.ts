import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../../scripts/generate.mjs';
import { registry, withRegistry } from '../../scripts/generate/rules.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const known = await registry();
const everything = [...(await generatedFiles())];

describe('npm run generate would change nothing in', () => {
  it.each(everything)('%s', (file, text) => {
    expect(read(file)).toBe(text);
  });
});

describe('the rule registry decides', () => {
  const files = new Map(
    ['package.json', 'package.nls.json', 'schemas/shiftlint.schema.json', 'README.md', 'docs/rules/weak-blur.md'].map((file) => [
      file,
      read(file),
    ]),
  );
  const more = { id: 'new-rule', summary: 'A summary of its own.', defaultSeverity: 'hint' };

  it.each(['schemas/shiftlint.schema.json', 'README.md'])('the rules of %s', (file) => {
    const text = withRegistry(files, { ...known, rules: [...known.rules, more] }).get(file);
    for (const word of Object.values(more)) expect(text).toContain(word);
  });

  it('the rules of package.json, whose texts are in a file of their own', () => {
    const written = withRegistry(files, { ...known, rules: [...known.rules, more] });
    for (const word of [more.id, more.defaultSeverity, '%rules.new-rule%']) expect(written.get('package.json')).toContain(word);
    expect(written.get('package.nls.json')).toContain('"rules.new-rule": "A summary of its own."');
    const none = withRegistry(files, { ...known, rules: [more] }).get('package.nls.json');
    expect(none).not.toContain('rules.weak-blur');
    expect(none).toContain('settings.enable');
  });

  it.each(['package.json', 'schemas/shiftlint.schema.json', 'README.md'])('the filters of %s', (file) => {
    expect(withRegistry(files, { ...known, filters: [...known.filters, 'bin-99'] }).get(file)).toContain('bin-99');
  });

  it('the head of the page of a rule', () => {
    const rules = known.rules.map((rule) => ({ ...rule, summary: 'Another summary.' }));
    expect(withRegistry(files, { ...known, rules }).get('docs/rules/weak-blur.md')).toMatch(/^# weak-blur\n\nAnother summary\.\n\nDefault/);
  });

  it('no file that has lost its marks', () => {
    expect(() => withRegistry(new Map([['README.md', '# Shiftlint']]), known)).toThrow('no place marked <!-- generated: rules -->');
  });
});
