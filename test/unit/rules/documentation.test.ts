import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleIds, rules } from '../../../src/core/rules/registry';

const root = path.resolve(import.meta.dirname, '../../..');
const namesIn = (folder: string, ending: string): string[] =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => path.basename(name, ending));

/** What core/rules and its tests hold beside one file a rule. */
const sharedSources = ['finding', 'registry', 'rule', 'samples-seen', 'wording'];
const sharedTests = ['documentation', 'registry'];

describe('every rule has its file, its test and its page, and each of these its rule', () => {
  it.each([
    ['src/core/rules', '.ts', sharedSources],
    ['test/unit/rules', '.test.ts', sharedTests],
    ['docs/rules', '.md', []],
  ])('%s', (folder, ending, shared) => {
    expect(namesIn(folder, ending).sort()).toEqual([...ruleIds, ...shared].sort());
  });

  it.each(ruleIds)('%s has nothing left to do', (id) => {
    for (const file of [`src/core/rules/${id}.ts`, `test/unit/rules/${id}.test.ts`, `docs/rules/${id}.md`])
      expect(readFileSync(path.join(root, file), 'utf8'), file).not.toContain('TODO');
  });

  it.each(Object.values(rules))('the page of $id', ({ id, defaultSeverity, summary }) => {
    const page = readFileSync(path.join(root, 'docs/rules', `${id}.md`), 'utf8');
    for (const part of [
      `# ${id}`,
      summary,
      `Default severity: ${defaultSeverity}`,
      '## What',
      '## Why',
      '## How it is fixed',
      '## When to ignore it',
    ]) {
      expect(page).toContain(part);
    }
  });
});
