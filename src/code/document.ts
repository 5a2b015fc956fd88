import { t } from '@vscode/l10n';
import { Edit, type Parser, type Point, type Tree } from 'web-tree-sitter';
import type { TextEdit } from '../core/formats/format';
import { codeLimits } from '../core/limits';
import { evaluateWithImports, ofOne, type DocumentEvaluation } from './evaluate/evaluate-with-imports';
import { PieceCache } from './evaluate/pieces/piece-cache';
import { WordIndex } from './evaluate/pieces/word-index';
import type { Catalogue } from './frameworks/catalogue';
import type { LanguageSupport } from './languages/registry';
import { SyntaxNode } from './languages/syntax-node';
import { UnitCache } from './languages/unit-cache';
import type { DocumentProject } from './project/document-project';
import { Deadline, type Stop } from './program/stop';
import { whyTooLong } from './too-long';

/** One followed source: its text, its syntax tree and what the last evaluation may reuse. */
export class CodeDocument {
  private readonly units = new UnitCache();
  private readonly words = new WordIndex();
  private readonly pieces = new PieceCache();
  private readonly alonePieces = new PieceCache();
  private tree: Tree | null = null;
  /** Why the tree is not that of the text; null where it is. */
  private unparsed: string | null = null;
  private evaluation: DocumentEvaluation | null = null;
  /** State of the modules that the evaluation read. */
  private stamp = '';
  /** How often those modules have been others than before. */
  private moduleStates = 0;

  constructor(
    private readonly parser: Parser,
    readonly support: LanguageSupport,
    private readonly catalogue: Catalogue,
    private source: string,
    /** The workspace around it; null where it is judged alone. */
    private readonly project: DocumentProject | null = null,
  ) {
    this.parse(null);
  }

  get text(): string {
    return this.source;
  }

  /** The tree of the text as it stands; it lives until the next edit. */
  get syntaxTree(): Tree {
    if (this.tree === null) throw new Error('The document is closed.');
    return this.tree;
  }

  /** Changes the text and parses what the changes touch. */
  edit(edits: readonly TextEdit[]): void {
    const old = this.syntaxTree;
    for (const { offset, length, text } of edits) {
      const before = this.source;
      const startPosition = positionAt(before, offset);
      this.source = before.slice(0, offset) + text + before.slice(offset + length);
      old.edit(
        new Edit({
          startIndex: offset,
          oldEndIndex: offset + length,
          newEndIndex: offset + text.length,
          startPosition,
          oldEndPosition: positionBehind(startPosition, before.slice(offset, offset + length)),
          newEndPosition: positionBehind(startPosition, text),
        }),
      );
    }
    this.parse(this.unparsed === null ? old : null);
    old.delete();
    this.evaluation = null;
  }

  /** What running the program abstractly shows. */
  evaluate(): DocumentEvaluation {
    const stamp = this.project?.stamp() ?? '';
    if (this.evaluation !== null && stamp === this.stamp) return this.evaluation;
    if (stamp !== this.stamp) this.moduleStates++;
    if (this.unparsed !== null) return (this.evaluation = nothing({ offset: 0, reason: this.unparsed }));
    const program = this.support.lower(SyntaxNode.rootOf(this.syntaxTree, this.source), this.source, this.units);
    const { support, catalogue, words, pieces, alonePieces } = this;
    const modules = this.project?.begin() ?? null;
    const parts = { traits: support.traits, catalogue, words, pieces, modules, modulesState: this.moduleStates };
    this.evaluation = evaluateWithImports(program, this.source, parts, alonePieces);
    this.stamp = this.project?.stamp() ?? '';
    this.units.endRound();
    this.words.endRound();
    return this.evaluation;
  }

  /** The files that it has read. */
  get uses(): ReadonlySet<string> {
    return this.project?.used ?? new Set();
  }

  /** True where a change of a file may change what judging shows: it was read, or has come or gone where imports are followed. */
  dependsOn(file: string, isNew: boolean): boolean {
    return this.project !== null && (isNew || this.project.uses(file));
  }

  /** A text that is too long, or takes too long, is not parsed: it is not judged either. */
  private parse(old: Tree | null): void {
    const tooLong = whyTooLong(this.source.length);
    const tree = tooLong === null ? this.parseInTime(old) : null;
    this.unparsed = tooLong ?? (tree === null ? tooSlow : null);
    this.tree = tree ?? this.parser.parse('');
  }

  /** Null where parsing does not come to its end in time. */
  private parseInTime(old: Tree | null): Tree | null {
    const deadline = new Deadline(codeLimits.parseMilliseconds);
    const tree = this.parser.parse(this.source, old, { progressCallback: () => deadline.hasPassed });
    if (tree === null) this.parser.reset();
    return tree;
  }

  close(): void {
    this.tree?.delete();
    this.tree = null;
  }
}

const tooSlow = t`reading its syntax takes more than ${codeLimits.parseMilliseconds / 1000} seconds`;

function nothing(stop: Stop): DocumentEvaluation {
  return ofOne({ sites: [], stop, readsOnly: () => false });
}

function positionAt(text: string, offset: number): Point {
  return positionBehind({ row: 0, column: 0 }, text.slice(0, offset));
}

/** Where a text ends that begins at a position. */
function positionBehind({ row, column }: Point, text: string): Point {
  let rows = 0;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', start)) {
    rows++;
    start = at + 1;
  }
  return { row: row + rows, column: text.length - start + (rows === 0 ? column : 0) };
}
