import { fidelity, summarise } from '../../../core/consistency/summary';
import { layerNamed, namesOf } from '../../../core/graph/layer-labels';
import { selectPlans, type SelectedPlans } from '../../../core/lint/select-plans';
import { totalPrice } from '../../../core/lint/total-price';
import type { CompareReport, ComparedVariant } from '../../../core/report/compare-report';
import { blurFilter, type BlurFilterName } from '../../../core/rewrite/filters';
import { fineTuningAdvice } from '../../../core/rewrite/plan';
import type { RecoveryReport } from '../../../core/report/recovery-report';
import type { Finding } from '../../../core/rules/finding';
import { recoverVariants, recoveryNotes } from './recovered-variants';
import type { VariantSpec } from '../../protocol/variants';
import { asItIs, heatmapsBeside, type MeasuredVariant, type VariantRun } from './variants';

/** Filters that are compared where nobody names any. */
export const comparedFilters: readonly BlurFilterName[] = ['tri-3', 'bin-5', 'bin-7'];

/** A filter's fixes and the columns of the copy: as inserted, and recovered where that is wanted. */
type Fixed = { readonly filter: string; readonly outcomes: MeasuredVariant['outcomes']; readonly columns: readonly ComparedVariant[] };

/**
 * The model as it is against itself fixed with each filter, as inserted and, where the run recovers, with new weights behind the blurs.
 * @param judge findings of the model whose fixes take a filter
 * @throws ModelError, EngineError
 */
export async function compareFilters(
  run: VariantRun,
  filters: readonly BlurFilterName[],
  judge: (filter: BlurFilterName) => readonly Finding[] | Promise<readonly Finding[]>,
): Promise<CompareReport> {
  const selections: ({ readonly filter: BlurFilterName; readonly findings: readonly Finding[] } & SelectedPlans)[] = [];
  for (const filter of filters) {
    const findings = await judge(filter);
    selections.push({ filter, findings, ...selectPlans(findings, 'all') });
  }
  const inserted = selections.map(({ filter, plans }): VariantSpec => ({ label: blurFilter(filter).label, plans }));
  const { copies, heldOut } = await recoverVariants(run, inserted);
  const recovered = copies.filter(({ recovery }) => recovery !== null);
  const specs = [asItIs, ...inserted, ...recovered.map(({ variant }) => variant)];
  const measured = new Map((await run.measure(specs, heldOut)).map((variant, index) => [specs[index], variant] as const));
  const original = measured.get(asItIs);
  if (original === undefined) throw new Error('The model as it is was not measured.');
  const fixed = selections.map(({ filter, findings, refused }, index): Fixed => {
    const variant = measured.get(inserted[index]) ?? original;
    const outcomes = [...variant.outcomes, ...refused];
    const price = totalPrice(findings, outcomes) ?? null;
    const recovery = copies[index]?.recovery ?? null;
    const solved = recovery === null ? undefined : measured.get(copies[index]?.variant);
    const columns = [
      compared(filter, original, variant, price, null),
      ...(solved === undefined ? [] : [compared(filter, original, solved, price, recovery)]),
    ];
    return { filter, outcomes, columns };
  });
  const { measurement, backend } = original;
  const columns = fixed.flatMap((variant) => variant.columns);
  const noPrice = { multiplyAdds: 0, multiplyAddShare: 0, activationValues: 0, activationShare: 0 };
  return {
    model: run.model.sent.path,
    backend,
    metric: run.metric,
    input: { height: measurement.size[0], width: measurement.size[1] },
    preprocessing: run.preprocessing,
    layers: measurement.heatmaps.map(({ layer }) => namesOf(layer)),
    variants: [compared('none', original, original, noPrice, null), ...columns],
    refused: fixed.flatMap(({ filter, outcomes }) =>
      outcomes.flatMap((outcome) => (outcome.ok ? [] : [{ filter, ...layerNamed(original.graph, outcome.layer), reason: outcome.reason }])),
    ),
    notes: [
      ...measurement.notes,
      ...recoveryNotes(
        columns.map(({ recovery }) => recovery),
        !run.hasImages,
      ),
      ...(recovered.length === 0 && columns.some((column) => column.fixed.length > 0) ? [fineTuningAdvice] : []),
    ],
  };
}

function compared(
  filter: string,
  original: MeasuredVariant,
  variant: MeasuredVariant,
  price: ComparedVariant['price'],
  recovery: RecoveryReport | null,
): ComparedVariant {
  const rows = variant.classification?.rows;
  return {
    filter,
    fixed: variant.outcomes.flatMap((outcome) => (outcome.ok ? [layerNamed(original.graph, outcome.layer)] : [])),
    price,
    means: heatmapsBeside(original, variant).map((heatmap) => heatmap?.mean ?? null),
    consistency: rows === undefined ? null : summarise(rows),
    fidelity: rows === undefined ? null : fidelity(original.classification?.rows ?? [], rows),
    recovery,
  };
}
