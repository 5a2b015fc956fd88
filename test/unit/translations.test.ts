import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOf, textsOfRooms } from '../../scripts/translations/check.mjs';
import { languages, translationsOf } from '../../scripts/translations/files.mjs';
import { textsOf } from '../../scripts/translations/texts.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const source = (body: string): ReturnType<typeof textsOf> => textsOf('a.ts', `import { t } from '@vscode/l10n';\n${body}`);

describe('the texts of a source', () => {
  it('are those of calls and tags, each as the library looks it up', () => {
    const { texts, faults } = source('f(t`A ${x} of ${t`b`}.`, t("c {0}"), t("{0} d", x), o.t("e"), `f`, t`it\\`s`);');
    expect(texts).toEqual(['A {0} of {1}.', 'b', 'c {0}', '{0} d', 'it`s']);
    expect(faults).toEqual([]);
  });

  it('are none where t is of another module', () => {
    expect(textsOf('a.ts', "// not @vscode/l10n\nimport { t } from './t';\nt`a`;")).toEqual({ texts: [], faults: [] });
  });

  it.each([
    ['t(x);', 'a.ts:2: The text that t translates is no literal.'],
    ['t(`a ${x}`);', 'a.ts:2: The text that t translates is no literal.'],
    ['t("a" + "b");', 'a.ts:2: The text that t translates is no literal.'],
    ['t("{0} and {1}", x);', 'a.ts:2: No value is given for {1} of “{0} and {1}”.'],
    ['xs.map(t);', 'a.ts:2: t is neither called nor the tag of a text.'],
  ])('%s is refused', (body, fault) => {
    expect(source(body).faults).toEqual([fault]);
  });

  it.each(["import * as l10n from '@vscode/l10n';", "import { t as translate } from '@vscode/l10n';"])('%s is refused', (text) => {
    expect(textsOf('a.ts', text).faults).toHaveLength(1);
  });
});

describe('a language', () => {
  const texts = new Map([
    ['one', new Set(['{0} layers', 'Fix'])],
    ['two', new Set(['Fix'])],
  ]);
  const complete = { one: { '{0} layers': '{0} 层', Fix: '修复' }, two: { Fix: '修复' } };
  const faults = (changed: Readonly<Record<string, Readonly<Record<string, string>>>>): string[] =>
    faultsOf(texts, new Map(Object.entries({ ...complete, ...changed })));

  it('is fine with every text once in each file', () => {
    expect(faults({})).toEqual([]);
  });

  it.each([
    ['a text without translation', { two: {} }, 'two: “Fix” has no translation.'],
    ['a translation without text', { two: { Fix: '修复', Mend: '修补' } }, 'two: No source has “Mend” any more.'],
    ['an empty one', { one: { '{0} layers': '{0} 层', Fix: ' ' }, two: { Fix: ' ' } }, 'one: The translation of “Fix” is empty.'],
    ['a value that is lost', { one: { '{0} layers': '层', Fix: '修复' } }, 'one: The values of “{0} layers” are not those of “层”.'],
    ['two translations', { two: { Fix: '改正' } }, 'two: “Fix” is translated as “修复” and as “改正”.'],
  ])('fails for %s', (_, changed, fault) => {
    expect(faults(changed)).toContain(fault);
  });
});

describe('our texts', () => {
  const { texts, faults } = textsOfRooms();

  it('can be translated', () => {
    expect(faults).toEqual([]);
  });

  it.each(languages())('are translated into %s', (language) => {
    expect(faultsOf(texts, translationsOf(language))).toEqual([]);
  });

  // A text that a module makes while it loads would be English where another module came first.
  it.each([
    ['src/extension/activate.ts', './language'],
    ['src/engine/process/main.ts', './language'],
    ['src/engine/process/reader.ts', './language'],
    ['src/code/worker.ts', './worker-language'],
    ['webview/main.ts', './language'],
    ['webview/explain/main.ts', '../language'],
  ])('have their language before %s loads anything else', (entry, module) => {
    expect(/^import .*$/m.exec(read(entry))?.[0]).toBe(`import '${module}';`);
  });
});
