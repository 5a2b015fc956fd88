import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../root.mjs';
import { fileOf, languages } from '../translations/files.mjs';

/** The walkthrough's pictures in other languages: each is the English one with the words of `l10n/LANGUAGE/pictures.json`. */
const folder = 'media/walkthrough';

/** Words that need no translation: layers and figures. */
const name = /^(?:\w+\d|[\d.×]+(?: %)?)$/;

/** @returns {Promise<Map<string, string>>} */
export function generated() {
  const pictures = readdirSync(path.join(root, folder)).filter((file) => /^\w+\.svg$/.test(file));
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const language of languages()) {
    const words = JSON.parse(readFileSync(fileOf(language, 'pictures'), 'utf8'));
    for (const picture of pictures) {
      const text = readFileSync(path.join(root, folder, picture), 'utf8');
      if (text.includes('<text')) files.set(`${folder}/${path.basename(picture, '.svg')}.${language}.svg`, inLanguage(text, words));
    }
  }
  return Promise.resolve(files);
}

/**
 * A picture with its words translated; fractions in them stand for {0} and {1}.
 * @param {string} picture
 * @param {Readonly<Record<string, string>>} words by their English ones
 */
export function inLanguage(picture, words) {
  return picture.replaceAll(/(<text[^>]*>)([^<]*)/g, (_, /** @type {string} */ start, /** @type {string} */ text) => {
    if (name.test(text)) return start + text;
    /** @type {string[]} */
    const figures = [];
    const key = text.replaceAll(/\d+\.\d+/g, (figure) => `{${figures.push(figure) - 1}}`);
    const translated = words[key];
    if (translated === undefined) throw new Error(`“${key}” of a picture has no translation.`);
    return start + translated.replaceAll(/\{(\d)\}/g, (place, /** @type {string} */ number) => figures[Number(number)] ?? place);
  });
}
