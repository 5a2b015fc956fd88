import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../root.mjs';
import { registry } from './rules.mjs';
import { read, ruleTable } from './text.mjs';

/**
 * docs/README.md: every page with its first sentence, and the rules.
 * @returns {Promise<Map<string, string>>}
 */
export async function generated() {
  const names = (await readdir(path.join(root, 'docs'))).filter((name) => name.endsWith('.md') && name !== 'README.md').sort();
  const rows = await Promise.all(names.map(async (name) => indexRow(name, await read(`docs/${name}`))));
  const { rules } = await registry();
  const text = `# Documentation

<!-- Written by npm run generate. -->

${rows.join('\n')}

## Rules

${ruleTable(rules, 'rules')}
`;
  return new Map([['docs/README.md', text]]);
}

/** @type {(name: string, page: string) => string} */
function indexRow(name, page) {
  const [head = '', first = ''] = page.split('\n\n');
  return `- [${head.replace(/^# /, '')}](${name}): ${first.replaceAll('\n', ' ')}`;
}
