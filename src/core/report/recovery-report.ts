import { t } from '@vscode/l10n';
import type { Share } from '../consistency/interval';
import type { NamedLayer } from '../graph/layer-labels';
import type { BeforeAfter } from '../recover/before-after';
import type { RecoveredLayer } from '../recover/solve-layer';
import type { LeftLayer } from '../recover/steps';
import { percentText } from './figure-text';

/** What a recovery came to, as reports show it; every figure is of the held-out images alone. */
export interface RecoveryReport {
  readonly backend: string;
  /** Images used, those among them that only judged, and shifts that each was shown at. */
  readonly images: number;
  readonly heldOut: number;
  readonly shifts: number;
  readonly seed: number;
  readonly layers: readonly (RecoveredLayer & NamedLayer)[];
  readonly left: readonly LeftLayer[];
  /** Share of images that get the original's class; null where the model gives no scores of classes. */
  readonly fidelity: BeforeAfter<Share> | null;
  /** Share of images whose class is among the original's five best. */
  readonly top5: BeforeAfter<Share> | null;
  /** Mean cosine to the original's output. */
  readonly cosine: BeforeAfter<number>;
  /** Share of pairs of shifts that get one class; null where it cannot be had. */
  readonly consistency: (BeforeAfter<Share> & { readonly original: Share }) | null;
  readonly failed: readonly { readonly image: string; readonly reason: string }[];
  readonly notes: readonly string[];
}

/** The result in one sentence, for people. */
export function recoveryText({ fidelity, consistency, cosine, heldOut, layers }: RecoveryReport): string {
  const kept =
    fidelity === null
      ? t`Cosine to the original's output ${cosine.after.toFixed(3)} (${cosine.before.toFixed(3)} without recovery)`
      : t`Same class as before on ${wholePercent(fidelity.after.value)} (${wholePercent(fidelity.before.value)} without recovery)`;
  const figures =
    consistency === null
      ? kept
      : t`${kept}; consistency ${Math.round(100 * consistency.original.value)} → ${wholePercent(consistency.after.value)}`;
  return heldOut === 1
    ? t`${figures}, on 1 held-out image; ${layersText({ layers })}.`
    : t`${figures}, on ${heldOut} held-out images; ${layersText({ layers })}.`;
}

/** How many layers were solved. */
export function layersText({ layers }: Pick<RecoveryReport, 'layers'>): string {
  return t`${layers.filter(({ kept }) => !kept).length} of ${layers.length} layers have new weights`;
}

/** The lines that a command prints. */
export function recoveryLines(report: RecoveryReport): readonly string[] {
  const { images, heldOut, shifts, backend, layers, left, failed, notes, fidelity, top5, cosine, consistency } = report;
  const row = (name: string, values: readonly string[]): string =>
    `${name.padEnd(34)}${values.map((value) => value.padStart(12)).join('')}`;
  const share = (name: string, figure: BeforeAfter<Share> | null): readonly string[] =>
    figure === null ? [] : [row(name, [percentText(figure.before.value), percentText(figure.after.value)])];
  return [
    `recovered on ${backend}: ${images} images at ${shifts} shift${shifts === 1 ? '' : 's'} each, ${heldOut} of them held out to judge`,
    ...notes.map((note) => `note: ${note}`),
    row('', ['as inserted', 'recovered']),
    ...share('same class as the original', fidelity),
    ...share("class among the original's five best", top5),
    row("cosine to the original's output", [cosine.before.toFixed(4), cosine.after.toFixed(4)]),
    ...(consistency === null
      ? []
      : [
          row(`consistency (original ${percentText(consistency.original.value)})`, [
            percentText(consistency.before.value),
            percentText(consistency.after.value),
          ]),
        ]),
    ...layers.map(({ label, errorBefore, errorAfter, kept }) =>
      row(`  error of ${label}`, [percentText(errorBefore), kept ? 'kept' : percentText(errorAfter)]),
    ),
    ...left.map(({ reason }) => `left: ${reason}`),
    ...failed.map(({ image, reason }) => `left out ${image}: ${reason}`),
  ];
}

function wholePercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
