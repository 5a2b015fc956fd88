import type { OnnxNode } from '../../wire/proto';
import { elementCount } from '../../wire/tensor-values';
import { encodeNode } from '../../wire/write';
import { channelsOf, ownPrefix } from '../level-source';
import type { BlockedMap, BlockedMaps } from './blocked-maps';

/** Operators on every value alone; the runtime's do not ask how the values lie. */
const unary: ReadonlySet<string> = new Set([
  ...['Abs', 'Clip', 'Elu', 'Erf', 'Gelu', 'HardSigmoid', 'HardSwish', 'Identity', 'LeakyRelu', 'Mish', 'Neg', 'Relu', 'Selu', 'Sigmoid'],
  ...['Softplus', 'Softsign', 'Tanh'],
]);
/** Those that give zero for zero, so that the channels which fill the last block stay zeros. */
const keepsZero: ReadonlySet<string> = new Set([
  ...['Abs', 'Elu', 'Erf', 'Gelu', 'HardSwish', 'Identity', 'LeakyRelu', 'Mish', 'Neg', 'Relu', 'Selu', 'Softsign', 'Tanh'],
  ...['Add', 'Max', 'Min', 'Mul', 'Sub', 'Sum'],
]);
const binary: ReadonlySet<string> = new Set(['Add', 'Div', 'Max', 'Min', 'Mul', 'Sub', 'Sum']);

/** A node that treats every value alone. @returns false where it cannot run on blocks: nothing has been written then */
export function blockedPointwise(maps: BlockedMaps, node: OnnxNode): boolean {
  const [output = ''] = node.outputs;
  const given = maps.mapOf(output);
  const { opType, inputs } = node;
  if (given === undefined || !inputs.some((tensor) => maps.isBlocked(tensor)) || node.outputs.length !== 1) return false;
  const isWhole = given.padded === given.channels;
  if (!isWhole && !keepsZero.has(opType)) return false;
  const [first = '', ...others] = inputs;
  if (unary.has(opType)) {
    if (!alike(maps.mapOf(first), given) || others.some((tensor) => maps.isBlocked(tensor))) return false;
    write(maps, node, [maps.inBlocks(first), ...others], maps.give(output));
    return true;
  }
  return binary.has(opType) && inputs.length === 2 && blockedBinary(maps, node, given);
}

/** Two maps, or a map and what is the same at all of its positions. */
function blockedBinary(maps: BlockedMaps, node: OnnxNode, given: BlockedMap): boolean {
  const [output = ''] = node.outputs;
  const kinds = node.inputs.map((tensor) => operandKind(maps, tensor, given));
  if (kinds.some((kind) => kind === undefined) || !kinds.includes('map')) return false;
  if (given.padded !== given.channels && kinds.some((kind) => kind !== 'map')) return false;
  if (!kinds.includes('column')) {
    const operands = node.inputs.map((tensor, index) => (kinds[index] === 'map' ? maps.inBlocks(tensor) : tensor));
    write(maps, node, operands, maps.give(output));
    return true;
  }
  const { block } = maps;
  const [height, width] = given.size;
  const prefix = `${ownPrefix}/${output}`;
  const operands = node.inputs.map((tensor, index) => {
    const isMap = kinds[index] === 'map';
    if (!isMap) maps.asInModel(tensor);
    const [name, size] = isMap ? [maps.inBlocks(tensor), [height, width]] : [tensor, [1, 1]];
    return maps.reshape(name, [-1, given.channels / block, ...size, block], `${prefix}/operand ${index}`);
  });
  const result = `${prefix}/in blocks`;
  write(maps, node, operands, result);
  maps.reshape(result, [-1, given.padded, height, width], maps.give(output));
  return true;
}

/** How an operand lies beside a map: as a map of the same form, a number for each channel, or one number. */
function operandKind(maps: BlockedMaps, tensor: string, given: BlockedMap): 'map' | 'column' | 'number' | undefined {
  if (alike(maps.mapOf(tensor), given)) return 'map';
  const { source } = maps;
  const constant = source.model.graph.initializers.find(({ name }) => name === tensor);
  if (constant !== undefined) {
    if (elementCount(constant.dims) === 1) return constant.dims.length <= 4 ? 'number' : undefined;
    const [channels, ...positions] = constant.dims.slice(-3);
    const isColumn = constant.dims.length >= 3 && channels === given.channels && elementCount(constant.dims) === channels;
    return isColumn && positions.length === 2 ? 'column' : undefined;
  }
  const shape = source.graph.tensors.get(tensor)?.shape;
  const isColumn = shape?.length === 4 && shape[2] === 1 && shape[3] === 1 && channelsOf(source, tensor) === given.channels;
  return isColumn ? 'column' : undefined;
}

function alike(one: BlockedMap | undefined, { channels, size }: BlockedMap): boolean {
  return one?.channels === channels && one.size[0] === size[0] && one.size[1] === size[1];
}

function write(maps: BlockedMaps, { name, opType, domain, attributes }: OnnxNode, inputs: readonly string[], output: string): void {
  const verbatimAttributes = [...attributes.values()].map(({ message }) => message);
  maps.nodes.push(encodeNode({ name, opType, domain, inputs, outputs: [output], verbatimAttributes }));
}
