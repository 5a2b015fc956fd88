import { codeLimits } from '../../core/limits';
import { describedModules } from '../frameworks/torch/yolo';
import { table } from '../frameworks/torch/table';
import { unknown, type Arguments } from '../evaluate/values/value';
import { unseenSite, type LayerSite } from '../evaluate/sites/site';
import { kernelsOf, strideLengths } from '../evaluate/sites/window-values';
import type { DescriptionRow } from './rows';
import { rowsOf } from './rows';

/** The strided layers that the rows of a description build. */
export function descriptionSites(text: string): readonly LayerSite[] {
  if (text.length > codeLimits.characters) return [];
  return rowsOf(text)
    .slice(0, codeLimits.layers)
    .flatMap((row) => siteOf(row));
}

function siteOf({ module, arguments: written, range }: DescriptionRow): readonly LayerSite[] {
  const described = describedModules.get(module);
  if (described === undefined) return [];
  const { callable, takesChannels } = described;
  const given: Arguments = { positional: takesChannels ? [unknown, ...written] : written, named: new Map(), open: false };
  const cases = strideLengths(callable, given).map(({ lengths }) => ({ stride: lengths, givenBy: null, onlyWith: [] }));
  const kernel = kernelsOf(callable, given)[0] ?? [];
  const built = { framework: table.id, callable, range, builtAt: null, callee: module, importedAs: null, derived: false, kernel };
  return [unseenSite(built, cases)];
}
