import type { Layer } from '../../../graph/model-graph';
import type { StoredWeight } from '../../stored-weight';
import { storedWeights } from '../../tfjs/weights/stored-weight';
import { tensorName } from '../read/node';
import type { GraphModel } from '../read/read';

/** The weights that the node of a layer is given. */
export function graphLayerWeights({
  definition,
  weightOf,
  weights,
}: Pick<GraphModel, 'definition' | 'weightOf' | 'weights'>): (layer: Layer) => readonly StoredWeight[] {
  const inputs = new Map(definition.nodes.map(({ name, inputs: read }) => [name, read]));
  return ({ name }) => {
    const names = (inputs.get(name) ?? []).flatMap(({ node, output }) => weightOf(tensorName(node, output)) ?? []);
    return storedWeights([...new Set(names)], weights);
  };
}
