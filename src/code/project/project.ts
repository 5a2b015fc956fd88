import type { Parser, Tree } from 'web-tree-sitter';
import { codeLimits } from '../../core/limits';
import { runImported } from '../evaluate/evaluate-module';
import type { Modules } from '../evaluate/modules';
import { isElsewhere, OffsetSpace, placeIn, type PlacedSource } from '../evaluate/values/offset-space';
import { Scope } from '../evaluate/values/scope';
import type { ClassValue, Value } from '../evaluate/values/value';
import type { FilePlace, SourceRange } from '../finding';
import type { Catalogue } from '../frameworks/catalogue';
import { languageSupport, type LanguageSupport } from '../languages/registry';
import { SyntaxNode } from '../languages/syntax-node';
import { UnitCache } from '../languages/unit-cache';
import { Deadline } from '../program/stop';
import type { CodeLanguage } from '../protocol';
import { programLanguage } from '../source-language';
import { folderOf, type ProjectFiles } from '../project-files';
import { resolveJavaScript } from './resolve-javascript';
import { resolvePython } from './resolve-python';
import type { ResolvedPath } from './resolved-path';
import { ImportHeaders } from './import-headers';

/** A file of the workspace that another one imports. */
interface Module {
  readonly source: PlacedSource;
  readonly scope: Scope;
  /** Libraries of which it imports everything. */
  readonly wildcards: Set<string>;
  readonly tree: Tree;
  /** Modules that it read while it ran. */
  readonly uses: Set<string>;
}

/** What the modules of a project need of the session. */
export interface ProjectParts {
  readonly files: ProjectFiles;
  /** A parser whose grammar is loaded; undefined for any other language. */
  parserOf(language: CodeLanguage): Parser | undefined;
  catalogueOf(family: LanguageSupport['family']): Catalogue;
  importsFramework(text: string, language: CodeLanguage): boolean;
}

/**
 * The modules of a workspace: each is read when a source asks for it, run once for the names that it binds, and kept until it or a module
 * that it used changes.
 */
export class Project {
  private readonly space = new OffsetSpace();
  private readonly modules = new Map<string, Module | null>();
  private readonly resolved = new Map<string, ResolvedPath | null>();
  /** Where imports lead. */
  readonly headers: ImportHeaders;
  /** Counts changes of which files there are. */
  private generation = 0;

  constructor(private readonly parts: ProjectParts) {
    this.headers = new ImportHeaders({
      files: parts.files,
      importsFramework: (text, language) => parts.importsFramework(text, language),
      resolve: (path, from) => this.resolve(path, from)?.file ?? null,
    });
  }

  /** The modules as the document at a file sees them. */
  modulesFor(file: string): DocumentModules {
    return new DocumentModules(this, file);
  }

  /** Forgets what depends on a file whose text has changed. `isNew` where it has come or gone: paths may then mean another file. */
  changed(file: string, isNew: boolean): void {
    if (isNew) {
      this.resolved.clear();
      this.generation++;
    }
    this.headers.changed(file, isNew);
    const queue = [file];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const gone = this.modules.get(next);
      if (gone === undefined) continue;
      this.modules.delete(next);
      if (gone !== null) {
        gone.tree.delete();
        this.space.release(gone.source);
      }
      for (const [user, module] of this.modules) if (module?.uses.has(next) === true) queue.push(user);
    }
  }

  /** Names the state of files: another name where one of them, or what it used, is not what it was. */
  stamp(files: ReadonlySet<string>): string {
    return `${this.generation}:${Array.from(files, (file) => this.modules.get(file)?.source.origin ?? 0).join()}`;
  }

  dispose(): void {
    for (const module of this.modules.values()) module?.tree.delete();
    this.modules.clear();
  }

  sourceAt(offset: number): PlacedSource | undefined {
    return this.space.sourceAt(offset);
  }

  /** True of a file that may be changed. */
  holds(file: string): boolean {
    return this.parts.files.holds(file);
  }

  resolve(path: string, from: string): ResolvedPath | null {
    const family = languageFamily(from);
    if (family === undefined) return null;
    const key = `${folderOf(from)}|${path}`;
    const known = this.resolved.get(key);
    if (known !== undefined) return known;
    const found = (family === 'python' ? resolvePython : resolveJavaScript)(this.parts.files, path, from);
    this.resolved.set(key, found);
    return found;
  }

  /** The module of a file; null where it cannot be read. */
  moduleOf(file: string): Module | null {
    const known = this.modules.get(file);
    if (known !== undefined) return known;
    const module = this.read(file);
    this.modules.set(file, module);
    if (module !== null) this.run(module);
    return module;
  }

  private read(file: string): Module | null {
    const language = programLanguage(file);
    const parser = language === undefined ? undefined : this.parts.parserOf(language);
    const text = this.parts.files.read(file);
    if (parser === undefined || text === undefined || text.length > codeLimits.characters) return null;
    const deadline = new Deadline(codeLimits.parseMilliseconds);
    const tree = parser.parse(text, null, { progressCallback: () => deadline.hasPassed });
    if (tree === null) {
      parser.reset();
      return null;
    }
    return { source: this.space.place(file, text), scope: new Scope(), wildcards: new Set(), tree, uses: new Set() };
  }

  private run({ source, scope, wildcards, tree, uses }: Module): void {
    const language = programLanguage(source.file);
    if (language === undefined) return;
    const support = languageSupport[language];
    const program = support.lower(SyntaxNode.rootOf(tree, source.text), source.text, new UnitCache());
    const modules = new DocumentModules(this, source.file, uses);
    const catalogue = this.parts.catalogueOf(support.family);
    runImported(program, source, scope, { traits: support.traits, catalogue, modules, wildcards });
  }
}

/** More names on the way from an import to what it stands for are not followed. */
const longestWay = 32;

/** The modules of a project as one document, or one module, sees them; it notes which ones it has read. */
export class DocumentModules implements Modules {
  readonly wildcards = new Set<string>();

  constructor(
    private readonly project: Project,
    private readonly file: string,
    readonly used = new Set<string>(),
  ) {}

  fileAt(offset: number): string {
    return this.project.sourceAt(offset)?.file ?? this.file;
  }

  leadsToLayer(path: string, from: string): boolean {
    const found = this.project.resolve(path, from);
    return found !== null && found.file !== this.file && this.project.headers.leads(found.file);
  }

  find(path: string, from: string): Value | undefined {
    return this.follow(path, from, longestWay);
  }

  all(path: string, from: string): ReadonlyMap<string, Value> | undefined {
    const found = this.project.resolve(path, from);
    if (found === null || found.names.length > 0) return undefined;
    const module = this.open(found.file);
    if (module === null) return undefined;
    const listed = module.scope.get('__all__');
    const names = listed?.kind === 'list' ? new Set(listed.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []))) : null;
    const isShown = (name: string): boolean => (names === null ? !name.startsWith('_') : names.has(name));
    return new Map([...module.scope.entries()].filter(([name]) => isShown(name)));
  }

  textOf(range: SourceRange): string {
    const source = this.project.sourceAt(range.start);
    return source === undefined ? '' : source.text.slice(range.start - source.origin, range.end - source.origin);
  }

  placeOf(range: SourceRange): FilePlace {
    const source = this.project.sourceAt(range.start);
    if (source === undefined || !isElsewhere(range.start)) throw new Error('The range lies in the document itself.');
    return { ...placeIn(source, range), ...(!this.project.holds(source.file) && { isOutside: true }) };
  }

  private follow(path: string, from: string, way: number): Value | undefined {
    const found = way === 0 ? null : this.project.resolve(path, from);
    if (found === null || found.file === this.file) return undefined;
    const [first, ...others] = found.names;
    const module = this.open(found.file);
    if (first === undefined || module === null) return undefined;
    let value = module.scope.get(`export ${first}`) ?? module.scope.get(first);
    for (const name of others) {
      value = value === undefined ? undefined : memberOf(this.settled(value, way - 1), name);
    }
    return value === undefined ? undefined : this.settled(value, way - 1);
  }

  /** What a name stands for that a module has from another one. */
  private settled(value: Value, way: number): Value {
    return value.kind === 'symbol' && value.from !== undefined ? (this.follow(value.path, value.from, way) ?? value) : value;
  }

  private open(file: string): ReturnType<Project['moduleOf']> {
    this.used.add(file);
    const module = this.project.moduleOf(file);
    for (const path of module?.wildcards ?? []) this.wildcards.add(path);
    for (const inner of module?.uses ?? []) this.used.add(inner);
    return module;
  }
}

function memberOf(value: Value, name: string): Value | undefined {
  switch (value.kind) {
    case 'symbol':
      return { ...value, path: `${value.path}.${name}` };
    case 'class':
      return classMember(value, name);
    case 'record':
      return value.entries.get(name);
    case 'instance':
      return value.attributes.get(name);
    default:
      return undefined;
  }
}

function classMember({ members }: ClassValue, name: string): Value | undefined {
  return members.get(name);
}

function languageFamily(file: string): LanguageSupport['family'] | undefined {
  const language = programLanguage(file);
  return language === undefined ? undefined : languageSupport[language].family;
}
