import type { Node } from 'web-tree-sitter';
import { childrenOf } from '../syntax/nodes';
import { standardModules } from './standard-modules';

/** Where a statement is put among the imports of a file. */
export interface ImportPlace {
  readonly anchor: Node;
  readonly side: 'before' | 'behind';
  /** True where it begins a section of its own, behind a blank line. */
  readonly isNewSection: boolean;
}

/** Packages that no project has of its own: they tell the section of other packages from that of the project. */
const foreignPackages: ReadonlySet<string> = new Set(
  'torch torchvision timm kornia mmcv keras tensorflow jax jaxlib flax haiku numpy scipy einops'.split(' '),
);

/**
 * Where isort and ruff would put `from MODULE import …` among a run of imports: the sections are the standard library, other
 * packages, the project itself and relative imports; in each, `import x` stands before `from x import y`, both by their modules.
 * Null where the imports do not stand in that order themselves.
 */
export function placeAmong(imports: readonly Node[], source: string, module: string, isOwnModule: boolean): ImportPlace | null {
  const sections = sectionsOf(imports, source);
  const ranks = sections.map(rankOf);
  if (ranks.some((rank, index) => rank === null || rank < (ranks[index - 1] ?? 0))) return null;
  const home = homeOf(sections, module, isOwnModule);
  if (typeof home !== 'number') {
    const order = [defaultKey, moduleKey].find((key) => isSorted(home.map(key)));
    if (order === undefined) return null;
    const own = order === defaultKey ? `1${sortable(module)}` : sortable(module);
    const before = home.findLast((statement) => order(statement) <= own);
    const [first] = home;
    if (before !== undefined) return { anchor: before, side: 'behind', isNewSection: false };
    return first === undefined ? null : { anchor: first, side: 'before', isNewSection: false };
  }
  const [anchor, next] = [sections[home - 1]?.at(-1), sections[home]?.[0]];
  if (anchor !== undefined) return { anchor, side: 'behind', isNewSection: true };
  return next === undefined ? null : { anchor: next, side: 'before', isNewSection: true };
}

/** The section that a module belongs to; the number of sections before it where it begins one. */
function homeOf(sections: readonly (readonly Node[])[], module: string, isOwnModule: boolean): readonly Node[] | number {
  const relative = sections.findIndex(isRelative);
  if (module.startsWith('.')) return sections[relative] ?? sections.length;
  const absolute = relative < 0 ? sections : sections.slice(0, relative);
  const package_ = module.split('.')[0];
  const peers = absolute.find((section) => section.some((statement) => packageOf(statement) === package_));
  if (peers !== undefined) return peers;
  const foreign = absolute.findIndex((section) => section.some((statement) => foreignPackages.has(packageOf(statement))));
  const others = absolute.findIndex((section) => rankOf(section) === ranks.package);
  if (!isOwnModule) return absolute[foreign < 0 ? others : foreign] ?? absolute.length;
  return absolute[Math.max(foreign, foreign < 0 ? others : foreign) + 1] ?? absolute.length;
}

const ranks = { future: 0, standard: 1, package: 2, relative: 3 } as const;

/** Null for a section that holds imports of several kinds. */
function rankOf(section: readonly Node[]): number | null {
  const [first, ...rest] = section.map((statement) => {
    if (statement.type === 'future_import_statement') return ranks.future;
    if (moduleOf(statement).startsWith('.')) return ranks.relative;
    return standardModules.has(packageOf(statement)) ? ranks.standard : ranks.package;
  });
  return first !== undefined && rest.every((rank) => rank === first) ? first : null;
}

function isRelative(section: readonly Node[]): boolean {
  return rankOf(section) === ranks.relative;
}

/** Imports between blank lines. */
function sectionsOf(imports: readonly Node[], source: string): readonly (readonly Node[])[] {
  const sections: Node[][] = [];
  imports.forEach((statement, index) => {
    const before = imports[index - 1];
    const gap = before === undefined ? '' : source.slice(before.endIndex, statement.startIndex);
    if (before === undefined || /\n[ \t]*\r?\n/.test(gap)) sections.push([statement]);
    else sections.at(-1)?.push(statement);
  });
  return sections;
}

function packageOf(statement: Node): string {
  return moduleOf(statement).split('.')[0] ?? '';
}

function moduleOf(statement: Node): string {
  if (statement.type === 'import_from_statement') return statement.childForFieldName('module_name')?.text ?? '';
  const [name] = statement.childrenForFieldName('name');
  return (name?.type === 'aliased_import' ? childrenOf(name)[0] : name)?.text ?? '';
}

/** Straight imports first, as isort and ruff sort unless they are told otherwise. */
function defaultKey(statement: Node): string {
  return `${statement.type === 'import_statement' ? 0 : 1}${moduleKey(statement)}`;
}

/** By the module alone: isort's `force_sort_within_sections`, and usort. */
function moduleKey(statement: Node): string {
  return sortable(moduleOf(statement));
}

/** Case does not count, numbers count as such, and `..x` stands before `.x`. */
function sortable(module: string): string {
  return module
    .toLowerCase()
    .replace(/^(\.+)/, '$1_')
    .replace(/\d+/g, (digits) => digits.padStart(8, '0'));
}

function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') <= key);
}

/** Names of one import in isort's order: CONSTANTS, Classes, then the others. */
export function nameKey(name: string): string {
  const kind = name.length > 1 && name === name.toUpperCase() ? 0 : /^[A-Z]/.test(name) ? 1 : 2;
  return `${kind}${sortable(name)}`;
}
