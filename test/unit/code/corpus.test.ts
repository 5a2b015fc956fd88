import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CodeFinding } from '../../../src/code/finding';
import type { CodeLanguage } from '../../../src/code/protocol';
import type { CodeSession } from '../../../src/code/session';
import { codeSession } from './code-session';

const corpus = path.resolve(import.meta.dirname, '../../fixtures/code');
const languages: Readonly<Record<string, CodeLanguage>> = {
  '.py': 'python',
  '.js': 'tsx',
  '.cjs': 'tsx',
  '.mjs': 'tsx',
  '.ts': 'typescript',
  '.tsx': 'tsx',
};

const files = ['torch', 'keras', 'flax', 'tfjs', 'quiet'].flatMap((folder) =>
  readdirSync(path.join(corpus, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => path.extname(file) in languages)
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/'))),
);

/** A finding in one line of text: `12 strided-conv <- 40, 41`. */
interface Expectation {
  readonly line: number;
  readonly rule: string;
  /** Lines of the calls that give the stride. */
  readonly calls: readonly number[];
}

/** What the comments of a source announce; the grammar is in the corpus' README. */
function announced(source: string): Expectation[] {
  const lines = source.split('\n');
  const calls = new Map(
    lines.flatMap((text, index) =>
      [.../(?:#|\/\/) call: ([\w-]+)/g[Symbol.matchAll](text)].map(([, name]) => [name ?? '', index + 1] as const),
    ),
  );
  return lines.flatMap((text, index) => {
    const line = index + 1;
    const found = /(?:#|\/\/) expect: ([\w, -]+?)(?: <- ([\w, -]+))?\s*(?:$|#|\/\/|\*\/)/.exec(text);
    const dynamic = /(?:#|\/\/) expect-dynamic/.test(text) ? [{ line, rule: 'dynamic-stride', calls: [] }] : [];
    const labels = found?.[2]?.split(/,\s*/) ?? [];
    const places = labels.map((label) => calls.get(label) ?? NaN);
    return [...(found?.[1]?.split(/,\s*/) ?? []).map((rule) => ({ line, rule, calls: places })), ...dynamic];
  });
}

function found(source: string, { rule, range, related }: CodeFinding): Expectation {
  const lineOf = (offset: number): number => source.slice(0, offset).split('\n').length;
  return { line: lineOf(range.start), rule, calls: related.map((place) => lineOf(place.range.start)) };
}

const inOrder = (expectations: readonly Expectation[]): string[] =>
  expectations
    .map(({ line, rule, calls }) => `${line} ${rule}${calls.length > 0 ? ` <- ${[...calls].sort((a, b) => a - b).join(', ')}` : ''}`)
    .sort();

describe('model sources', () => {
  let session: CodeSession;
  beforeAll(async () => {
    session = await codeSession();
  });

  it('there are plenty, in every framework', () => {
    for (const folder of ['torch', 'keras', 'flax', 'tfjs', 'quiet'])
      expect(files.filter((file) => file.startsWith(folder)).length).toBeGreaterThan(6);
  });

  it.each(files)('%s', async (file) => {
    const source = readFileSync(path.join(corpus, file), 'utf8');
    await session.open(file, languages[path.extname(file)] ?? 'python', source);
    const findings = session.lint(file, { severities: { 'dynamic-stride': 'hint' } });
    session.close(file);
    const expected = announced(source);
    if (file.startsWith('quiet')) expect(expected).toEqual([]);
    expect(inOrder(findings.map((finding) => found(source, finding)))).toEqual(inOrder(expected));
  });
});
