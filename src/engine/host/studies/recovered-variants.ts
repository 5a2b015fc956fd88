import { t } from '@vscode/l10n';
import type { RecoveryReport } from '../../../core/report/recovery-report';
import type { ImageFile } from '../../protocol/classifying';
import type { VariantSpec } from '../../protocol/variants';
import type { VariantRun } from './variants';

/** A fixed copy with new weights, and what its recovery came to. */
export interface RecoveredVariant {
  readonly variant: VariantSpec;
  /** Null where the copy is as inserted: no recovery is wanted, or nothing is fixed. */
  readonly recovery: RecoveryReport | null;
}

/** Copies that were recovered, and the images that none of them learned from; none where the model has no classes to tell them by. */
export interface RecoveredVariants {
  readonly copies: readonly RecoveredVariant[];
  readonly heldOut: readonly ImageFile[];
}

/**
 * Recovers fixed copies of a model one after another, from the same images; without a folder to recover from they stay as they are.
 * @throws ModelError, EngineError
 */
export async function recoverVariants(run: VariantRun, variants: readonly VariantSpec[]): Promise<RecoveredVariants> {
  const copies: RecoveredVariant[] = [];
  let heldOut: readonly ImageFile[] = [];
  for (const variant of variants) {
    const result = variant.plans.length === 0 ? undefined : await run.recover(variant);
    if (result === undefined) copies.push({ variant, recovery: null });
    else copies.push({ variant: { ...variant, label: t`${variant.label} recovered`, weights: result.weights }, recovery: result.report });
    if (result !== undefined && result.report.fidelity !== null) heldOut = result.heldOut;
  }
  return { copies, heldOut };
}

/** What is to be known of the images that a comparison and its recoveries used, as full sentences. */
export function recoveryNotes(recoveries: readonly (RecoveryReport | null)[], judgesHeldOut: boolean): readonly string[] {
  const done = recoveries.filter((recovery) => recovery !== null);
  const [first] = done;
  if (first === undefined) return [];
  const { images, heldOut } = first;
  const solved = images - heldOut;
  return [
    judgesHeldOut && first.fidelity !== null
      ? t`Recovered copies have new weights behind their blurs, solved from ${solved} of ${images} images; the other ${heldOut}, which no layer learned from, judge all models.`
      : t`Recovered copies have new weights behind their blurs, solved from ${solved} of ${images} images.`,
    ...new Set(
      done.flatMap(({ notes, left, failed }) => [
        ...notes,
        ...left.map(({ reason }) => reason),
        ...failed.map(({ image, reason }) => t`Recovery left out ${image}: ${reason}`),
      ]),
    ),
  ];
}
