import type { BlurLibrary } from '../../finding';
import type { Change } from '../change';
import type { Draft, Workplace } from '../draft';
import type { BlurName } from '../imports/blur-name';
import { argumentOf } from '../placement/arguments';
import { takeStride, type TakenStride } from '../placement/stride';
import { importedPathOf, nameOfPath } from '../syntax/import-paths';
import { bare, childrenOf, rangeOf } from '../syntax/nodes';
import { filterLabel, strideLabel } from '../wording';
import { sequenceBeside } from './torch-sequence';

/** A blur of a library that the project has. */
export interface LibraryBlur {
  readonly text: string;
  readonly name: BlurName;
  /** What a title has to say about it, with a space before it. */
  readonly remark: string;
}

type ForeignLibrary = Exclude<BlurLibrary, 'shiftlint'>;

/** What a title has to say about a fix by a library, with a space before it. */
export const libraryRemarks: Readonly<Record<BlurLibrary, string>> = {
  shiftlint: '',
  timm: '',
  kornia: ' (its kernel joins the state_dict)',
  antialiased_cnns: ' (CC BY-NC-SA 4.0: not for commercial use)',
};

/**
 * The blur of the library that the workspace chose, where it gives as many samples as the strided layer did; null where only
 * our own module does. timm pads by stride and filter and keeps the size for strides up to 2; timm and kornia pad both sides
 * alike, which takes an odd filter; antialiased_cnns has to be told the channels.
 */
export function libraryBlur(work: Workplace, stride: TakenStride): LibraryBlur | null {
  const { context, site } = work;
  const { library, filterSize } = context;
  if (library === 'shiftlint' || site.callable.dimensions !== 2 || site.callable.form !== 'layer') return null;
  const step = scalarStride(work, stride);
  if (step === null || (library !== 'antialiased_cnns' && filterSize % 2 === 0)) return null;
  if (library === 'timm' && step.largest > 2) return null;
  const channels = channelsOf(work);
  const name = nameIn(work, library);
  const identity = nameOfPath(work.root, 'torch.nn.Identity') ?? sequenceBeside(work)?.replace(/Sequential$/, 'Identity');
  if (step.mayBeOne && identity === undefined) return null;
  const blur = written(library, name.local, step.text, channels, filterSize);
  if (blur === null) return null;
  const compared = /^[\w.]+$/.test(step.text) ? step.text : `(${step.text})`;
  return { text: step.mayBeOne ? `${blur} if ${compared} > 1 else ${identity ?? ''}()` : blur, name, remark: libraryRemarks[library] };
}

function written(library: ForeignLibrary, local: string, stride: string, channels: string | null, filterSize: number): string | null {
  switch (library) {
    case 'timm': {
      const size = filterSize === 3 ? '' : `, filt_size=${filterSize}`;
      return channels === null ? `${local}(stride=${stride}${size})` : `${local}(${channels}, stride=${stride}${size})`;
    }
    case 'kornia':
      return `${local}(${filterSize}, stride=${stride})`;
    case 'antialiased_cnns':
      return channels === null ? null : `${local}(${channels}, filt_size=${filterSize}, stride=${stride})`;
  }
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

/** timm and antialiased_cnns are imported by name, kornia in the way the file does. */
function nameIn({ root, isPython, names }: Workplace, library: ForeignLibrary): BlurName {
  switch (library) {
    case 'timm':
      return names.from('timm.layers', 'BlurPool2d');
    case 'antialiased_cnns':
      return moduleMember('antialiased_cnns', 'BlurPool') ?? names.from('antialiased_cnns', 'BlurPool');
    case 'kornia':
      return moduleMember('kornia.filters', 'BlurPool2D') ?? names.from('kornia.filters', 'BlurPool2D');
  }
  function moduleMember(module: string, exported: string): BlurName | null {
    const prefix = nameOfPath(root, module);
    const isBound = prefix !== null && importedPathOf(root, prefix.split('.')[0] ?? '', isPython) !== null;
    return isBound ? { module, exported, local: `${prefix}.${exported}`, isThere: true } : null;
  }
}

/** The pool at stride 1 and the library's blur in one place; null where only our own module keeps the size. */
export function blurPoolByLibrary(work: Workplace): Draft | null {
  const { site, call, context, finding } = work;
  if (context.library === 'shiftlint') return null;
  for (const name of ['return_indices', 'ceil_mode', 'divisor_override']) if (argumentOf(work, name).kind !== 'default') return null;
  const stride = takeStride(work);
  const blur = stride === null ? null : libraryBlur(work, stride);
  const sequence = sequenceBeside(work);
  if (stride === null || blur === null || sequence === null) return null;
  const wrap: Change = { kind: 'wrap', range: rangeOf(call.node), before: `${sequence}(`, after: `, ${blur.text})` };
  const title = `Blur after ${site.callee}: ${blur.name.exported} of ${context.library} (${filterLabel(context)}), ${strideLabel(finding)}${blur.remark}`;
  return { ok: true, title, changes: [...stride.removal, wrap], names: [blur.name], template: null };
}
