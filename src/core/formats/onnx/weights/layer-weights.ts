import type { Layer } from '../../../graph/model-graph';
import type { ModelSource } from '../../format';
import type { StoredWeight } from '../../stored-weight';
import { layerNames } from '../read/layer-names';
import type { OnnxModel, OnnxTensor } from '../wire/proto';
import { rawSize } from '../wire/tensor-values';
import { readStored, storedValues, type StoredValues } from './stored-values';

/** The floats that the node of a layer is given as constants; none for layers inside functions and bodies, which have no node. */
export function onnxLayerWeights(model: OnnxModel, source: ModelSource): (layer: Layer) => readonly StoredWeight[] {
  const { nodes, initializers } = model.graph;
  const names = layerNames(model.graph);
  const inputs = new Map(nodes.map((node, index) => [names[index] ?? '', node.inputs]));
  const constants = nodes.flatMap(({ opType, attributes, outputs: [output = ''] }) => {
    const tensor = opType === 'Constant' ? attributes.get('value')?.tensor : undefined;
    return tensor === undefined ? [] : [[output, tensor] as const];
  });
  const tensors = new Map<string, OnnxTensor>([...initializers.map((tensor) => [tensor.name, tensor] as const), ...constants]);
  return ({ name }) =>
    [...new Set(inputs.get(name) ?? [])].flatMap((input) => {
      const tensor = tensors.get(input);
      const values = tensor && storedValues(tensor, model);
      return values === undefined ? [] : [storedWeight(input, values, source)];
    });
}

function storedWeight(name: string, values: StoredValues, source: ModelSource): StoredWeight {
  const elementBytes = rawSize(values.tensor.dataType) ?? 4;
  const first = values.range.start;
  return {
    name,
    shape: values.tensor.dims,
    elementBytes,
    read: (start, count) => {
      const range = { start: first + start * elementBytes, end: first + (start + count) * elementBytes };
      return readStored({ ...values, range }, source);
    },
  };
}
