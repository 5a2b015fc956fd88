import { blurFilter, blurFilterNames } from '../../../core/rewrite/filters';
import type { BlurTemplate } from '../../finding';
import type { Change } from '../change';
import { ownName, refuse, type Draft, type Workplace } from '../draft';
import { argumentOf, inputOf, isMethodForm, isPlainCallee } from '../placement/arguments';
import { optionsOf } from '../syntax/calls';
import { rangeOf } from '../syntax/nodes';
import { filterLabel } from '../wording';

/** Taps of the widest filter of our modules. */
const widest = 7;

/** Puts our drop-in, which takes the same arguments, in the place of a pool. */
export function replacePool(work: Workplace, template: BlurTemplate): Draft {
  const { site, call, context } = work;
  const dropIn = dropInOf(work);
  if (dropIn === null) return refuse(`The BlurPool module has nothing that takes the place of ${site.callee}.`);
  if (!isPlainCallee(work) && !isMethodForm(work)) {
    return refuse(`Which pool ${site.callee} stands for is decided elsewhere, so only that place can be changed.`);
  }
  const reason = refusalOf(work);
  if (reason !== null) return refuse(reason);
  const name = ownName(work, template, dropIn);
  const filter = filterOf(work);
  const changes: Change[] = isMethodForm(work)
    ? methodChanges(work, name.local)
    : [{ kind: 'replace', range: rangeOf(call.callee), text: name.local }];
  const takesFilter = context.filterSize !== 3 && filter === filterLabel(context);
  if (takesFilter && site.framework !== 'tfjs') {
    const last = call.arguments.at(-1);
    if (last !== undefined) changes.push({ kind: 'insert', offset: last.node.endIndex, text: `, filter_size=${context.filterSize}` });
    else changes.push({ kind: 'replace', range: rangeOf(call.list), text: `(filter_size=${context.filterSize})` });
  } else if (takesFilter && site.callable.options) {
    const last = optionsOf(call)?.at(-1);
    if (last !== undefined) changes.push({ kind: 'insert', offset: last.node.endIndex, text: `, filterSize: ${context.filterSize}` });
  }
  return { ok: true, title: `Replace by ${dropIn} (${filter})`, changes, names: [name], template };
}

/** The name that our module has for the pool. */
function dropInOf({ site: { framework, callable } }: Workplace): string | null {
  const isMax = callable.role === 'max-pool';
  const { dimensions, form } = callable;
  switch (framework) {
    case 'torch':
      return form === 'layer' ? `${isMax ? 'Max' : 'Avg'}BlurPool${dimensions}d` : `${isMax ? 'max' : 'avg'}_blur_pool${dimensions}d`;
    case 'keras':
      return form === 'layer' ? `${isMax ? 'Max' : 'Avg'}BlurPool${dimensions}D` : null;
    case 'tensorflow':
      return `${isMax ? 'max' : 'avg'}_blur_pool${dimensions === 0 ? '' : `${dimensions}d`}`;
    case 'flax':
      return isMax ? 'max_blur_pool' : 'avg_blur_pool';
    case 'tfjs':
      if (form === 'layer') return `${isMax ? 'max' : 'average'}BlurPooling${dimensions}d`;
      return dimensions === 2 ? (isMax ? 'maxBlurPool' : 'averageBlurPool') : null;
  }
}

/** What a drop-in cannot take. */
function refusalOf(work: Workplace): string | null {
  const { site, call, finding } = work;
  if (site.callable.role === 'average-pool') {
    if (finding.kernel.includes(null))
      return 'How many samples this pool averages shows only when the program runs; an average over a whole map has to stay one.';
    if (finding.kernel.some((length) => length !== null && length > widest))
      return `An average over more than ${widest} samples is a wider low-pass filter than a BlurPool.`;
  }
  for (const name of ['return_indices', 'divisor_override']) {
    const given = argumentOf(work, name);
    if (given.kind === 'written' && !['false', 'none'].includes(given.argument.value.type)) {
      return name === 'return_indices'
        ? 'After a blur there is no index of the maximum, so a pool with return_indices has to stay.'
        : 'A blur has weights of sum 1, so a pool with divisor_override has to stay.';
    }
  }
  if (site.framework === 'tfjs' && site.callable.form === 'operation') {
    const taken = isMethodForm(work) ? 3 : 4;
    if (call.arguments.length > taken) return `The BlurPool of TensorFlow.js knows no argument of ${site.callee} behind its padding.`;
    if (call.arguments.some(({ isSpread }) => isSpread) || inputOf(work) === null)
      return 'The arguments are spread from a list, so they cannot be told apart.';
  }
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

/** An average-pool's filter has the window's length, so that it stands where the window stood. */
function filterOf({ site, context, finding }: Workplace): string {
  if (site.callable.role === 'max-pool')
    return site.framework === 'tfjs' && site.callable.form === 'operation' ? 'Tri-3' : filterLabel(context);
  const [length] = finding.kernel;
  if (length === undefined || length === null || finding.kernel.some((other) => other !== length)) return 'as wide as its window';
  if (
    context.filterSize !== 3 &&
    context.filterSize % 2 === length % 2 &&
    !(site.framework === 'tfjs' && site.callable.form === 'operation')
  )
    return filterLabel(context);
  const taps = Math.min(Math.max(length, 4 - (length % 2)), 6 + (length % 2));
  const name = blurFilterNames[taps - 1];
  return name === undefined ? filterLabel(context) : blurFilter(name).label;
}
