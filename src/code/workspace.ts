import type { JudgedFile } from './finding';
import { importsFramework, importsOf } from './imports';
import { placeFindings } from './place-findings';
import type { CodeRequests } from './protocol';
import { CodeSession, type GrammarFile } from './session';
import { ToldSources } from './told-sources';
import { tooLongNotice } from './too-long';
import { WorkspaceFiles } from './workspace-files';

/** The documents of an editor among the files of its workspace: a change of one tells which others are to be judged again. */
export class CodeWorkspace {
  /** Where the documents lie that imports may lead to. */
  private readonly places = new Map<string, string>();
  private readonly told: ToldSources;

  private constructor(
    readonly session: CodeSession,
    private readonly files: WorkspaceFiles,
  ) {
    this.told = new ToldSources(session);
  }

  /** @param load bytes of a WebAssembly file of the parser */
  static async create(load: (file: GrammarFile) => Promise<Uint8Array>): Promise<CodeWorkspace> {
    const files = new WorkspaceFiles();
    return new CodeWorkspace(await CodeSession.create(load, files), files);
  }

  async open({ document, language, text, place }: CodeRequests['open']): Promise<readonly string[]> {
    this.told.forget(document);
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
    return [...new Set(told.flatMap(({ file, isNew }) => this.concernedBy(file, isNew)))];
  }

  /** True where a document leads to a framework; else its name is told once it does. */
  consider({ document, place, paths }: CodeRequests['consider']): boolean {
    this.files.addRoot(place.root);
    this.told.forget(document);
    if (this.session.lead(paths, place.file)) return true;
    this.told.addIdle(document, { file: place.file, paths });
    return false;
  }

  /** Judges a file of the disk; its name is told whenever that may come out otherwise. */
  async lintFile({ document, language, place: { file, root }, options }: CodeRequests['lintFile']): Promise<JudgedFile | null> {
    this.files.addRoot(root);
    this.told.forget(document);
    const text = this.files.skim(file);
    if (text === undefined) {
      const rest = this.files.tooLong(file);
      if (rest === null) return null;
      const notice = importsFramework(rest.head, language) ? tooLongNotice(rest.bytes) : null;
      return { findings: [], notices: notice === null ? [] : [notice] };
    }
    if (!this.session.isWorthwhile(text, language, file)) {
      this.told.addIdle(document, { file, paths: importsOf(text, language) });
      return { findings: [], notices: [] };
    }
    const judged = await this.session.judgeOnce(language, text, file, options);
    this.told.addJudged(document, { file, uses: judged.uses });
    return placeFindings(judged, text, file);
  }

  forget({ documents }: CodeRequests['forget']): null {
    for (const document of documents) this.told.forget(document);
    return null;
  }

  private shown(document: string, text: string | null): readonly string[] {
    const file = this.places.get(document);
    if (file === undefined || !this.files.show(file, text)) return [];
    return this.concernedBy(file, false).filter((other) => other !== document);
  }

  private concernedBy(file: string, isNew: boolean): readonly string[] {
    return [...this.session.changed(file, isNew), ...this.told.concernedBy(file, isNew)];
  }
}
