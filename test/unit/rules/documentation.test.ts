import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleIds, rules as ruleOf } from '../../../src/core/rules/registry';

const rules = Object.values(ruleOf);
const folder = path.resolve(import.meta.dirname, '../../../docs/rules');

describe('every rule has its page', () => {
  it('and every page and every identifier its rule', () => {
    const pages = readdirSync(folder).map((name) => path.basename(name, '.md'));
    expect(pages.sort()).toEqual(rules.map(({ id }) => id).sort());
    expect(rules.map(({ id }) => id)).toEqual(Object.keys(ruleOf));
    expect([...ruleIds].sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it.each(rules.map(({ id, defaultSeverity, summary }) => [id, defaultSeverity, summary] as const))('%s', (id, severity, summary) => {
    const page = readFileSync(path.join(folder, `${id}.md`), 'utf8');
    for (const part of [
      `# ${id}`,
      summary,
      `Default severity: ${severity}`,
      '## What',
      '## Why',
      '## How it is fixed',
      '## When to ignore it',
    ]) {
      expect(page).toContain(part);
    }
  });
});
