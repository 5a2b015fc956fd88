import type { Layer } from '../../../graph/model-graph';
import type { StoredWeight } from '../../stored-weight';
import { storedWeights } from '../../tfjs/weights/stored-weight';
import type { LayersModel } from '../read/read';

/** The weights that the file lists under the name of a layer. */
export function kerasLayerWeights({ flat, groups, weights }: LayersModel): (layer: Layer) => readonly StoredWeight[] {
  const layers = new Map(flat.calls.map(({ tensor, layer }) => [tensor, layer.name]));
  const names = new Map<string, string[]>();
  for (const { name } of groups.flatMap((group) => group.weights)) {
    const owner = name.slice(0, Math.max(0, name.lastIndexOf('/')));
    names.set(owner, [...(names.get(owner) ?? []), name]);
  }
  return ({ name }) => storedWeights(names.get(layers.get(name) ?? '') ?? [], weights);
}
