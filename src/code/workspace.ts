import type { CodeRequests } from './protocol';
import { CodeSession, type GrammarFile } from './session';
import { WorkspaceFiles } from './workspace-files';

/** The documents of an editor among the files of its workspace: a change of one tells which others are to be judged again. */
export class CodeWorkspace {
  /** Where the documents lie that imports may lead to. */
  private readonly places = new Map<string, string>();

  private constructor(
    readonly session: CodeSession,
    private readonly files: WorkspaceFiles,
  ) {}

  /** @param load bytes of a WebAssembly file of the parser */
  static async create(load: (file: GrammarFile) => Promise<Uint8Array>): Promise<CodeWorkspace> {
    const files = new WorkspaceFiles();
    return new CodeWorkspace(await CodeSession.create(load, files), files);
  }

  async open({ document, language, text, place }: CodeRequests['open']): Promise<readonly string[]> {
    if (place !== undefined) {
      this.files.addRoot(place.root);
      this.places.set(document, place.file);
    }
    await this.session.open(document, language, text, place?.file ?? null);
    return this.shown(document, text);
  }

  edit({ document, edits }: CodeRequests['edit']): readonly string[] {
    this.session.edit(document, edits);
    return this.places.has(document) ? this.shown(document, this.session.textOf(document)) : [];
  }

  close({ document }: CodeRequests['close']): readonly string[] {
    this.session.close(document);
    const others = this.shown(document, null);
    this.places.delete(document);
    return others;
  }

  changed({ files }: CodeRequests['changed']): readonly string[] {
    const told = files.filter(({ file }) => this.files.changed(file));
    return [...new Set(told.flatMap(({ file, isNew }) => this.session.changed(file, isNew)))];
  }

  private shown(document: string, text: string | null): readonly string[] {
    const file = this.places.get(document);
    if (file === undefined || !this.files.show(file, text)) return [];
    return this.session.changed(file, false).filter((other) => other !== document);
  }
}
