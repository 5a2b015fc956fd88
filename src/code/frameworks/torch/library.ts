import { t } from '@vscode/l10n';
import type { Change } from '../../fix/change';
import type { Draft, Workplace } from '../../fix/draft';
import { binomialSize } from '../../fix/filter';
import type { BlurName } from '../../fix/imports/blur-name';
import { argumentOf } from '../../fix/placement/arguments';
import { takeStride, type TakenStride } from '../../fix/placement/stride';
import { nameOfPath } from '../../fix/syntax/import-paths';
import { bare, childrenOf, rangeOf } from '../../fix/syntax/nodes';
import { strideLabel } from '../../fix/wording';
import type { TorchLibrary } from './libraries/library';
import { torchLibraries } from './libraries/registry';
import { sequenceBeside } from './sequence';

/** A blur of a library that the project has. */
export interface LibraryBlur {
  readonly text: string;
  readonly name: BlurName;
  /** What a title has to say about it, with a space before it. */
  readonly remark: string;
}

/** The library that the workspace chose; undefined for our own module. */
function chosenLibrary({ context }: Workplace): TorchLibrary | undefined {
  return torchLibraries.find(({ name }) => name === context.library);
}

/**
 * The blur of the library that the workspace chose, where it gives as many samples as the strided layer did and knows the
 * filter; null where only our own module does.
 */
export function libraryBlur(work: Workplace, stride: TakenStride): LibraryBlur | null {
  const { context, site } = work;
  const library = chosenLibrary(work);
  const filterSize = binomialSize(context.filter);
  if (library === undefined || filterSize === null || site.callable.dimensions !== 2 || site.callable.form !== 'layer') return null;
  const step = scalarStride(work, stride);
  if (step === null || !library.keepsSize(filterSize, step.largest)) return null;
  const name = library.nameIn(work);
  const identity = nameOfPath(work.root, 'torch.nn.Identity') ?? sequenceBeside(work)?.replace(/Sequential$/, 'Identity');
  if (step.mayBeOne && identity === undefined) return null;
  const blur = library.spell({ local: name.local, stride: step.text, channels: channelsOf(work), filterSize });
  if (blur === null) return null;
  const compared = /^[\w.]+$/.test(step.text) ? step.text : `(${step.text})`;
  return { text: step.mayBeOne ? `${blur} if ${compared} > 1 else ${identity ?? ''}()` : blur, name, remark: library.remark };
}

/** The stride as one number for both axes, which is all that the libraries take. */
function scalarStride(
  { site }: Workplace,
  { node, text }: TakenStride,
): { readonly text: string; readonly largest: number; readonly mayBeOne: boolean } | null {
  const known = site.cases.map(({ stride }) => stride[0] ?? null);
  if (known.includes(null) || site.cases.some(({ stride }) => stride.some((step) => step !== stride[0]))) return null;
  const steps = known.filter((step) => step !== null);
  const isList = node !== null && ['tuple', 'list'].includes(bare(node).type);
  const items = node === null ? [] : childrenOf(bare(node)).map((item) => item.text);
  if (isList && new Set(items).size !== 1) return null;
  const isWritten = /^\d+$/.test(isList ? (items[0] ?? '') : text);
  return { text: isList ? (items[0] ?? text) : text, largest: Math.max(...steps), mayBeOne: !isWritten };
}

/** The channels that a convolution gives, as written; null for pools, which do not say. */
function channelsOf(work: Workplace): string | null {
  if (work.site.callable.role !== 'convolution') return null;
  const given = argumentOf(work, 'out_channels');
  return given.kind === 'written' ? given.argument.value.text : null;
}

/** The pool at stride 1 and the library's blur in one place; null where only our own module keeps the size. */
export function blurPoolByLibrary(work: Workplace): Draft | null {
  const { site, call, context, finding } = work;
  if (chosenLibrary(work) === undefined) return null;
  for (const name of ['return_indices', 'ceil_mode', 'divisor_override']) if (argumentOf(work, name).kind !== 'default') return null;
  const stride = takeStride(work);
  const blur = stride === null ? null : libraryBlur(work, stride);
  const sequence = sequenceBeside(work);
  if (stride === null || blur === null || sequence === null) return null;
  const wrap: Change = { kind: 'wrap', range: rangeOf(call.node), before: `${sequence}(`, after: `, ${blur.text})` };
  const title =
    t`Blur after ${site.callee}: ${blur.name.exported} of ${context.library} (${context.filter.label}), ${strideLabel(finding)}` +
    blur.remark;
  return { ok: true, title, changes: [...stride.removal, wrap], names: [blur.name], template: null };
}
