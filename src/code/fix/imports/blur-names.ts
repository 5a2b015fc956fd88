import type { Node } from 'web-tree-sitter';
import type { Change } from '../change';
import { mentionsOf } from '../syntax/bindings';
import type { BlurName } from './blur-name';
import { importedIntoJavaScript, importIntoJavaScript } from './javascript-import';
import { importedIntoPython, importIntoPython } from './python-import';

/** The names that fixes write into one file, each looked up once. */
export class BlurNames {
  private readonly known = new Map<string, BlurName>();

  constructor(
    private readonly root: Node,
    private readonly isPython: boolean,
  ) {}

  /** How the file calls what it imports or would import from a module: another thing of the same name calls for an alias. */
  from(module: string, exported: string): BlurName {
    const key = `${module} ${exported}`;
    const name = this.known.get(key) ?? this.lookUp(module, exported);
    this.known.set(key, name);
    return name;
  }

  private lookUp(module: string, exported: string): BlurName {
    const imported = (this.isPython ? importedIntoPython : importedIntoJavaScript)(this.root, module, exported);
    if (imported !== null) return { module, exported, local: imported, isThere: true };
    const candidates = [exported, aliasOf(exported), ...[2, 3, 4, 5].map((number) => `${aliasOf(exported)}${number}`)];
    const local = candidates.find((name) => mentionsOf(name, this.root).length === 0) ?? exported;
    return { module, exported, local, isThere: false };
  }
}

/** `ShiftlintBlurPool2d`, `shiftlintBlurPool2d`, `shiftlint_blur_pool2d`. */
function aliasOf(name: string): string {
  if (name.includes('_')) return `shiftlint_${name}`;
  const stem = name.charAt(0).toUpperCase() + name.slice(1);
  return (stem === name ? 'Shiftlint' : 'shiftlint') + stem;
}

/** Imports every name once, one statement a module; `isOwnModule` tells what isort and ruff would find in the project. */
export function importsOf(
  names: readonly BlurName[],
  { root, source, isPython }: { readonly root: Node; readonly source: string; readonly isPython: boolean },
  isOwnModule: (module: string) => boolean,
): readonly Change[] {
  const missing = names.filter(({ isThere }) => !isThere);
  const modules = [...new Set(missing.map(({ module }) => module))];
  return modules.flatMap((module) => {
    const wanted = new Map(missing.filter((name) => name.module === module).map((name) => [name.local, name]));
    const sorted = [...wanted.values()].sort((a, b) => (a.exported < b.exported ? -1 : 1));
    if (!isPython) return importIntoJavaScript(root, source, module, sorted);
    return importIntoPython(root, source, { module, isOwnModule: isOwnModule(module) }, sorted);
  });
}
