import { encodeIntegerTensor, encodeNode } from '../wire/write';
import { elementType } from '../wire/schema';
import { entryName } from './half-precision';
import { ownPrefix, type LevelSource } from './level-source';

/** How a tensor crosses the border of a level: as float32, the batch first, under a name of its own where it is anything else inside. */
export interface LevelEnd {
  /** Of the level's input or output. */
  readonly name: string;
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Uint8Array[];
  /** Weights of the model that the nodes read. */
  readonly weights: readonly string[];
}

/** A tensor of float32 crosses as it is. */
function isPlain({ values, graph }: LevelSource, tensor: string): boolean {
  return (values.types.get(tensor) ?? elementType.float) === elementType.float && graph.tensors.get(tensor)?.shape?.length !== 0;
}

/** Operators for the scales of quantized values exist from here on. */
const scalesByOperator = 10;

/** What a level gives of a tensor. Whole numbers leave as what they stand for, where the model says so. */
export function levelExit(source: LevelSource, tensor: string): LevelEnd {
  if (isPlain(source, tensor)) return { name: tensor, nodes: [], initializers: [], weights: [] };
  const { values, graph, model } = source;
  const name = `${ownPrefix}/out/${tensor}`;
  const quantisation = model.opsetVersion < scalesByOperator ? undefined : values.quantisations.get(tensor);
  if (quantisation !== undefined) {
    const weights = [quantisation.scale, quantisation.zeroPoint];
    return {
      name,
      nodes: [encodeNode({ opType: 'DequantizeLinear', inputs: [tensor, ...weights], outputs: [name] })],
      initializers: [],
      weights,
    };
  }
  const to = { to: { int: elementType.float } };
  if (graph.tensors.get(tensor)?.shape?.length !== 0) {
    return {
      name,
      nodes: [encodeNode({ opType: 'Cast', inputs: [tensor], outputs: [name], attributes: to })],
      initializers: [],
      weights: [],
    };
  }
  // A value for the whole batch, which runs one image at a time.
  const shape = `${name}/shape`;
  return {
    name,
    nodes: [
      encodeNode({ opType: 'Cast', inputs: [tensor], outputs: [`${name}/cast`], attributes: to }),
      encodeNode({ opType: 'Reshape', inputs: [`${name}/cast`, shape], outputs: [name] }),
    ],
    initializers: [encodeIntegerTensor(shape, [1], [1])],
    weights: [],
  };
}

/** What a level is fed for a tensor; the inverse of its exit. */
export function levelEntry(source: LevelSource, tensor: string): LevelEnd {
  if (isPlain(source, tensor)) return { name: tensor, nodes: [], initializers: [], weights: [] };
  const { values, graph, model } = source;
  const name = entryName(tensor);
  const isImage = model.graph.inputs.some((input) => input.name === tensor);
  const quantisation = isImage || model.opsetVersion < scalesByOperator ? undefined : values.quantisations.get(tensor);
  if (quantisation !== undefined) {
    const weights = [quantisation.scale, quantisation.zeroPoint];
    return {
      name,
      nodes: [encodeNode({ opType: 'QuantizeLinear', inputs: [name, ...weights], outputs: [tensor] })],
      initializers: [],
      weights,
    };
  }
  const to = { to: { int: values.types.get(tensor) ?? elementType.float } };
  if (graph.tensors.get(tensor)?.shape?.length !== 0) {
    return {
      name,
      nodes: [encodeNode({ opType: 'Cast', inputs: [name], outputs: [tensor], attributes: to })],
      initializers: [],
      weights: [],
    };
  }
  const shape = `${name}/shape`;
  return {
    name,
    nodes: [
      encodeNode({ opType: 'Reshape', inputs: [name, shape], outputs: [`${name}/single`] }),
      encodeNode({ opType: 'Cast', inputs: [`${name}/single`], outputs: [tensor], attributes: to }),
    ],
    initializers: [encodeIntegerTensor(shape, [0], [])],
    weights: [],
  };
}
