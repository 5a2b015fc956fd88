import { imageInput } from '../../../core/equivariance/plan/planned-input';
import { planarGraph } from '../../../core/equivariance/plan/planar-graph';
import type { OpenedModel } from '../../../core/formats/format';
import { chosenSize } from '../../../core/graph/image-size';
import type { ModelGraph } from '../../../core/graph/model-graph';
import { choosePreprocessing } from '../../../core/input/preprocessing';
import type { LintOptions } from '../../../core/lint/lint-options';
import { borderChoices, previewFixAll } from '../../../core/lint/fix-preview';
import { ModelError } from '../../../core/model-error';
import type { ImageFacts, ModelSummary } from '../../protocol/reading';
import { affordable } from './affordable';
import { findingsOf } from './judged';
import { shownFinding } from './shown-finding';
import { TextPlaces } from './text-places';

/** What the editor shows of a model. */
export async function summaryOf(model: OpenedModel, lint: LintOptions): Promise<ModelSummary> {
  const { graph, format } = model;
  const findings = findingsOf(model, lint);
  const shown = affordable(
    findings,
    ({ message, layer, label, tensor }) => message.length + 2 * layer.length + label.length + tensor.length,
  );
  const ranges = await model.locate(shown.map(({ layer }) => layer));
  const places = new TextPlaces(model.text ?? '');
  return {
    format: { id: format.id, label: format.label },
    producer: graph.producer,
    layerCount: graph.layers.length,
    findingCount: findings.length,
    hasWeightFiles: (graph.weightFiles ?? []).length > 0,
    fixableCount: findings.filter(({ fix }) => fix.ok && fix.inFixAll).length,
    fixAll: previewFixAll(model, findings),
    borders: borderChoices(model.capabilities),
    findings: shown.map((finding) => shownFinding(graph, finding, ranges.get(finding.layer), places)),
    note: model.judgedOnly?.message ?? null,
    image: imageFacts(graph),
    judgedSize: chosenSize(graph),
    preprocessing: choosePreprocessing(graph),
  };
}

function imageFacts(graph: ModelGraph): ImageFacts | null {
  try {
    const {
      images: [{ channels } = { channels: 0 }],
      declaredSize,
    } = imageInput(planarGraph(graph));
    return { layout: graph.layout, channels, declaredSize };
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}
