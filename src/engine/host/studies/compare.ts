import { counterparts } from '../../../core/compare/counterparts';
import { fidelity, summarise } from '../../../core/consistency/summary';
import { selectPlans } from '../../../core/lint/select-plans';
import { totalPrice } from '../../../core/lint/total-price';
import type { CompareReport, ComparedVariant } from '../../../core/report/compare-report';
import type { BlurFilterName } from '../../../core/rewrite/filters';
import { fineTuningAdvice } from '../../../core/rewrite/plan';
import type { Finding } from '../../../core/rules/finding';
import { asItIs, type MeasuredVariant, type VariantRun } from './variants';

/** Filters that are compared where nobody names any. */
export const comparedFilters: readonly BlurFilterName[] = ['rect-2', 'tri-3', 'bin-5'];

type Fixed = { readonly filter: string; readonly outcomes: MeasuredVariant['outcomes']; readonly compared: ComparedVariant };

/**
 * The model as it is against itself fixed with each filter.
 * @param judge findings of the model whose fixes take a filter
 * @throws ModelError, EngineError
 */
export async function compareFilters(
  run: VariantRun,
  filters: readonly BlurFilterName[],
  judge: (filter: BlurFilterName) => readonly Finding[],
): Promise<CompareReport> {
  const selections = filters.map((filter) => {
    const findings = judge(filter);
    return { filter, findings, ...selectPlans(findings, 'all') };
  });
  const [original, ...variants] = await run.measure([asItIs, ...selections.map(({ filter, plans }) => ({ label: filter, plans }))]);
  if (original === undefined) throw new Error('The model as it is was not measured.');
  const fixed = selections.map(({ filter, findings, refused }, index): Fixed => {
    const variant = variants[index] ?? original;
    const outcomes = [...variant.outcomes, ...refused];
    return { filter, outcomes, compared: compared(filter, original, variant, totalPrice(findings, outcomes) ?? null) };
  });
  const { measurement, backend } = original;
  const noPrice = { multiplyAdds: 0, multiplyAddShare: 0, activationValues: 0, activationShare: 0 };
  return {
    model: run.model.source.path,
    backend,
    metric: run.metric,
    input: { height: measurement.size[0], width: measurement.size[1] },
    preprocessing: run.preprocessing,
    layers: measurement.heatmaps.map(({ layer }) => layer.name),
    variants: [compared('none', original, original, noPrice), ...fixed.map((variant) => variant.compared)],
    refused: fixed.flatMap(({ filter, outcomes }) =>
      outcomes.flatMap((outcome) => (outcome.ok ? [] : [{ filter, layer: outcome.layer, reason: outcome.reason }])),
    ),
    notes: [...measurement.notes, ...(fixed.some((variant) => variant.compared.fixed.length > 0) ? [fineTuningAdvice] : [])],
  };
}

function compared(filter: string, original: MeasuredVariant, variant: MeasuredVariant, price: ComparedVariant['price']): ComparedVariant {
  const rows = variant.classification?.rows;
  return {
    filter,
    fixed: variant.outcomes.flatMap((outcome) => (outcome.ok ? [outcome.layer] : [])),
    price,
    means: counterparts(original.measurement, original.graph, variant.measurement, variant.graph).map((heatmap) => heatmap?.mean ?? null),
    consistency: rows === undefined ? null : summarise(rows),
    fidelity: rows === undefined ? null : fidelity(original.classification?.rows ?? [], rows),
  };
}
