import { importsFramework, recoverableFramework, usesRequire } from '../../../src/code/imports';
import { ownLibrary } from '../../../src/code/finding';
import type { CodeLanguage } from '../../../src/code/protocol';
import type { CodeSession } from '../../../src/code/session';
import { applyEdits } from '../../../src/core/formats/text-edits';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { mutateBytes } from '../mutate/bytes';
import { mutateSource } from '../mutate/source';
import type { Random } from '../random';
import type { Corpus, Surface } from './surface';

const specifiers = new Proxy<Record<string, string>>({}, { get: (_, name) => `.${String(name)}`, has: () => true });
const context = { library: ownLibrary, specifiers, filter: blurFilter('tri-3') };

function code(name: string, session: CodeSession, languages: readonly CodeLanguage[], make: (random: Random) => string): Surface {
  return {
    name,
    run: async (random) => {
      const text = make(random);
      const language = random.pick(languages);
      importsFramework(text, language);
      usesRequire(text);
      recoverableFramework(text);
      await session.open('fuzzed', language, text);
      const { findings } = session.judge('fuzzed');
      for (const { rule, range } of findings.slice(0, 3)) session.offers('fuzzed', { rule, range }, context);
      const fix = session.fixAll('fuzzed', {}, context);
      if (fix !== null) applyEdits(text, fix.edits);
      const at = random.below(text.length + 1);
      session.edit('fuzzed', [
        { offset: at, length: Math.min(random.below(9), text.length - at), text: random.pick(['(', '\n', 'x', '"', '']) },
      ]);
      session.judge('fuzzed');
      session.close('fuzzed');
    },
  };
}

/** Programs in both languages, changed by words and lines, and by bytes. */
export function codeSurfaces({ python, javascript }: Corpus, session: CodeSession): readonly Surface[] {
  const bytes = (random: Random, sources: readonly string[]): string => {
    const encoder = new TextEncoder();
    return new TextDecoder().decode(mutateBytes(random, encoder.encode(random.pick(sources)), encoder.encode(random.pick(sources))));
  };
  const source = (random: Random, sources: readonly string[]): string => mutateSource(random, random.pick(sources), random.pick(sources));
  return [
    code('python, words', session, ['python'], (random) => source(random, python)),
    code('python, bytes', session, ['python'], (random) => bytes(random, python)),
    code('javascript, words', session, ['javascript', 'typescript', 'tsx'], (random) => source(random, javascript)),
    code('javascript, bytes', session, ['javascript', 'typescript', 'tsx'], (random) => bytes(random, javascript)),
  ];
}
