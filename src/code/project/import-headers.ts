import { languageSupport } from '../languages/registry';
import type { ProjectFiles } from '../project-files';
import type { CodeLanguage } from '../protocol';
import { programLanguage } from '../source-language';
import { importedPaths } from './imported-paths';

/** What a file imports, told by its text alone. */
interface Header {
  readonly importsFramework: boolean;
  readonly paths: readonly string[];
}

/** What telling where imports lead needs of a project. */
export interface HeaderParts {
  readonly files: Pick<ProjectFiles, 'skim'>;
  importsFramework(text: string, language: CodeLanguage): boolean;
  /** The file of the workspace that a path means where `from` imports it. */
  resolve(path: string, from: string): string | null;
}

/** Which files of a workspace lead to a framework, told by their import statements: nothing is parsed to know whether it is worth it. */
export class ImportHeaders {
  private readonly headers = new Map<string, Header | null>();
  private readonly leading = new Map<string, boolean>();
  private states = 0;

  constructor(private readonly parts: HeaderParts) {}

  /** Another number whenever files may lead elsewhere than before: most edits leave the imports alone. */
  get state(): number {
    return this.states;
  }

  /** Takes notice of a file that is not what it was; `isNew` where it has come or gone, so that paths may mean another file. */
  changed(file: string, isNew: boolean): void {
    const before = this.headers.get(file);
    this.headers.delete(file);
    if (!isNew && (before === undefined || isSame(before, this.headerOf(file)))) return;
    this.leading.clear();
    this.states++;
  }

  /** True where a file imports a framework, or a file of the workspace that does. */
  leads(file: string): boolean {
    const known = this.leading.get(file);
    if (known !== undefined) return known;
    /** Every file that was reached, with the one that imports it. */
    const importers = new Map<string, string | null>([[file, null]]);
    for (const [reached] of importers) {
      if (this.leading.get(reached) === true || this.headerOf(reached)?.importsFramework === true) {
        for (let on: string | null = reached; on !== null; on = importers.get(on) ?? null) this.leading.set(on, true);
        return true;
      }
      for (const imported of this.leading.get(reached) === false ? [] : this.importedBy(reached)) {
        if (!importers.has(imported)) importers.set(imported, reached);
      }
    }
    // What none of them leads to, none of them leads to by another way.
    for (const reached of importers.keys()) this.leading.set(reached, false);
    return false;
  }

  /** True where one of the paths that a file imports leads to a framework. */
  pathsLead(paths: readonly string[], file: string): boolean {
    return paths.some((path) => {
      const found = this.parts.resolve(path, file);
      return found !== null && found !== file && this.leads(found);
    });
  }

  /** True where a path that a file imports has a name among its parts. */
  importsName(file: string, name: string): boolean {
    return this.headerOf(file)?.paths.some((path) => path.split(/[./]/).includes(name)) === true;
  }

  private importedBy(file: string): readonly string[] {
    return (this.headerOf(file)?.paths ?? []).flatMap((path) => this.parts.resolve(path, file) ?? []);
  }

  private headerOf(file: string): Header | null {
    const known = this.headers.get(file);
    if (known !== undefined) return known;
    const header = this.read(file);
    this.headers.set(file, header);
    return header;
  }

  private read(file: string): Header | null {
    const language = programLanguage(file);
    const text = language === undefined ? undefined : this.parts.files.skim(file);
    if (language === undefined || text === undefined) return null;
    const paths = importedPaths(text, languageSupport[language].family);
    return { importsFramework: this.parts.importsFramework(text, language), paths };
  }
}

function isSame(a: Header | null, b: Header | null): boolean {
  return a?.importsFramework === b?.importsFramework && a?.paths.join() === b?.paths.join();
}
