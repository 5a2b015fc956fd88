import { percent } from '../../../src/panel-protocol/core/figure-text';
import type { FixPreview } from '../../../src/panel-protocol/core/filters';

/** What "fix all" would do, before it does it. */
export interface FixPreviewText {
  readonly statement: string;
  /** Why findings would be left, and what is special about some fixes, as full sentences. */
  readonly left: readonly string[];
  readonly notes: readonly string[];
}

/** In words; null where there is nothing to fix and nothing to explain. */
export function fixPreviewText({ left, leftCount, notes, ...preview }: FixPreview): FixPreviewText | null {
  const { fixed, layers } = preview;
  const findings = fixed + leftCount;
  if (findings === 0) return null;
  const shared = fixed - layers;
  const reasons = left.map(({ reason }) => reason);
  const [only] = leftCount === 1 ? reasons : [];
  const sentences = [
    fixed === 0
      ? `None of ${countOf(findings, 'finding')} is mended by "Fix all".`
      : `"Fix all" mends ${fixed === findings ? countOf(findings, 'finding') : `${fixed} of ${countOf(findings, 'finding')}`}: ${priceOf(preview)}.`,
    ...(shared > 0 ? [`They are calls of ${countOf(layers, 'layer')}, some of which the model uses several times.`] : []),
    ...(only === undefined ? [] : [`1 is left: ${only}`]),
  ];
  const more = leftCount - reasons.length;
  return {
    statement: sentences.join(' '),
    left: only === undefined ? [...reasons, ...(more > 0 ? [`${more} more ${more === 1 ? 'is' : 'are'} left.`] : [])] : [],
    notes: notes.map(({ note, layers: count }) => (count === 1 ? note : `${note} (${count} layers)`)),
  };
}

function priceOf({ price, parameters, parameterShare }: Pick<FixPreview, 'price' | 'parameters' | 'parameterShare'>): string {
  const share = parameterShare === null ? '' : ` (${percent(parameterShare)})`;
  const kernels = `${signed(parameters)} fixed parameters${share}, the kernels of the blurs`;
  if (price === null) return `${kernels}; what it costs to run depends on the image size, which the model leaves open`;
  const { multiplyAdds, multiplyAddShare, activationShare } = price;
  return `${signed(multiplyAdds)} multiply-adds (${percent(multiplyAddShare)} of the model), ${percent(activationShare)} activation memory, ${kernels}`;
}

const units = [
  { least: 1e9, name: ' G' },
  { least: 1e6, name: ' M' },
  { least: 1e3, name: ' k' },
];

/** With its sign and three digits. */
function signed(count: number): string {
  const size = Math.abs(count);
  const unit = units.find(({ least }) => size >= least);
  const text = unit === undefined ? `${Math.round(size)}` : `${Number((size / unit.least).toPrecision(3))}${unit.name}`;
  return `${count < 0 ? '−' : '+'}${text}`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
