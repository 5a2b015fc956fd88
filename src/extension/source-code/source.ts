import * as vscode from 'vscode';
import type { SourceRange } from '../../code/finding';
import type { JoinedText } from '../../code/notebooks/joined-text';
import { joinTexts } from '../../code/notebooks/notebook';
import type { SourceLanguage } from '../../code/protocol';
import { grammars } from '../../code/source-language';
import type { TextEdit } from '../../core/formats/format';
import { minimalEdit } from '../../core/formats/text-edits';
import { documentHead, documentLength } from '../platform/document-head';

/** What is judged as one text: a document, or the cells of a notebook that share a language. */
export interface CodeSource {
  /** Names the source. */
  readonly key: string;
  /** The file that settings go by and that modules are put beside: the document's or the notebook's. */
  readonly file: vscode.Uri;
  readonly language: SourceLanguage;
  readonly isNotebook: boolean;
  /** Differs whenever the text differs. */
  readonly version: number;
  /** Characters of the text, about, without it. */
  length(): number;
  text(): string;
  /** The beginning of the text, about so many characters of it. */
  head(length: number): string;
  documents(): readonly vscode.TextDocument[];
  /** Where a range of the text lies; undefined where it does not lie within one document. */
  locate(range: SourceRange): vscode.Location | undefined;
  /** Offset in the text; undefined where the place is not part of it. */
  offsetAt(document: vscode.TextDocument, position: vscode.Position): number | undefined;
}

/** A single text document. */
export class DocumentSource implements CodeSource {
  readonly key: string;
  readonly isNotebook = false;

  constructor(
    readonly document: vscode.TextDocument,
    readonly language: SourceLanguage,
  ) {
    this.key = document.uri.toString();
  }

  get file(): vscode.Uri {
    return this.document.uri;
  }

  get version(): number {
    return this.document.version;
  }

  length(): number {
    return documentLength(this.document);
  }

  text(): string {
    return this.document.getText();
  }

  head(length: number): string {
    return documentHead(this.document, length);
  }

  documents(): readonly vscode.TextDocument[] {
    return [this.document];
  }

  locate(range: SourceRange): vscode.Location {
    return new vscode.Location(this.document.uri, rangeIn(this.document, range));
  }

  offsetAt(document: vscode.TextDocument, position: vscode.Position): number | undefined {
    return document === this.document ? document.offsetAt(position) : undefined;
  }
}

/** Names the cells of one language in a notebook. */
export function notebookKey(notebook: vscode.NotebookDocument, language: SourceLanguage): string {
  return `${notebook.uri.toString()}#${language}`;
}

/** The code cells of one language in a notebook: what one cell imports, another one uses. */
export class NotebookSource implements CodeSource {
  readonly key: string;
  readonly isNotebook = true;
  private joined: JoinedText | undefined;
  private changes = 0;

  constructor(
    readonly notebook: vscode.NotebookDocument,
    readonly language: SourceLanguage,
  ) {
    this.key = notebookKey(notebook, language);
  }

  get file(): vscode.Uri {
    return this.notebook.uri;
  }

  get version(): number {
    return this.changes;
  }

  /** Reads the cells again: what changed in their joined text. */
  refresh(): TextEdit | undefined {
    const before = this.text();
    this.joined = this.join();
    // Moving equal text between cells changes places, though not the text.
    this.changes += 1;
    return minimalEdit(before, this.joined.text);
  }

  length(): number {
    return this.documents().reduce((sum, document) => sum + documentLength(document), 0);
  }

  text(): string {
    return this.cells().text;
  }

  head(length: number): string {
    return this.documents()
      .map((document) => documentHead(document, length))
      .join('\n')
      .slice(0, length);
  }

  documents(): readonly vscode.TextDocument[] {
    return this.notebook
      .getCells()
      .filter(({ kind, document }) => kind === vscode.NotebookCellKind.Code && grammars.get(document.languageId) === this.language)
      .map(({ document }) => document);
  }

  locate(range: SourceRange): vscode.Location | undefined {
    const place = this.cells().placeOf(range);
    const document = this.documents().find(({ uri }) => uri.toString() === place?.document);
    return place === undefined || document === undefined ? undefined : new vscode.Location(document.uri, rangeIn(document, place));
  }

  offsetAt(document: vscode.TextDocument, position: vscode.Position): number | undefined {
    return this.cells().offsetOf(document.uri.toString(), document.offsetAt(position));
  }

  private cells(): JoinedText {
    return (this.joined ??= this.join());
  }

  private join(): JoinedText {
    return joinTexts(
      this.documents().map((document) => ({ document: document.uri.toString(), text: document.getText() })),
      this.language,
    );
  }
}

function rangeIn(document: vscode.TextDocument, { start, end }: SourceRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
