import { Language, Parser } from 'web-tree-sitter';
import type { TextEdit } from '../core/formats/format';
import { DescriptionDocument } from './descriptions/description-document';
import { CodeDocument } from './document';
import type { CodeFinding, CodeFix, FixedTogether, JudgedCode, FixContext, FixOffer } from './finding';
import { offersElsewhere } from './fix/elsewhere';
import { fixableCount, offersFor } from './fix/fix';
import { fixTogether } from './fix/together';
import { Catalogue } from './frameworks/catalogue';
import { tablesOf } from './frameworks/registry';
import type { LanguageFamily } from './frameworks/table';
import { importsFramework, importsOf } from './imports';
import { constructorSites, type Constructor } from './judge/constructor-sites';
import { judge, type JudgedSite } from './judge/judge';
import { languageSupport } from './languages/registry';
import { loadTreeSitter } from './languages/node-memory';
import { DocumentProject } from './project/document-project';
import { Project } from './project/project';
import type { ProjectFiles } from './project-files';
import type { CodeLanguage, CodeLintOptions, FindingKey, OtherFile, SourceLanguage } from './protocol';
import { withoutSuppressed } from './judge/directives';
import { stoppedEarly, importsInPart } from './judge/stopped-early';
import { unite } from './judge/unite';

/** WebAssembly files that a session loads when it first needs them. */
export type GrammarFile = 'web-tree-sitter.wasm' | `tree-sitter-${CodeLanguage}.wasm`;

/** What is fixed besides a document's own findings. */
export interface WantedFixes {
  /** Convolutions that run on the image itself too. */
  readonly withStems?: boolean;
  /** Calls that build a layer whose stride another file gives. */
  readonly constructors?: readonly Constructor[];
}

/** What judging a text came to that is not followed. */
export interface JudgedOnce extends JudgedCode {
  readonly uses: ReadonlySet<string>;
}

/** Follows source documents and judges them. One session serves an editor, a command line or a test. */
export class CodeSession {
  private readonly documents = new Map<string, CodeDocument>();
  private readonly descriptions = new Map<string, DescriptionDocument>();
  private readonly parsers = new Map<CodeLanguage, Promise<Parser>>();
  private readonly catalogues = new Map((['python', 'javascript'] as const).map((family) => [family, new Catalogue(tablesOf(family))]));

  private readonly loaded = new Map<CodeLanguage, Parser>();
  private readonly project: Project | null;

  private constructor(
    private readonly load: (file: GrammarFile) => Promise<Uint8Array>,
    files: ProjectFiles | null,
  ) {
    this.project =
      files === null
        ? null
        : new Project({
            files,
            parserOf: (language) => this.loaded.get(language),
            catalogueOf: (family) => this.catalogueOf(family),
            importsFramework,
          });
  }

  /**
   * @param load bytes of a WebAssembly file of the parser
   * @param files what imports are followed into; null where each document is judged alone
   */
  static async create(load: (file: GrammarFile) => Promise<Uint8Array>, files: ProjectFiles | null = null): Promise<CodeSession> {
    await loadTreeSitter(() => load('web-tree-sitter.wasm'));
    return new CodeSession(load, files);
  }

  /** Starts (or restarts) following a document; `file` is where it lies, for its imports. */
  async open(document: string, language: SourceLanguage, text: string, file: string | null = null): Promise<void> {
    this.close(document);
    if (language === 'yaml') {
      this.descriptions.set(document, new DescriptionDocument(text));
      return;
    }
    const parser = await this.parserOf(language);
    const { family } = languageSupport[language];
    const isFollowed = file !== null && this.project !== null;
    // Modules are read while a document is judged, when nothing can be waited for.
    if (isFollowed && family === 'javascript') await Promise.all([this.parserOf('tsx'), this.parserOf('typescript')]);
    this.close(document);
    const project = file === null || this.project === null ? null : new DocumentProject(this.project, file);
    this.documents.set(document, new CodeDocument(parser, languageSupport[language], this.catalogueOf(family), text, project));
  }

  /** True where a text is worth opening: it imports a framework, or a file of the workspace that leads to one. */
  isWorthwhile(text: string, language: SourceLanguage, file: string): boolean {
    return importsFramework(text, language) || this.lead(importsOf(text, language), file);
  }

  /** True where one of the paths that a file imports leads to a framework through the workspace. */
  lead(paths: readonly string[], file: string): boolean {
    return this.project?.headers.pathsLead(paths, file) === true;
  }

  /** Another number whenever paths may lead elsewhere than before. */
  get leadState(): number {
    return this.project?.headers.state ?? 0;
  }

  /** True where a path that one of some files imports has a name among its parts. */
  importName(files: Iterable<string>, name: string): boolean {
    return [...files].some((file) => this.project?.headers.importsName(file, name) === true);
  }

  /** Judges a text that is not followed on; `uses` are the files that it leads to. */
  async judgeOnce(language: SourceLanguage, text: string, file: string, options: CodeLintOptions): Promise<JudgedOnce> {
    const document = `once:${file}`;
    await this.open(document, language, text, file);
    try {
      return { ...this.judge(document, options), uses: this.documents.get(document)?.uses ?? new Set() };
    } finally {
      this.close(document);
    }
  }

  /** Changes a document's text; each edit refers to what the one before left behind. @throws Error for an unknown document */
  edit(document: string, edits: readonly TextEdit[]): void {
    (this.descriptions.get(document) ?? this.documentOf(document)).edit(edits);
  }

  /** @throws Error for an unknown document */
  textOf(document: string): string {
    return this.documentOf(document).text;
  }

  /**
   * Takes notice of a file that is not what it was; `isNew` where it has come or gone. Answers with the documents that have read it, or
   * that may read it now.
   */
  changed(file: string, isNew: boolean): readonly string[] {
    this.project?.changed(file, isNew);
    return [...this.documents].flatMap(([name, document]) => (document.dependsOn(file, isNew) ? [name] : []));
  }

  close(document: string): void {
    this.documents.get(document)?.close();
    this.documents.delete(document);
    this.descriptions.delete(document);
  }

  /** Findings in the order of the source. @throws Error for an unknown document */
  lint(document: string, options: CodeLintOptions = {}): readonly CodeFinding[] {
    return this.judged(document, options).map(({ finding }) => finding);
  }

  /** Findings, and what kept the source from being judged whole. @throws Error for an unknown document */
  judge(document: string, options: CodeLintOptions = {}): JudgedCode {
    const findings = this.lint(document, options);
    if (this.descriptions.has(document)) return { findings, notices: [] };
    const followed = this.documentOf(document);
    const { stop, importsStop } = followed.evaluate();
    const notices = [
      ...(stop === null ? [] : [stoppedEarly(stop, followed.text)]),
      ...(importsStop === null ? [] : [importsInPart(importsStop, followed.text)]),
    ];
    return { findings, notices };
  }

  /** What can be done about a finding; nothing where it is gone. */
  offers(document: string, key: FindingKey, context: FixContext): FixOffer {
    const judged = this.judgedAt(document, key);
    if (judged === undefined) return { fixes: [], refusal: null };
    return this.descriptions.get(document)?.offers(key) ?? offersFor(this.documentOf(document), judged, context);
  }

  /** What can be done about a finding in a file that builds its layers, whose text is given. */
  async offersElsewhere(document: string, key: FindingKey, { path, language, text }: OtherFile, context: FixContext): Promise<FixOffer> {
    const other = `elsewhere:${path}`;
    await this.open(other, language, text, path);
    try {
      const judged = this.judgedAt(document, key);
      const built = this.documents.get(other);
      if (judged === undefined || built === undefined) return { fixes: [], refusal: null };
      return offersElsewhere(built, path, judged.finding, context);
    } finally {
      this.close(other);
    }
  }

  /** How many findings of a document have a fix in it that inserts a blur. */
  fixable(document: string, options: CodeLintOptions, context: FixContext): number {
    if (this.descriptions.has(document)) return 0;
    return fixableCount(this.documentOf(document), this.judged(document, options), context);
  }

  /** Every fix of a document as one, stems left out; null where there is none. */
  fixAll(document: string, options: CodeLintOptions, context: FixContext): CodeFix | null {
    return this.fixTogether(document, options, context).fix;
  }

  /** The same with what becomes of each finding, and what was asked for besides. */
  fixTogether(document: string, options: CodeLintOptions, context: FixContext, wanted: WantedFixes = {}): FixedTogether {
    const judged = this.judged(document, options);
    const description = this.descriptions.get(document);
    if (description !== undefined) {
      return {
        fix: null,
        outcomes: judged.map(({ finding }) => ({ finding, ok: false, reason: description.offers(finding).refusal ?? '' })),
      };
    }
    const followed = this.documentOf(document);
    const asked = withoutSuppressed(constructorSites(followed.evaluate().sites, judged, wanted.constructors ?? []), followed.text);
    return fixTogether(followed, judged, context, { withStems: wanted.withStems === true, asked });
  }

  dispose(): void {
    for (const document of [...this.documents.keys()]) this.close(document);
    this.project?.dispose();
  }

  private catalogueOf(family: LanguageFamily): Catalogue {
    const catalogue = this.catalogues.get(family);
    if (catalogue === undefined) throw new Error(`No framework is known for ${family}.`);
    return catalogue;
  }

  private judgedAt(document: string, key: FindingKey): JudgedSite | undefined {
    return this.judged(document, { severities: { [key.rule]: 'hint' } }).find(
      ({ finding: { rule, range } }) => rule === key.rule && range.start === key.range.start && range.end === key.range.end,
    );
  }

  private judged(document: string, options: CodeLintOptions): readonly JudgedSite[] {
    const description = this.descriptions.get(document);
    if (description !== undefined) return description.judged(options);
    const followed = this.documentOf(document);
    const judged = followed.evaluate().sites.map((sites) => judge(sites, options));
    return withoutSuppressed(judged.reduce(unite), followed.text);
  }

  private documentOf(document: string): CodeDocument {
    const followed = this.documents.get(document);
    if (followed === undefined) throw new Error(`The document "${document}" is not open.`);
    return followed;
  }

  private parserOf(language: CodeLanguage): Promise<Parser> {
    const known = this.parsers.get(language);
    if (known !== undefined) return known;
    const parser = this.load(`tree-sitter-${language}.wasm`).then(async (bytes) => {
      const loaded = new Parser();
      loaded.setLanguage(await Language.load(bytes));
      this.loaded.set(language, loaded);
      return loaded;
    });
    this.parsers.set(language, parser);
    return parser;
  }
}
