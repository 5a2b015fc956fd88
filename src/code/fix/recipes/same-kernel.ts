import type { Workplace } from '../draft';
import { argumentOf } from '../placement/arguments';

/** From this length on a window begins elsewhere at stride 1 than it did with its stride. */
const least = 3;

/**
 * The kernel of a layer whose padding depends on its stride (SAME): the blur that gets the stride has to begin where the
 * layer did, so it is told. Null where the padding is another one, the kernel so small that nothing moves, or the call does not
 * show both.
 */
export function sameKernel(work: Workplace): string | null {
  const { callable } = work.site;
  if (callable.kernel === null || !padsSame(work)) return null;
  const kernel = argumentOf(work, callable.kernel.name);
  if (kernel.kind !== 'written') return null;
  const { text } = kernel.argument.value;
  const lengths = /^[([]?[\d\s,]+[)\]]?$/.test(text) ? (text.match(/\d+/g) ?? []).map(Number) : [];
  return lengths.some((length) => length >= least) ? text : null;
}

function padsSame(work: Workplace): boolean {
  const { callable } = work.site;
  const padding = argumentOf(work, callable.parameters.includes('pad') ? 'pad' : 'padding');
  if (padding.kind === 'default') return callable.padsSame === true;
  return padding.kind === 'written' && /^['"`]same['"`]$/i.test(padding.argument.value.text);
}

/** `, same_kernel=3`; in options of JavaScript `, sameKernel: 3`. Empty where there is nothing to tell. */
export function sameKernelArgument(work: Workplace): string {
  const kernel = sameKernel(work);
  if (kernel === null) return '';
  return `, ${work.isPython ? 'same_kernel=' : 'sameKernel: '}${kernel}`;
}
