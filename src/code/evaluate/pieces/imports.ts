import type { Catalogue } from '../../frameworks/catalogue';
import { einopsPackage } from '../../frameworks/torch/blocks/einops';
import type { ImportBinding, Statement } from '../../program/program';
import type { Modules } from '../modules';
import type { UnitBindings } from './partition';
import { stepWord } from './word-index';
import type { Run } from '../run';

/** Last parts of the names of window layers, and names that the file imports them, or what may lead to them, under. */
export function layerWordsOf(imported: readonly ImportBinding[], { windowWords }: Catalogue, modules: Modules | null): ReadonlySet<string> {
  const words = new Set([...windowWords, stepWord]);
  for (const { local, path } of imported) {
    if (windowWords.has(path.slice(path.lastIndexOf('.') + 1))) words.add(local);
    const from = modules?.fileAt(0);
    if (modules === null || from === undefined || path === '' || !modules.leadsToLayer(path, from)) continue;
    for (const name of local === '*' ? (modules.all(path, from)?.keys() ?? []) : [local]) words.add(name);
  }
  return words;
}

/** What the module's imports say about the rest of it. */
export interface Imports {
  readonly names: ReadonlySet<string>;
  readonly tensorMethods: Run['tensorMethods'];
  readonly frameworks: Run['frameworks'];
}

export function importsOf(bindings: readonly ImportBinding[], catalogue: Catalogue): Imports {
  const imported = new Set(bindings.flatMap(({ path }) => catalogue.frameworkOf(path) ?? []));
  const tensorMethods = new Map([...catalogue.tensorMethods].filter(([, { framework }]) => imported.has(framework)));
  const telling = bindings.filter(({ path }) => path.split('.')[0] !== einopsPackage);
  const used = new Set(telling.flatMap(({ path }) => catalogue.frameworkOf(path) ?? []));
  const frameworks = catalogue.frameworks.filter((framework) => used.has(framework));
  return { names: new Set(bindings.map(({ local }) => local)), tensorMethods, frameworks };
}

/** The names that a module imports, in guarded imports as well. */
export function importedBy(units: readonly UnitBindings[]): readonly ImportBinding[] {
  return units.flatMap(({ statements }) => statements.flatMap(importBindings));
}

function importBindings(statement: Statement): readonly ImportBinding[] {
  switch (statement.kind) {
    case 'import':
      return statement.bindings;
    case 'if':
      return [...statement.body, ...statement.orelse].flatMap(importBindings);
    case 'block':
      return statement.body.flatMap(importBindings);
    case 'branches':
      return statement.branches.flat().flatMap(importBindings);
    default:
      return [];
  }
}
