import type { Node } from 'web-tree-sitter';
import type { Change } from '../change';
import { mentionsOf } from '../syntax/bindings';
import { importedIntoJavaScript, importIntoJavaScript } from './javascript-import';
import { importedIntoPython, importIntoPython } from './python-import';

/** A name that a fix writes, and the import that it needs. */
export interface BlurName {
  /** `.blurpool_torch`, `timm.layers`, `./blurpool.js`. */
  readonly module: string;
  readonly exported: string;
  /** What the file calls it. */
  readonly local: string;
  /** True where the file has it already. */
  readonly isThere: boolean;
}

/** How a file calls what it imports or would import from a module: another thing of the same name in the file calls for an alias. */
export function blurNameIn(root: Node, isPython: boolean, module: string, exported: string): BlurName {
  const known = (isPython ? importedIntoPython : importedIntoJavaScript)(root, module, exported);
  if (known !== null) return { module, exported, local: known, isThere: true };
  const isTaken = (name: string) => mentionsOf(name, root).length > 0;
  const candidates = [exported, aliasOf(exported), ...[2, 3, 4, 5].map((number) => `${aliasOf(exported)}${number}`)];
  return { module, exported, local: candidates.find((name) => !isTaken(name)) ?? exported, isThere: false };
}

/** `ShiftlintBlurPool2d`, `shiftlintBlurPool2d`, `shiftlint_blur_pool2d`. */
function aliasOf(name: string): string {
  if (name.includes('_')) return `shiftlint_${name}`;
  const stem = name.charAt(0).toUpperCase() + name.slice(1);
  return (stem === name ? 'Shiftlint' : 'shiftlint') + stem;
}

/** Imports every name once, one statement a module. */
export function importsOf(names: readonly BlurName[], root: Node, source: string, isPython: boolean): readonly Change[] {
  const missing = names.filter(({ isThere }) => !isThere);
  const modules = [...new Set(missing.map(({ module }) => module))];
  return modules.flatMap((module) => {
    const wanted = new Map(missing.filter((name) => name.module === module).map((name) => [name.local, name]));
    const sorted = [...wanted.values()].sort((a, b) => (a.exported < b.exported ? -1 : 1));
    return (isPython ? importIntoPython : importIntoJavaScript)(root, source, module, sorted);
  });
}
