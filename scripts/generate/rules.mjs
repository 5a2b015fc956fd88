import { loadTypescript } from '../load-typescript.mjs';
import { between, json, read, ruleTable } from './text.mjs';

/**
 * What the rule registry decides elsewhere: the settings, the schema of `shiftlint.json`, README's table and the head of
 * every rule's page. The same for the names of filters.
 *
 * @typedef {{ readonly id: string, readonly summary: string, readonly defaultSeverity: string, readonly denseStep?: string }} DescribedRule
 * @typedef {object} Registry
 * @property {readonly DescribedRule[]} rules
 * @property {readonly string[]} severities
 * @property {readonly string[]} filters
 */

/** @returns {Promise<Registry>} */
export async function registry() {
  /** @type {typeof import('../../src/core/rules/registry')} */
  const { rules } = await loadTypescript('src/core/rules/registry.ts');
  /** @type {typeof import('../../src/core/rules/rule')} */
  const { severityChoices } = await loadTypescript('src/core/rules/rule.ts');
  /** @type {typeof import('../../src/core/rewrite/filters')} */
  const { blurFilterNames } = await loadTypescript('src/core/rewrite/filters.ts');
  return { rules: Object.values(rules), severities: severityChoices, filters: blurFilterNames };
}

/** @returns {Promise<Map<string, string>>} */
export async function generated() {
  const known = await registry();
  const pages = known.rules.map(({ id }) => `docs/rules/${id}.md`);
  const texts = await Promise.all(
    ['package.json', manifestTexts, schemaFile, 'README.md', ...pages].map(async (file) => [file, await read(file)]),
  );
  return withRegistry(new Map(texts.map(([file, text]) => [String(file), String(text)])), known);
}

const schemaFile = 'schemas/shiftlint.schema.json';

/** The English texts of package.json. */
const manifestTexts = 'package.nls.json';

/**
 * The files as they have to read under a registry; pages that are missing are left to the test that misses them.
 * @param {ReadonlyMap<string, string>} files
 * @param {Registry} registry
 * @returns {Map<string, string>}
 */
export function withRegistry(files, { rules, severities, filters }) {
  const insertable = filters.filter((name) => name !== 'identity');
  /** @type {(description: (rule: DescribedRule) => string) => object} */
  const severityOf = (description) =>
    Object.fromEntries(
      rules.map((rule) => [rule.id, { type: 'string', enum: severities, default: rule.defaultSeverity, description: description(rule) }]),
    );
  const written = new Map(files);
  rewrite('package.json', (text) => {
    const manifest = JSON.parse(text);
    const settings = manifest.contributes.configuration.properties;
    settings['shiftlint.rules'].properties = severityOf(({ id }) => `%rules.${id}%`);
    settings['shiftlint.defaultFilter'].enum = insertable;
    return json(manifest);
  });
  rewrite(manifestTexts, (text) => {
    const others = Object.entries(JSON.parse(text)).filter(([key]) => !key.startsWith('rules.'));
    return json({ ...Object.fromEntries(others), ...Object.fromEntries(rules.map(({ id, summary }) => [`rules.${id}`, summary])) });
  });
  rewrite(schemaFile, (text) => {
    const schema = JSON.parse(text);
    schema.properties.rules.properties = severityOf(({ summary }) => summary);
    schema.properties.ignoreLayers.items.properties.rules.items.enum = rules.map(({ id }) => id);
    schema.properties.defaultFilter.enum = insertable;
    return json(schema);
  });
  rewrite('README.md', (text) => {
    const withRules = between(text, 'rules', `\n${ruleTable(rules, 'docs/rules')}\n`);
    return between(withRules, 'filters', filters.map((name) => `\`${name}\``).join(', '));
  });
  for (const rule of rules) rewrite(`docs/rules/${rule.id}.md`, (text) => withHead(text, rule));
  return written;

  /** @type {(file: string, change: (text: string) => string) => void} */
  function rewrite(file, change) {
    const text = files.get(file);
    if (text !== undefined) written.set(file, change(text));
  }
}

/** No link: VS Code's preview of Markdown runs no commands. */
const explanation = 'The command *Shiftlint: Explain Aliasing* takes such a layer apart on a small signal, step by step.';

/** @type {(page: string, rule: DescribedRule) => string} */
function withHead(page, { id, summary, defaultSeverity, denseStep }) {
  const body = page.indexOf('\n## ');
  if (body < 0) throw new Error(`The page of ${id} has no sections.`);
  const explained = denseStep === undefined ? '' : `\n${explanation}\n`;
  return `# ${id}\n\n${summary}\n\nDefault severity: ${defaultSeverity}\n${explained}${page.slice(body)}`;
}
