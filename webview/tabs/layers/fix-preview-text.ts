import { t } from '@vscode/l10n';
import { percent } from '../../../src/panel-protocol/core/figure-text';
import type { FixPreview } from '../../../src/panel-protocol/core/filters';
import { sentences } from '../../app/sentences';

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
  const statement = sentences(
    fixed === 0 ? noneText(findings) : mendedText(fixed, findings, priceOf(preview)),
    shared > 0 ? sharedText(layers) : '',
    only === undefined ? '' : t`1 is left: ${only}`,
  );
  const more = leftCount - reasons.length;
  return {
    statement,
    left: only === undefined ? [...reasons, ...(more > 0 ? [more === 1 ? t`1 more is left.` : t`${more} more are left.`] : [])] : [],
    notes: notes.map(({ note, layers: count }) => (count === 1 ? note : t`${note} (${count} layers)`)),
  };
}

function noneText(findings: number): string {
  return findings === 1 ? t`None of 1 finding is mended by "Fix all".` : t`None of ${findings} findings is mended by "Fix all".`;
}

function mendedText(fixed: number, findings: number, price: string): string {
  if (fixed < findings) return t`"Fix all" mends ${fixed} of ${findings} findings: ${price}.`;
  return findings === 1 ? t`"Fix all" mends 1 finding: ${price}.` : t`"Fix all" mends ${findings} findings: ${price}.`;
}

function sharedText(layers: number): string {
  return layers === 1
    ? t`They are calls of 1 layer, some of which the model uses several times.`
    : t`They are calls of ${layers} layers, some of which the model uses several times.`;
}

function priceOf({ price, parameters, parameterShare }: Pick<FixPreview, 'price' | 'parameters' | 'parameterShare'>): string {
  const kernels =
    parameterShare === null
      ? t`${signed(parameters)} fixed parameters, the kernels of the blurs`
      : t`${signed(parameters)} fixed parameters (${percent(parameterShare)}), the kernels of the blurs`;
  if (price === null) return t`${kernels}; what it costs to run depends on the image size, which the model leaves open`;
  const { multiplyAdds, multiplyAddShare, activationShare } = price;
  return t`${signed(multiplyAdds)} multiply-adds (${percent(multiplyAddShare)} of the model), ${percent(activationShare)} activation memory, ${kernels}`;
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
