import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inLanguage } from '../../scripts/generate/pictures.mjs';
import { languages, translationsOf } from '../../scripts/translations/files.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const texts = (file: string): Map<string, string> => new Map(Object.entries(JSON.parse(read(file)) as Record<string, string>));

const manifest = read('package.json');
const english = texts('package.nls.json');
const used = [...manifest.matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key!);

describe('package.json', () => {
  it('has every text that it names, and names every text that there is', () => {
    expect([...new Set(used)].sort()).toEqual([...english.keys()].sort());
  });

  it('holds no text of its own', () => {
    const own: string[] = [];
    const { contributes, capabilities } = JSON.parse(manifest, (key, value: unknown) => {
      const shown = /^(title|description|markdownDescription|displayName|name|contents|altText|enumDescriptions)$/.test(key);
      for (const text of shown ? [value].flat() : []) if (typeof text === 'string' && !/^%.+%$|^Shiftlint$/.test(text)) own.push(text);
      return value;
    }) as Readonly<Record<string, object>>;
    expect([contributes, capabilities]).not.toContain(undefined);
    // The package's own name.
    expect(own).toEqual(['shiftlint']);
  });
});

/** Where links lead, the code in a text, and the commands of ours that it names. */
const links = (text: string): string[] => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link!).sort();
const code = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
const commands = (text: string): string[] => [...text.matchAll(/\*Shiftlint: ([^*]+)\*/g)].map(([, title]) => title!);

describe.each(languages())('package.nls.%s.json', (language) => {
  const translated = texts(`package.nls.${language}.json`);

  it('has the texts of package.nls.json, in their order', () => {
    expect([...translated.keys()]).toEqual([...english.keys()]);
  });

  it.each([...english])('%s has the same links, code and commands', (key, text) => {
    const translation = translated.get(key)!;
    expect(translation.trim()).not.toBe('');
    expect(links(translation)).toEqual(links(text));
    expect(code(translation)).toEqual(code(text));
    expect(translation.split('\n')).toHaveLength(text.split('\n').length);
    const titles = [...english].filter(([name]) => name.startsWith('commands.'));
    const named = commands(text).map((title) => titles.find(([, other]) => other === title)?.[0] ?? title);
    expect(commands(translation)).toEqual(named.map((name) => translated.get(name)));
  });

  it('says of rules what the editor says of them', () => {
    const core = translationsOf(language).get('core')!;
    for (const [key, text] of english) if (key.startsWith('rules.')) expect(translated.get(key)).toBe(core[text]);
  });

  it('names pictures that there are', () => {
    const pictures = readdirSync(path.join(root, 'media/walkthrough')).map((file) => `media/walkthrough/${file}`);
    for (const [key, file] of translated) if (key.endsWith('.picture')) expect(pictures).toContain(file);
  });
});

describe('a picture in another language', () => {
  it('is the English one with other words and the same figures', () => {
    const picture = '<svg><text x="1">conv1_2</text><text>mean 0.84, lowest 0.76</text><text>98.1 %</text></svg>';
    const words = { 'mean {0}, lowest {1}': '最低 {1}，平均 {0}' };
    expect(inLanguage(picture, words)).toBe('<svg><text x="1">conv1_2</text><text>最低 0.76，平均 0.84</text><text>98.1 %</text></svg>');
    expect(() => inLanguage('<svg><text>shape</text></svg>', words)).toThrow('“shape” of a picture has no translation.');
  });
});
