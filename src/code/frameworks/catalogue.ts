import type { Callable } from './callable';
import type { FrameworkTable } from './table';

/** A row of a table with the framework it belongs to. */
export interface FoundCallable {
  readonly framework: FrameworkTable;
  readonly callable: Callable;
}

/** Finds callables by the dotted path under which a program imports them. */
export class Catalogue {
  private readonly rows = new Map<string, FoundCallable>();
  /** Paths that have been asked for; programs ask for few, again and again. */
  private readonly found = new Map<string, FoundCallable | null>();
  private readonly owners = new Map<string, FrameworkTable | null>();
  /** Last parts of the names of the layers that have a kernel and a stride. */
  readonly windowWords: ReadonlySet<string>;
  /** Operations that are methods of feature maps, by the method's name. */
  readonly tensorMethods: ReadonlyMap<string, FoundCallable>;
  /** Our own BlurPool modules, wherever they lie in the workspace: `..models.blurpool_torch.BlurPool2d`, `./blurpool.js.blurPool2d`. */
  private readonly ownModule: RegExp;
  private readonly modules: readonly (readonly [module: string, canonical: string, framework: FrameworkTable])[];

  constructor(readonly frameworks: readonly FrameworkTable[]) {
    for (const framework of frameworks) {
      for (const callable of framework.callables) this.rows.set(callable.path, { framework, callable });
    }
    this.tensorMethods = new Map(
      frameworks.flatMap(({ tensorMethods }) =>
        Object.entries(tensorMethods).flatMap(([name, path]) => {
          const found = this.rows.get(path);
          return found === undefined ? [] : [[name, found] as const];
        }),
      ),
    );
    this.windowWords = new Set(
      frameworks.flatMap(({ callables }) =>
        callables.filter(({ stride }) => stride !== null).map(({ path }) => path.slice(path.lastIndexOf('.') + 1)),
      ),
    );
    this.modules = frameworks
      .flatMap((framework) => framework.modules.map(([module, canonical]) => [module, canonical, framework] as const))
      .sort(([a], [b]) => b.length - a.length);
    const own = frameworks.flatMap(({ templates }) => templates.map(({ module }) => module));
    this.ownModule = new RegExp(`(?:^|[./])(${own.join('|') || '(?!)'})(?:_\\d+)?(?:\\.[cm]?[jt]s)?\\.(\\w+)$`);
  }

  /** The path with aliases of modules made one: `tensorflow.keras.layers.ReLU` is `keras.layers.ReLU`. Null outside all frameworks. */
  canonical(path: string): string | null {
    const own = this.ownModule.exec(path);
    if (own !== null) return `${own[1] ?? ''}.${own[2] ?? ''}`;
    for (const [module, canonical] of this.modules) {
      if (path === module) return canonical;
      if (path.startsWith(module) && path.charAt(module.length) === '.') return canonical + path.slice(module.length);
    }
    return null;
  }

  /** The framework whose module a path lies in; undefined for other libraries. */
  frameworkOf(path: string): FrameworkTable | undefined {
    const known = this.owners.get(path);
    if (known !== undefined) return known ?? undefined;
    const owner = this.modules.find(([module]) => path === module || path.startsWith(`${module}.`))?.[2];
    this.owners.set(path, owner ?? null);
    return owner;
  }

  find(path: string): FoundCallable | undefined {
    const known = this.found.get(path);
    if (known !== undefined) return known ?? undefined;
    const canonical = this.canonical(path);
    const found = canonical === null ? undefined : this.rows.get(canonical);
    this.found.set(path, found ?? null);
    return found;
  }
}
