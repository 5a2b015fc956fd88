/**
 * One thing that a user knows by name.
 * @typedef {object} Entry
 * @property {string} kind
 * @property {readonly string[]} names by any of which notes tell of it
 * @property {string} value what a user notices when it changes: a default, a severity
 */

/**
 * Everything that users know by name, from the tables that are generated or tested: settings and commands of the editor, commands of the
 * command line with their options, rules with their severities.
 *
 * @param {(file: string) => string | undefined} read a file of some version of the repository
 * @returns {ReadonlyMap<string, Entry>}
 */
export function surfaceOf(read) {
  const entries = [...ofManifest(read), ...ofCommandLine(read('README.md') ?? ''), ...ofRules(read('docs/README.md') ?? '')];
  return new Map(entries.map((entry) => [`${entry.kind} ${entry.names[0] ?? ''}`, entry]));
}

/**
 * @typedef {{ command: string, title: string }} Command
 * @typedef {{ properties?: Record<string, { default?: unknown, enum?: unknown }> }} Settings
 * @typedef {{ contributes?: { commands?: Command[], configuration?: Settings | Settings[] } }} Manifest
 */

/**
 * @param {(file: string) => string | undefined} read
 * @returns {readonly Entry[]}
 */
function ofManifest(read) {
  /** @type {Manifest} */
  const { contributes } = JSON.parse(read('package.json') ?? '{}');
  /** @type {Record<string, string>} */
  const texts = JSON.parse(read('package.nls.json') ?? '{}');
  const commands = (contributes?.commands ?? []).map(({ command, title }) => {
    const shown = texts[title.replace(/^%(.*)%$/, '$1')] ?? title;
    return { kind: 'command', names: [shown.replace(/(?:…|\.\.\.)$/, ''), command], value: '' };
  });
  const settings = [contributes?.configuration ?? []]
    .flat()
    .flatMap(({ properties }) => Object.entries(properties ?? {}))
    .map(([name, property]) => ({ kind: 'setting', names: [name], value: JSON.stringify([property.default, property.enum]) }));
  return [...commands, ...settings];
}

/**
 * README's table of commands, which a test holds to their usage.
 * @param {string} readme
 * @returns {readonly Entry[]}
 */
function ofCommandLine(readme) {
  const usages = [...readme.matchAll(/^\| `([a-z-]+) ((?:FILE|FOLDER).*?)` \| /gm)];
  return usages.flatMap(([, command = '', words = '']) => {
    const options = [...words.matchAll(/--[a-z-]+/g)].map(([option]) => option);
    return [
      { kind: 'command of the command line', names: [command], value: '' },
      ...options.map((option) => ({ kind: `option of ${command}`, names: [option], value: '' })),
    ];
  });
}

/**
 * The generated table of rules.
 * @param {string} page
 * @returns {readonly Entry[]}
 */
function ofRules(page) {
  return [...page.matchAll(/^\| \[([\w-]+)\]\(rules\/[\w-]+\.md\) \| .* \| (\w+) \|$/gm)].map(([, rule = '', severity = '']) => ({
    kind: 'rule',
    names: [rule],
    value: severity,
  }));
}

/**
 * What has become different for users, as the start of a sentence, with the names that notes have to tell it by.
 *
 * @param {ReadonlyMap<string, Entry>} before
 * @param {ReadonlyMap<string, Entry>} after
 * @returns {readonly { readonly what: string, readonly names: readonly string[] }[]}
 */
export function visibleChanges(before, after) {
  const added = [...after].filter(([key]) => !before.has(key)).map(([, { kind, names }]) => ({ what: `new ${kind}`, names }));
  const removed = [...before].filter(([key]) => !after.has(key)).map(([, { kind, names }]) => ({ what: `${kind} that is gone`, names }));
  const changed = [...after]
    .filter(([key, { value }]) => before.has(key) && before.get(key)?.value !== value)
    .map(([, { kind, names }]) => ({ what: `${kind} with another default`, names }));
  return [...added, ...removed, ...changed];
}

/**
 * Changes that notes do not name.
 *
 * @param {string} notes
 * @param {ReturnType<typeof visibleChanges>} changes
 */
export function unnamed(notes, changes) {
  return changes.filter(({ names }) => !names.some((name) => isNamed(notes, name)));
}

/**
 * As a word of its own: `--shard` is not named by `--shards`.
 * @param {string} notes
 * @param {string} name
 */
function isNamed(notes, name) {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'i').test(notes);
}
