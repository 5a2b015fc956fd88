import { readFileSync } from 'node:fs';
import { Language, Parser, type Node } from 'web-tree-sitter';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTreeSitter } from '../../../../src/code/languages/node-memory';
import { SyntaxNode } from '../../../../src/code/languages/syntax-node';
import type { GrammarFile } from '../../../../src/code/session';
import { grammarBytes } from '../code-session';

const python = readFileSync('test/fixtures/code/torch/resnet.py', 'utf8');
const tfjs = readFileSync('test/fixtures/code/tfjs/resnet.ts', 'utf8');
const texts: readonly (readonly [what: string, grammar: GrammarFile, text: string])[] = [
  ['Python', 'tree-sitter-python.wasm', python],
  ['Python with letters of two code units', 'tree-sitter-python.wasm', `name = "𝒳 ü"  # ü 𝒳\nx = name[1:, ::2]\n${python}`],
  ['broken Python', 'tree-sitter-python.wasm', 'class (:\n  def f(x, *, y=[1, 2:\n    return )x['],
  ['TypeScript', 'tree-sitter-typescript.wasm', tfjs],
  ['nothing', 'tree-sitter-python.wasm', ''],
  // The memory grows while it is parsed and read.
  ['much Python', 'tree-sitter-python.wasm', python.repeat(40)],
];

async function parsed(grammar: GrammarFile, text: string) {
  const parser = new Parser();
  parser.setLanguage(await Language.load(await grammarBytes(grammar)));
  const tree = parser.parse(text);
  if (tree === null) throw new Error('The text is not parsed.');
  return tree;
}

/** Every node of the two trees, told alike. */
function told(node: Node | SyntaxNode, fields: readonly string[], lines: string[] = []): string[] {
  const { type, startIndex, endIndex, isNamed, id } = node;
  const ofField = fields.map((field) => node.childForFieldName(field)?.id ?? 0);
  const named = node.namedChildren.map((child) => child.id);
  lines.push([type, startIndex, endIndex, isNamed, id, ofField, named].join(' '));
  for (const child of node.children) told(child, fields, lines);
  return lines;
}

describe('nodes read from the memory of tree-sitter', () => {
  beforeAll(() => loadTreeSitter(() => grammarBytes('web-tree-sitter.wasm')));

  it.each(texts)('are those that its own package gives: %s', async (_what, grammar, text) => {
    const tree = await parsed(grammar, text);
    const fields = ['name', 'body', 'parameters', 'no such field'];
    const own = told(SyntaxNode.rootOf(tree, text), fields);
    expect(own).toEqual(told(tree.rootNode, fields));
    expect(own.length).toBeGreaterThan(text.length / 20);
    tree.delete();
  });

  it('have the text that they stand for', async () => {
    const text = 'name = "𝒳"\nstride = 2';
    const [first, second] = SyntaxNode.rootOf(await parsed('tree-sitter-python.wasm', text), text).namedChildren;
    expect([first?.text, second?.text]).toEqual(['name = "𝒳"', 'stride = 2']);
  });
});
