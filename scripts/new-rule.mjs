import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.mjs';
import { root } from './root.mjs';

/**
 * `npm run new-rule NAME`: a rule that compiles and is registered, its test and its page, and all that is generated from
 * the registry. The tests fail until the rule flags something and no TODO is left.
 */

/**
 * The files of a new rule, and the registry with it.
 * @param {string} id kebab-case
 * @param {string} registry text of src/core/rules/registry.ts
 * @returns {Map<string, string>}
 */
export function newRule(id, registry) {
  const name = id.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
  return new Map([
    [`src/core/rules/${id}.ts`, source(id, name)],
    [`test/unit/rules/${id}.test.ts`, test(id)],
    [`docs/rules/${id}.md`, page(id)],
    [registryFile, registered(registry, id, name)],
  ]);
}

const registryFile = 'src/core/rules/registry.ts';

/** @type {(id: string, name: string) => string} */
const source = (id, name) => `import type { GraphRule } from './rule';
import { kernelText, strideText } from './wording';

/** TODO: what the layer is, and why its subsampling aliases. */
export const ${name} = {
  id: '${id}',
  defaultSeverity: 'warning',
  summary: 'TODO: one line for settings, hovers and tables.',
  // TODO: narrow down to the layers that no other rule concerns; the first rule of the registry wins.
  concerns: (layer, context) => layer.operation.kind === 'positional' && context.aliases(layer),
  message: ({ title, kernel, stride }) =>
    \`\${title} (\${kernelText(kernel)}, stride \${strideText(stride)}) TODO: the cause. TODO: the remedy.\`,
} as const satisfies GraphRule;
`;

/** @type {(id: string) => string} */
const test = (id) => `import { operations } from '../graph-builder';
import { describeRule, stem } from './judging';

const { convolution, maxPool } = operations;

describeRule('${id}', [
  ['TODO: a layer that it is for', [stem, ['layer', maxPool(2, 2)]], [['layer', '${id}']]],
  ['TODO: one that it leaves alone', [stem, ['layer', convolution(3, 1)]], []],
]);
`;

/** @type {(id: string) => string} */
const page = (id) => `# ${id}

## What

TODO: layers of model files and calls in code, and what is not reported.

## Why

TODO: what aliases, with numbers that a reader can check by hand.

## How it is fixed

TODO: what the fix writes, and what stays as it is.

## When to ignore it

TODO: when the fix is not worth its price.
`;

/** @type {(registry: string, id: string, name: string) => string} */
function registered(registry, id, name) {
  const imports = registry.split('\n').filter((line) => line.startsWith('import '));
  const rest = registry.split('\n').filter((line) => !line.startsWith('import '));
  const fileOf = (/** @type {string} */ line) => line.slice(line.indexOf("'"));
  const sorted = [...imports, `import { ${name} } from './${id}';`].sort((a, b) => (fileOf(a) < fileOf(b) ? -1 : 1));
  return [...sorted, ...rest].join('\n').replace('\n] as const;', `\n  ${name},\n] as const;`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [id = ''] = process.argv.slice(2);
  if (!/^[a-z]+(-[a-z0-9]+)+$/.test(id))
    throw new Error('Name the rule in lower case and with hyphens: npm run new-rule strided-max-pool.');
  if (existsSync(path.join(root, `src/core/rules/${id}.ts`))) throw new Error(`There is a rule ${id} already.`);
  const files = newRule(id, await readFile(path.join(root, registryFile), 'utf8'));
  for (const [file, text] of files) await writeFile(path.join(root, file), text);
  const written = await generate();
  console.log(`Wrote ${[...files.keys(), ...written].join(', ')}.`);
  console.log(`Now replace every TODO; "npx vitest run test/unit/rules" says what is missing, and "npm run generate" follows the summary.`);
}
