import { t } from '@vscode/l10n';
import type { CodeFinding } from '../../code/finding';
import { blurKernel, type BlurFilter } from '../../core/rewrite/filters';
import { markdownText } from '../platform/shown-text';
import { rules } from '../../core/rules/registry';

/** Why the layers of every rule are flagged; the rule's own summary goes before it. */
const consequence = t`What the coarser grid cannot hold comes back as false low frequencies, so the output changes when the image moves by one pixel.`;

/** Where a hover leads. */
export interface HoverLinks {
  readonly documentation: string;
  readonly explanation: string;
}

/** Explains a finding in Markdown: the rule in two sentences, the stride, the weights of the filter that a fix inserts. */
export function hoverText(finding: CodeFinding, filter: BlurFilter, refusal: string | null, links: HoverLinks): string {
  const { rule, stride, kernel } = finding;
  const sizes = kernel.length === 0 ? t`Stride ${sizeText(stride)}.` : t`Stride ${sizeText(stride)}, kernel ${sizeText(kernel)}.`;
  return [
    `${rules[rule].summary} ${consequence}`,
    `**${sizes}** ${refusal === null ? filterText(filter, stride) : t`No BlurPool can be inserted here: ${markdownText(refusal)}`}`,
    ...(refusal === null ? weightsBlock(filter, stride) : []),
    `[${t`${rule}: why, how it is fixed, when to ignore it`}](${links.documentation}) · [${t`Explain it on a signal`}](${links.explanation})`,
  ].join('\n\n');
}

/** `2`, `2×1`, `2×?`; one number where all axes agree. */
export function sizeText(sizes: readonly (number | null)[]): string {
  const words = sizes.map((size) => (size === null ? '?' : String(size)));
  if (words.length === 0) return t`unknown`;
  if (words.every((word) => word === '?')) return t`unknown`;
  return words.every((word) => word === words[0]) ? (words[0] ?? '') : words.join('×');
}

/** `A fix inserts Tri-3, [1 2 1] / 4 along both axes:`. */
function filterText(filter: BlurFilter, stride: readonly (number | null)[]): string {
  const sum = 2 ** (filter.taps.length - 1);
  const taps = filter.taps.map((tap) => tap * sum);
  const weights = `[${taps.join(' ')}] / ${sum}`;
  if (isPlane(stride)) return t`A fix inserts ${filter.label}, ${weights} along both axes:`;
  return t`A fix inserts ${filter.label}, ${weights} along ${axesText(stride)}.`;
}

function axesText(stride: readonly (number | null)[]): string {
  const blurred = stride.filter((step) => step !== 1).length;
  if (blurred < stride.length) return t`each axis that is strided`;
  return [t`each axis`, t`its axis`, t`both axes`, t`all three axes`][blurred] ?? t`each axis`;
}

function isPlane(stride: readonly (number | null)[]): boolean {
  return stride.length === 2 && stride.every((step) => step !== 1);
}

/** The outer product, as rows of whole numbers over their sum; only where it is two-dimensional. */
function weightsBlock(filter: BlurFilter, stride: readonly (number | null)[]): readonly string[] {
  if (!isPlane(stride)) return [];
  const { shape, values } = blurKernel(filter, [2, 2]);
  const [height = 0, width = 0] = shape;
  const sum = 4 ** (filter.taps.length - 1);
  const cells = values.map((value) => String(value * sum));
  const columnWidth = Math.max(...cells.map((cell) => cell.length));
  const rows = Array.from({ length: height }, (_, row) =>
    cells
      .slice(row * width, (row + 1) * width)
      .map((cell) => cell.padStart(columnWidth))
      .join(' '),
  );
  const middle = Math.floor((height - 1) / 2);
  return [['```text', ...rows.map((row, index) => (index === middle ? `${row}   / ${sum}` : row)), '```'].join('\n')];
}
