import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CodeLanguage } from '../../../../src/code/protocol';
import { allFixed, errorsIn, findingsOf, fixed } from './fixing';

const corpus = fileURLToPath(new URL('../../../fixtures/code', import.meta.url));

const languages: Readonly<Record<string, CodeLanguage>> = {
  '.py': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.jsx': 'tsx',
  '.ts': 'typescript',
  '.tsx': 'tsx',
};

/** Sources with something to find; `fixed` holds what becomes of them, `quiet` nothing to find. */
const sources = readdirSync(corpus, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && path.extname(entry.name) in languages)
  .map((entry) => path.relative(corpus, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
  .filter((name) => !/^(?:fixed|quiet)\//.test(name))
  .sort();

const named = (findings: Awaited<ReturnType<typeof findingsOf>>) => findings.map(({ rule, callee }) => `${rule} ${callee}`);

/** What of a list is left when each item of another is taken out once. */
function without(list: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...list];
  for (const other of others) {
    const at = left.indexOf(other);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

/** Names that a text imports from our modules, as often as it does. */
function importedNames(text: string): readonly string[] {
  const python = [...text.matchAll(/^from \.?blurpool_\w+ import \(?([^)]*?)\)?$/gm)];
  const javaScript = [...text.matchAll(/(?:import|const) \{([^}]*)\} (?:from|= require\()\s*['"]\.\/blurpool/g)];
  return [...python, ...javaScript].flatMap(([, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );
}

describe.each(sources)('%s', (name) => {
  const source = readFileSync(path.join(corpus, name), 'utf8');
  const language = languages[path.extname(name)] ?? 'python';

  it('loses one finding by each fix, and nothing else', async () => {
    const findings = await findingsOf(source, language);
    const errors = await errorsIn(source, language);
    for (const [index, { rule, callee, range }] of findings.entries()) {
      const { text, title, fix } = await fixed(source, index, language);
      const place = `${rule} ${callee} at ${range.start}: ${title}`;
      if (fix === null) {
        expect(title, place).toMatch(/^[A-Z].*\.$/);
        continue;
      }
      expect(await errorsIn(text, language), place).toBe(errors);
      const left = named(await findingsOf(text, language));
      // A linear layer directly behind the new blur is no longer flagged.
      const lost = without(
        named(findings).filter((_, number) => number !== index),
        left,
      );
      expect(
        lost.filter((one) => !/^strided-(?:avg-pool|pointwise-conv) /.test(one)),
        place,
      ).toEqual([]);
      expect(without(left, named(findings)), place).toEqual([]);
      expect(left.length, place).toBeLessThan(findings.length);
      const imported = importedNames(text);
      expect(new Set(imported).size, place).toBe(imported.length);
    }
  });

  it('is fixed as a whole as the snapshot shows', async () => {
    const { text, fix } = await allFixed(source, language);
    if (fix === null) return;
    expect(await errorsIn(text, language)).toBe(await errorsIn(source, language));
    const imported = importedNames(text);
    expect(new Set(imported).size).toBe(imported.length);
    const before = named(await findingsOf(source, language));
    const after = named(await findingsOf(text, language));
    expect(after.length).toBeLessThan(before.length);
    for (const left of after) expect(before).toContain(left);
    await expect(text).toMatchFileSnapshot(path.join(corpus, 'fixed', name));
  });
});
