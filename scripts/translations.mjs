import { writeFileSync } from 'node:fs';
import { faultsOf, textsOfRooms } from './translations/check.mjs';
import { fileOf, languages, translationsOf } from './translations/files.mjs';

/**
 * Says what is missing in the translations or too much, and sorts their files: `npm run translations`. With a file's name it
 * speaks of that file alone (editor, page, core). test/unit/translations.test.ts fails on the same.
 */
const [only] = process.argv.slice(2);
const { texts, faults } = textsOfRooms();
const wanted = new Map([...texts].filter(([file]) => only === undefined || file === only));
for (const language of languages()) {
  const translations = translationsOf(language);
  for (const [file, own] of translations) if (wanted.has(file)) writeFileSync(fileOf(language, file), sorted(own));
  faults.push(...faultsOf(wanted, translations).map((fault) => `${language}/${fault}`));
}
for (const fault of faults) console.log(fault);
if (faults.length === 0) console.log('Every text is translated.');
else process.exitCode = 1;

/** @type {(translations: Readonly<Record<string, string>>) => string} */
function sorted(translations) {
  const entries = Object.entries(translations).sort(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
