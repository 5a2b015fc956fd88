import { folderOf } from './project-files';
import type { CodeSession } from './session';
import { programLanguage } from './source-language';

/** A source that leads to no framework so far, by what it imports. */
interface IdleSource {
  readonly file: string;
  readonly paths: readonly string[];
}

/** A file that was judged but is not followed, and what it read of others. */
interface JudgedSource {
  readonly file: string;
  readonly uses: ReadonlySet<string>;
}

/** Sources that nobody follows, but of which is to be told when they lead to a framework or may be judged otherwise than before. */
export class ToldSources {
  private readonly idle = new Map<string, IdleSource>();
  private readonly judged = new Map<string, JudgedSource>();
  /** Where files led when it was last asked which sources are idle no longer. */
  private seenState = 0;

  constructor(private readonly session: CodeSession) {}

  /** Remembers a source that leads nowhere; its name is told once it does. */
  addIdle(document: string, source: IdleSource): void {
    this.forget(document);
    this.idle.set(document, source);
  }

  /** Remembers a file that was judged; its name is told whenever that may come out otherwise. */
  addJudged(document: string, source: JudgedSource): void {
    this.forget(document);
    this.judged.set(document, source);
  }

  forget(document: string): void {
    this.idle.delete(document);
    this.judged.delete(document);
  }

  /** The sources that a change of a file concerns; `isNew` where it has come or gone, so that imports may lead there. */
  concernedBy(file: string, isNew: boolean): readonly string[] {
    const woken = this.woken();
    const mayLead = isNew ? this.mayLeadTo(file) : () => false;
    const changed = [...this.judged].filter(([, source]) => source.uses.has(file) || mayLead(source));
    return [...woken, ...changed.map(([document]) => document)];
  }

  /** Sources that lead to a framework by now; they are idle no longer. */
  private woken(): readonly string[] {
    const { leadState } = this.session;
    if (leadState === this.seenState) return [];
    this.seenState = leadState;
    const woken = [...this.idle].filter(([, { paths, file }]) => this.session.lead(paths, file)).map(([document]) => document);
    for (const document of woken) this.idle.delete(document);
    return woken;
  }

  /** Whether imports of a source may mean a file that has come or gone; a configuration says where all those of scripts lead. */
  private mayLeadTo(file: string): (source: JudgedSource) => boolean {
    if (file.endsWith('.json')) return (source) => programLanguage(source.file) !== 'python';
    const name = importedName(file);
    return (source) => this.session.importName([source.file, ...source.uses], name);
  }
}

/** The name by which imports call a file: a package's is its folder's. */
function importedName(file: string): string {
  const stem = nameOf(file).replace(/\..*$/, '');
  return stem === '__init__' || stem === 'index' ? nameOf(folderOf(file)) : stem;
}

function nameOf(place: string): string {
  return place.slice(place.lastIndexOf('/') + 1);
}
