import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, expect } from 'vitest';
import { Language, Parser, type Node } from 'web-tree-sitter';
import type { CodeFinding, CodeFix, FixContext, FixOffer } from '../../../../src/code/finding';
import type { CodeLanguage } from '../../../../src/code/protocol';
import type { CodeSession } from '../../../../src/code/session';
import type { TextEdit } from '../../../../src/core/formats/format';
import { blurFilter } from '../../../../src/core/rewrite/filters';
import { codeSession } from '../code-session';

const require = createRequire(import.meta.url);

/** What a workspace gives that has no library of its own and no module yet. */
export const plainContext: FixContext = {
  library: 'shiftlint',
  specifiers: {
    blurpool_torch: 'blurpool_torch',
    blurpool_keras: 'blurpool_keras',
    blurpool_tensorflow: 'blurpool_tensorflow',
    blurpool_flax: 'blurpool_flax',
    blurpool: './blurpool.js',
  },
  filter: blurFilter('tri-3'),
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
export async function offerFor(
  source: string,
  index = 0,
  language: CodeLanguage = 'python',
  context: Partial<FixContext> = {},
): Promise<FixOffer> {
  const finding = (await findingsOf(source, language))[index];
  if (finding === undefined) throw new Error('Nothing is found there.');
  return (await shared()).offers('source', finding, { ...plainContext, ...context });
}

/** The text after the blur fix of one finding, with its title; or the reason why there is none. */
export async function fixed(
  source: string,
  index = 0,
  language: CodeLanguage = 'python',
  context: Partial<FixContext> = {},
): Promise<{ title: string; text: string; fix: CodeFix | null }> {
  const offer = await offerFor(source, index, language, context);
  const fix = offer.fixes.find(({ kind }) => kind === 'blur') ?? null;
  return fix === null ? { title: offer.refusal ?? '', text: source, fix } : { title: fix.title, text: withEdits(source, fix.edits), fix };
}

export async function allFixed(
  source: string,
  language: CodeLanguage = 'python',
  context: Partial<FixContext> = {},
): Promise<{ title: string; text: string; fix: CodeFix | null }> {
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

/** Number of places that the grammar cannot read. */
export async function errorsIn(text: string, language: CodeLanguage): Promise<number> {
  const grammar = await grammarOf(language);
  const parser = new Parser();
  parser.setLanguage(grammar);
  const tree = parser.parse(text);
  if (tree === null) throw new Error('The parser was stopped.');
  let errors = 0;
  const visit = (node: Node): void => {
    if (node.isError || node.isMissing) errors++;
    for (const child of node.children) visit(child);
  };
  if (tree.rootNode.hasError) visit(tree.rootNode);
  tree.delete();
  parser.delete();
  return errors;
}

const grammars = new Map<CodeLanguage, Promise<Language>>();

function grammarOf(language: CodeLanguage): Promise<Language> {
  const folder = path.dirname(require.resolve(`tree-sitter-${language === 'tsx' ? 'typescript' : language}/package.json`));
  // A session has to start the parser before a grammar can be loaded.
  const known =
    grammars.get(language) ??
    shared()
      .then(() => readFile(path.join(folder, `tree-sitter-${language}.wasm`)))
      .then((bytes) => Language.load(bytes));
  grammars.set(language, known);
  return known;
}

/** One row of a recipe's table: the source, and all of it after the fix. */
export interface FixCase {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly title: string;
  /** Number of the finding, in the order of the source; 0 by default. */
  readonly index?: number;
  readonly language?: CodeLanguage;
  readonly context?: Partial<FixContext>;
}

/** The fix gives the expected text, which parses and has one finding less. */
export async function expectFix({ before, after, title, index = 0, language = 'python', context }: FixCase): Promise<void> {
  const result = await fixed(before, index, language, context);
  expect(result.text).toBe(after);
  expect(result.title).toBe(title);
  expect(after).not.toBe(before);
  await expectClean(before, result.text, index, language);
}

/** Nothing new is unreadable, and of the findings only the fixed one is gone. */
export async function expectClean(before: string, after: string, index: number, language: CodeLanguage): Promise<void> {
  expect(await errorsIn(after, language)).toBe(await errorsIn(before, language));
  const left = (await findingsOf(before, language)).filter((_, number) => number !== index).map(({ rule, callee }) => `${rule} ${callee}`);
  expect((await findingsOf(after, language)).map(({ rule, callee }) => `${rule} ${callee}`)).toEqual(left);
}
