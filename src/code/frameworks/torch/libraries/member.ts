import type { Workplace } from '../../../fix/draft';
import type { BlurName } from '../../../fix/imports/blur-name';
import { importedPathOf, nameOfPath } from '../../../fix/syntax/import-paths';

/** A name of a module through the module itself where the file imports that, else by an import of the name. */
export function memberOfModule({ root, isPython, names }: Workplace, module: string, exported: string): BlurName {
  const prefix = nameOfPath(root, module);
  const isBound = prefix !== null && importedPathOf(root, prefix.split('.')[0] ?? '', isPython) !== null;
  return isBound ? { module, exported, local: `${prefix}.${exported}`, isThere: true } : names.from(module, exported);
}
