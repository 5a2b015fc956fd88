import { t } from '@vscode/l10n';
import { explainedFinding } from '../../../core/explain/found-layer';
import type { TextRange } from '../../../core/formats/format';
import { layerLabel, namesOf } from '../../../core/graph/layer-labels';
import type { ModelGraph } from '../../../core/graph/model-graph';
import type { Finding } from '../../../core/rules/finding';
import type { ShownFinding, ShownFix } from '../../protocol/reading';
import type { TextPlaces } from './text-places';

/** A finding of a graph as the editor shows it. @param range of its layer in the text, if it has one */
export function shownFinding(graph: ModelGraph, finding: Finding, range: TextRange | undefined, places: TextPlaces): ShownFinding {
  const { rule, severity, message, cumulativeStrideBefore, cumulativeStride, aliasedEnergy, origin } = finding;
  return {
    rule,
    severity,
    ...namesOf(finding),
    message,
    cumulativeStrideBefore,
    cumulativeStride,
    aliasedEnergy: aliasedEnergy ?? null,
    origin: origin ?? null,
    place: range === undefined ? null : { start: places.placeOf(range.offset), end: places.placeOf(range.offset + range.length) },
    fix: shownFix(graph, finding),
    explained: explainedFinding({
      ...finding,
      kernel: kernelOf(graph, finding),
      filter: finding.fix.ok ? finding.fix.plan.filter : undefined,
    }),
  };
}

/** Per axis of the layer's window; empty where it has none. */
function kernelOf({ layers }: ModelGraph, { layer: name }: Finding): readonly number[] {
  const operation = layers.find((layer) => layer.name === name)?.operation;
  return operation !== undefined && 'window' in operation ? operation.window.kernel : [];
}

function shownFix(graph: ModelGraph, { fix, label }: Finding): ShownFix {
  if (!fix.ok) return { ok: false, reason: fix.reason };
  const { filter, recipe, blurAfter, notes } = fix.plan;
  return {
    ok: true,
    filter: filter.label,
    place: recipe === 'blur-then-convolution' ? t`before ${label}` : t`after ${layerLabel(graph, blurAfter)}`,
    notes,
    price: fix.price ?? null,
  };
}
