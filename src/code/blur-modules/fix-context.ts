import type { BlurFilter } from '../../core/rewrite/filters';
import type { FixContext } from '../finding';
import { folderOf } from '../project-files';
import type { PlacedModule } from './modules';

/** What a fix of a source needs to know about its project. @param root the folder of the project; undefined where there is none */
export function fixContext(
  file: string,
  root: string | undefined,
  library: string,
  modules: Readonly<Record<string, PlacedModule>>,
  { label, taps }: Pick<BlurFilter, 'label' | 'taps'>,
): FixContext {
  const specifiers = Object.fromEntries(Object.entries(modules).map(([template, { specifier }]) => [template, specifier]));
  return { library, specifiers, isAtRoot: isAtRoot(file, root), filter: { label, taps } };
}

/** True of a source in the folder of the project itself, or in its `src`. */
function isAtRoot(file: string, root: string | undefined): boolean {
  const folder = folderOf(file);
  return root !== undefined && (folder === root || folder === `${root}/src`);
}
