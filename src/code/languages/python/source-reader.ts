import type { SyntaxNode } from '../syntax-node';
import type { Expression } from '../../program/program';

/** A name or an integer; everything that is no space or ASCII punctuation. */
const wordPattern = /[^\s!-/:-@[-^`{-~]*/y;

const chainPattern = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+/y;

/**
 * Reads nodes of a unit that starts at `base`. Every question to a node is a call into WebAssembly, so what the text tells is
 * taken from the text.
 */
export class SourceReader {
  private readonly hasComments: boolean;

  constructor(
    protected readonly source: string,
    protected readonly base: number,
    end: number,
  ) {
    this.hasComments = source.slice(base, end).includes('#');
  }

  span(node: SyntaxNode): { start: number; end: number } {
    return { start: node.startIndex - this.base, end: node.endIndex - this.base };
  }

  /** Named children without comments, which may stand anywhere. */
  children(node: SyntaxNode): SyntaxNode[] {
    const children = node.namedChildren;
    return this.hasComments ? children.filter(({ type }) => type !== 'comment') : children;
  }

  /** A text that stands alone, as a docstring does, has no value for anything. */
  isDocstring(node: SyntaxNode): boolean {
    return this.source.startsWith('"""', node.startIndex) || this.source.startsWith("'''", node.startIndex);
  }

  /** `self.conv1`, `nn.functional.relu`: most attributes are chains of names, which the text tells; undefined for any other. */
  protected chain(node: SyntaxNode): Expression | undefined {
    chainPattern.lastIndex = node.startIndex;
    const text = chainPattern.exec(this.source)?.[0];
    if (text === undefined || node.startIndex + text.length !== node.endIndex) return undefined;
    const start = node.startIndex - this.base;
    const [first = '', ...names] = text.split('.');
    let end = start + first.length;
    let expression: Expression = { start, end, kind: 'name', name: first };
    for (const name of names) {
      end += name.length + 1;
      expression = { start, end, kind: 'attribute', object: expression, name };
    }
    return expression;
  }

  /** The name or integer that begins at an offset. */
  word(start: number): string {
    wordPattern.lastIndex = start;
    return wordPattern.exec(this.source)?.[0] ?? '';
  }

  text(node: SyntaxNode): string {
    return this.source.slice(node.startIndex, node.endIndex);
  }

  /** The operator written between two operands, without spaces, brackets and line breaks around it. */
  between(left: SyntaxNode, right: SyntaxNode): string {
    return this.source
      .slice(left.endIndex, right.startIndex)
      .replace(/[()\\]/g, ' ')
      .trim()
      .replace(/\s+/g, ' ');
  }
}
