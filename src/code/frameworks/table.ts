import type { Callable } from './callable';

/** Languages by what their programs have in common. */
export type LanguageFamily = 'python' | 'javascript';

/** What a framework's names mean, as data: all that judging a program needs of it. */
export interface FrameworkTable {
  /** Name of the framework, and of its folder here. */
  readonly id: string;
  readonly languages: readonly LanguageFamily[];
  /** True where maps are [N, C, ...], unless a call says otherwise. */
  readonly channelsFirst: boolean;
  /**
   * Module names whose import makes this framework's names known, with the canonical prefix that replaces them:
   * `['tensorflow.keras', 'keras']`. The longest match wins.
   */
  readonly modules: readonly (readonly [module: string, canonical: string])[];
  readonly callables: readonly Callable[];
  /** Names of methods of a tensor that are operations with the tensor as receiver: `x.relu()`, `x.maxPool(…)`. */
  readonly tensorMethods: Readonly<Record<string, string>>;
  /** Our BlurPool modules for it. A program may import one that another framework shares. */
  readonly templates: readonly BlurTemplate[];
  /** Our script that recovers a network after a fix, as its file in `templates/` is called without the ending; where there is one. */
  readonly recovery?: string;
}

/** A BlurPool module of ours, which a fix may put into the workspace; see `templates/`. */
export interface BlurTemplate {
  /** Name of the module, and of its file in `templates/` without the ending: `blurpool_torch`. */
  readonly module: string;
  /** For a framework that comes in packages of several names. */
  readonly package?: TemplatePackage;
}

/** Where a template takes its framework from, and where a document does: the module that a fix writes follows the document. */
export interface TemplatePackage {
  readonly inTemplate: string;
  in(document: string): string;
}
