import { t } from '@vscode/l10n';
import { binomialFilter, widestBinomial } from '../../../core/rewrite/filters';
import type { Change } from '../change';
import { ownName, refuse, type Draft, type Workplace } from '../draft';
import { isDefault } from '../filter';
import { inputOf, isMethodForm, isPlainCallee } from '../placement/arguments';
import { optionsOf } from '../syntax/calls';
import { rangeOf } from '../syntax/nodes';
import type { BlurWriter } from './blur-writer';

/** Puts our drop-in, which takes the same arguments, in the place of a pool. */
export function replacePool(work: Workplace, writer: BlurWriter): Draft {
  const { site, call } = work;
  const dropIn = writer.dropIn(site.callable);
  if (dropIn === null) return refuse(t`The BlurPool module has nothing that takes the place of ${site.callee}.`);
  if (!isPlainCallee(work) && !isMethodForm(work)) {
    return refuse(t`Which pool ${site.callee} stands for is decided elsewhere, so only that place can be changed.`);
  }
  const reason = averageRefusal(work) ?? writer.poolRefusal(work);
  if (reason !== null) return refuse(reason);
  const name = ownName(work, writer.template, dropIn);
  const { label, isGiven } = filterOf(work);
  const callee: readonly Change[] = isMethodForm(work)
    ? methodChanges(work, name.local)
    : [{ kind: 'replace', range: rangeOf(call.callee), text: name.local }];
  const filter = isGiven ? withArgument(work, writer.filterArgument(work)) : [];
  return { ok: true, title: t`Replace by ${dropIn} (${label})`, changes: [...callee, ...filter], names: [name], template: writer.template };
}

/** Adds an argument, which is written with a comma before it, behind the last one of the call or of its options. */
function withArgument({ site, call }: Workplace, text: string): readonly Change[] {
  if (text === '') return [];
  const last = site.callable.options ? optionsOf(call)?.at(-1) : call.arguments.at(-1);
  if (last !== undefined) return [{ kind: 'insert', offset: last.node.endIndex, text }];
  return site.callable.options ? [] : [{ kind: 'replace', range: rangeOf(call.list), text: `(${text.replace(/^, /, '')})` }];
}

/** Averages that no blur can stand for. */
function averageRefusal({ site, finding }: Workplace): string | null {
  if (site.callable.role !== 'average-pool') return null;
  if (finding.kernel.includes(null))
    return t('How many samples this pool averages shows only when the program runs; an average over a whole map has to stay one.');
  if (finding.kernel.some((length) => length !== null && length > widestBinomial))
    return t`An average over more than ${widestBinomial} samples is a wider low-pass filter than a BlurPool.`;
  return null;
}

/** `x.maxPool(2, 2, 'same')` becomes `maxBlurPool(x, 2, 2, 'same')`. */
function methodChanges(work: Workplace, local: string): Change[] {
  const receiver = inputOf(work);
  const { node, list } = work.call;
  if (receiver === null) return [];
  return [
    { kind: 'wrap', range: rangeOf(node), before: `${local}(`, after: '' },
    { kind: 'replace', range: { start: receiver.endIndex, end: list.startIndex + 1 }, text: ', ' },
  ];
}

/**
 * The filter of a drop-in: the one asked for; for an average-pool one of its window's parity, so that it stands where the
 * window stood, which our modules choose by themselves where they are given none.
 */
function filterOf({ site, context: { filter }, finding }: Workplace): { readonly label: string; readonly isGiven: boolean } {
  if (site.callable.role === 'max-pool') return { label: filter.label, isGiven: true };
  const [length] = finding.kernel;
  if (length === undefined || length === null || finding.kernel.some((other) => other !== length))
    return { label: t('as wide as its window'), isGiven: false };
  if (!isDefault(filter) && filter.taps.length % 2 === length % 2) return { label: filter.label, isGiven: true };
  const own = binomialFilter(Math.min(Math.max(length, 4 - (length % 2)), 6 + (length % 2)));
  return { label: own?.label ?? filter.label, isGiven: false };
}
