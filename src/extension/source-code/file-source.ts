import * as vscode from 'vscode';
import type { SourceRange } from '../../code/finding';
import type { SourceLanguage } from '../../code/protocol';
import { sourceLanguage } from '../../code/source-language';
import { SourcePlaces } from '../../core/report/lint-report';
import { rangeOf } from './code-diagnostic';
import type { CodeSource } from './source';

/** What a fix needs to know of a source: where its changes stand, and how it imports modules. */
export type FixableSource = Pick<CodeSource, 'file' | 'language' | 'isNotebook' | 'text' | 'documents' | 'locate'>;

/** A file that may be in no editor: as an editor holds it, else as it is on the disk. */
export class FileSource implements FixableSource {
  readonly isNotebook = false;
  private readonly places: SourcePlaces;

  private constructor(
    readonly file: vscode.Uri,
    readonly language: SourceLanguage,
    private readonly content: string,
    private readonly document: vscode.TextDocument | undefined,
  ) {
    this.places = new SourcePlaces(content);
  }

  /** Reads it. @throws vscode.FileSystemError */
  static async of(file: vscode.Uri): Promise<FileSource | undefined> {
    const language = sourceLanguage(file.path);
    if (language === undefined) return undefined;
    const key = file.toString();
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key);
    const text = document?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    return new FileSource(file, language, text, document);
  }

  text(): string {
    return this.content;
  }

  documents(): readonly vscode.TextDocument[] {
    return this.document === undefined ? [] : [this.document];
  }

  locate({ start, end }: SourceRange): vscode.Location {
    return new vscode.Location(this.file, rangeOf({ start: this.places.at(start), end: this.places.at(end) }));
  }
}
