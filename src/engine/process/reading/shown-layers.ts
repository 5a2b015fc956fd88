import type { OpenedModel } from '../../../core/formats/format';
import { parameterCount } from '../../../core/formats/stored-weight';
import { namedLayer } from '../../../core/graph/layer-labels';
import { layerCost } from '../../../core/graph/cost';
import type { Layer, ModelGraph } from '../../../core/graph/model-graph';
import { receptiveFields } from '../../../core/graph/receptive-field';
import { analyseSampling } from '../../../core/graph/sampling';
import { shapeText } from '../../../core/graph/shapes';
import type { LintOptions } from '../../../core/lint/lint-options';
import type { ShownLayer } from '../../protocol/reading';
import { affordable } from './affordable';
import { findingsOf } from './judged';
import { shownFinding } from './shown-finding';
import { TextPlaces } from './text-places';

/** Rows of the table of layers from the `first` on, as many as are cheap to send. */
export function shownLayers(model: OpenedModel, lint: LintOptions, first: number): readonly ShownLayer[] {
  return affordable(
    rowsOf(model, lint, first),
    ({ label, node, tensor, shape, finding }) => label.length + node.length + tensor.length + shape.length + (finding?.message.length ?? 0),
  );
}

function* rowsOf(model: OpenedModel, lint: LintOptions, first: number): Iterable<ShownLayer> {
  const { graph } = model;
  const { samplings, fields } = geometryOf(graph);
  const findings = new Map(findingsOf(model, lint).map((finding) => [finding.layer, finding]));
  // Tables show no places in a text.
  const nowhere = new TextPlaces('');
  for (let index = first; index < graph.layers.length; index++) {
    const layer = graph.layers[index];
    if (layer === undefined) return;
    const output = layer.outputs[0] ?? '';
    const finding = findings.get(layer.name);
    yield {
      ...namedLayer(layer),
      op: layer.op,
      shape: shapeText(graph.tensors.get(output)?.shape),
      stride: ownStride(layer),
      cumulativeStride: samplings.get(output)?.stride ?? null,
      receptiveField: fields.get(output) ?? null,
      parameters: parameterCount(model.weights(layer)),
      multiplyAdds: layerCost(graph, layer)?.multiplyAdds ?? null,
      finding: finding === undefined ? null : shownFinding(graph, finding, undefined, nowhere),
    };
  }
}

interface Geometry {
  readonly samplings: ReturnType<typeof analyseSampling>;
  readonly fields: ReturnType<typeof receptiveFields>;
}

const geometries = new WeakMap<ModelGraph, Geometry>();

/** Where the tensors of a graph lie on the image: found once, though tables ask page by page. */
function geometryOf(graph: ModelGraph): Geometry {
  const known = geometries.get(graph) ?? { samplings: analyseSampling(graph), fields: receptiveFields(graph) };
  geometries.set(graph, known);
  return known;
}

function ownStride({ operation }: Layer): ShownLayer['stride'] {
  if (operation.kind === 'slice') return operation.stride;
  return 'window' in operation ? operation.window.stride : null;
}
