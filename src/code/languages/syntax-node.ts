import type { Tree } from 'web-tree-sitter';
import { nodeMemory, wordsOfNode, type NodeMemory } from './node-memory';

/** A tree, and what its nodes need to be read. */
interface ReadTree {
  readonly memory: NodeMemory;
  readonly address: number;
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
  readonly source: string;
}

/** A node of a syntax tree; it can be asked as long as the tree lives. It keeps no node that it has given. */
export class SyntaxNode {
  private symbol = -1;
  private end = -1;

  constructor(
    private readonly tree: ReadTree,
    readonly id: number,
    /** Offset of its first character. */
    readonly startIndex: number,
    private readonly row: number,
    private readonly column: number,
    private readonly alias: number,
  ) {}

  /** The root of a tree of a text. */
  static rootOf(tree: Tree, source: string): SyntaxNode {
    const memory = nodeMemory();
    const { types, fields } = tree.language;
    const address = (tree as unknown as { readonly 0: number })[0];
    memory.rootOf(address);
    const root = nodeAt({ memory, address, types, fields, source }, memory.place);
    if (root === null) throw new Error('A syntax tree has no root.');
    return root;
  }

  get type(): string {
    if (this.symbol < 0) this.symbol = this.ask().symbolOf(this.tree.address);
    return this.tree.types[this.symbol] ?? 'ERROR';
  }

  /** Offset behind its last character. */
  get endIndex(): number {
    if (this.end < 0) this.end = this.ask().endOf(this.tree.address);
    return this.end;
  }

  get text(): string {
    return this.tree.source.slice(this.startIndex, this.endIndex);
  }

  /** False of what the grammar writes as a text: brackets, keywords. */
  get isNamed(): boolean {
    return this.ask().isNamed(this.tree.address) === 1;
  }

  get children(): SyntaxNode[] {
    this.ask().childrenOf(this.tree.address);
    return this.answered();
  }

  get namedChildren(): SyntaxNode[] {
    this.ask().namedChildrenOf(this.tree.address);
    return this.answered();
  }

  childForFieldName(name: string): SyntaxNode | null {
    const field = this.tree.fields.indexOf(name);
    if (field < 0) return null;
    const memory = this.ask();
    memory.childOfField(this.tree.address, field);
    return nodeAt(this.tree, memory.place);
  }

  /** Puts the node where the memory's functions look for it. */
  private ask(): NodeMemory {
    const { memory } = this.tree;
    const { place } = memory;
    const words = memory.words();
    words[place] = this.id;
    words[place + 1] = this.startIndex;
    words[place + 2] = this.row;
    words[place + 3] = this.column;
    words[place + 4] = this.alias;
    return memory;
  }

  /** The nodes of an answer: their number, and the address of a copy that is ours to free. */
  private answered(): SyntaxNode[] {
    const { memory } = this.tree;
    const words = memory.words();
    const count = words[memory.place] ?? 0;
    const address = words[memory.place + 1] ?? 0;
    const nodes: SyntaxNode[] = [];
    for (let index = 0; index < count; index++) {
      const node = nodeAt(this.tree, (address >> 2) + index * wordsOfNode);
      if (node !== null) nodes.push(node);
    }
    if (count > 0) memory.free(address);
    return nodes;
  }
}

/** The node that begins at a word of the memory; null where there is none. */
function nodeAt(tree: ReadTree, at: number): SyntaxNode | null {
  const words = tree.memory.words();
  const id = words[at] ?? 0;
  if (id === 0) return null;
  return new SyntaxNode(tree, id, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0, words[at + 4] ?? 0);
}
