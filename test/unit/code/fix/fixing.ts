import { afterAll } from 'vitest';
import type { CodeFinding, CodeFix, FixContext, FixOffer } from '../../../../src/code/finding';
import type { CodeLanguage } from '../../../../src/code/protocol';
import type { CodeSession } from '../../../../src/code/session';
import type { TextEdit } from '../../../../src/core/formats/format';
import { codeSession } from '../code-session';

/** What a workspace gives that has no library of its own and no module yet. */
export const plainContext: FixContext = {
  library: 'shiftlint',
  specifiers: {
    torch: 'blurpool_torch',
    keras: 'blurpool_keras',
    tensorflow: 'blurpool_tensorflow',
    flax: 'blurpool_flax',
    tfjs: './blurpool.js',
  },
  filterSize: 3,
};

let session: Promise<CodeSession> | undefined;

function shared(): Promise<CodeSession> {
  session ??= codeSession();
  return session;
}

afterAll(async () => {
  (await session)?.dispose();
  session = undefined;
});

/** Every rule, with the one that is off by default. */
const everyRule = { severities: { 'dynamic-stride': 'hint' } } as const;

export async function findingsOf(source: string, language: CodeLanguage = 'python'): Promise<readonly CodeFinding[]> {
  const open = await shared();
  await open.open('source', language, source);
  return open.lint('source', everyRule);
}

/** What is offered for the finding of a number, in the order of the source. */
export async function offerFor(source: string, index = 0, language: CodeLanguage = 'python', context: Partial<FixContext> = {}): Promise<FixOffer> {
  const finding = (await findingsOf(source, language))[index];
  if (finding === undefined) throw new Error('Nothing is found there.');
  return (await shared()).offers('source', finding, { ...plainContext, ...context });
}

/** The text after the blur fix of one finding, with its title; or the reason why there is none. */
export async function fixed(source: string, index = 0, language: CodeLanguage = 'python', context: Partial<FixContext> = {}): Promise<{ title: string; text: string; fix: CodeFix | null }> {
  const offer = await offerFor(source, index, language, context);
  const fix = offer.fixes.find(({ kind }) => kind === 'blur') ?? null;
  return fix === null ? { title: offer.refusal ?? '', text: source, fix } : { title: fix.title, text: withEdits(source, fix.edits), fix };
}

export async function allFixed(source: string, language: CodeLanguage = 'python', context: Partial<FixContext> = {}): Promise<{ title: string; text: string; fix: CodeFix | null }> {
  const open = await shared();
  await open.open('source', language, source);
  const fix = open.fixAll('source', everyRule, { ...plainContext, ...context });
  return fix === null ? { title: '', text: source, fix } : { title: fix.title, text: withEdits(source, fix.edits), fix };
}

/** Applies edits that refer to one text. @throws Error where they touch or are out of order */
export function withEdits(source: string, edits: readonly TextEdit[]): string {
  let text = '';
  let at = 0;
  for (const [index, edit] of edits.entries()) {
    if (edit.offset < at || (index > 0 && edit.offset === at)) throw new Error('The edits touch each other.');
    text += source.slice(at, edit.offset) + edit.text;
    at = edit.offset + edit.length;
  }
  return text + source.slice(at);
}
