import type { DocumentModules, Project } from './project';

/** The workspace around one document, and which of its modules the document has read. */
export class DocumentProject {
  private read: ReadonlySet<string> = new Set();

  constructor(
    private readonly project: Project,
    readonly file: string,
  ) {}

  /** The files that judging the document has read. */
  get used(): ReadonlySet<string> {
    return this.read;
  }

  /** The modules for one evaluation. What earlier ones read counts on: some of what they showed is kept. */
  begin(): DocumentModules {
    const modules = this.project.modulesFor(this.file);
    for (const file of this.read) modules.used.add(file);
    this.read = modules.used;
    return modules;
  }

  /** Names the state of all that was read. */
  stamp(): string {
    return this.project.stamp(this.read);
  }

  /** True where the document has read a file. */
  uses(file: string): boolean {
    return this.read.has(file);
  }
}
