import type { CircularPadding } from '../../../../equivariance/contracts';
import type { Operation } from '../../../../graph/model-graph';
import type { OnnxNode } from '../../wire/proto';
import { elementType } from '../../wire/schema';
import type { AttributeValue } from '../../wire/write';
import { circularWrap } from '../circular-wrap';
import { mapSizeOf, ownPrefix } from '../level-source';
import type { BlockedMap, BlockedMaps } from './blocked-maps';
import { blockedWeights, padZeros, type ConvolutionWeights } from './blocked-weights';
import { unweaveBlocks, weaveBlocks, wrapBlocks, type BlockedWrap } from './blocked-wrap';

type Convolution = Extract<Operation, { kind: 'convolution' }>;
type Pool = Extract<Operation, { kind: 'max-pool' | 'average-pool' }>;

/** Rows of about so many samples are computed at full speed: the weights are read once for each. */
const fullRow = 24;

/** What a convolution on blocks reads. */
interface ReadBlocks extends ConvolutionWeights {
  /** The map that it reads in blocks; undefined where it reads the few channels of an image as the model has them. */
  readonly map: BlockedMap | undefined;
  readonly groups: number;
}

/** A convolution on blocks. @returns false where it cannot be one: nothing has been written then */
export function blockedConvolution(maps: BlockedMaps, node: OnnxNode, layer: string, operation: Convolution): boolean {
  const [input = '', , bias = ''] = node.inputs;
  const [output = ''] = node.outputs;
  const padding = maps.source.plan.circularPadding.get(layer);
  const given = maps.mapOf(output);
  const read = given && readBlocks(maps, node, operation, given);
  if (padding === undefined || given === undefined || read === undefined) return false;
  const prefix = `${ownPrefix}/${output}`;
  const images = imagesInOne(maps, operation, read);
  const wrapped =
    read.map === undefined ? wrapInModel(maps, input, padding, prefix) : wrapMap({ maps, input, map: read.map, padding, prefix }, images);
  const result = maps.give(output);
  const direct = images === 1 ? result : `${prefix}/woven result`;
  const constants = [
    blockedWeights(maps, read, prefix),
    ...(bias === '' ? [] : [padZeros(maps, bias, [given.padded - given.channels], `${prefix}/bias`)]),
  ];
  maps.run('Conv', [wrapped, ...constants], direct, { ...windowAttributes(operation, images), group: { int: read.groups } });
  if (images > 1) unweaveBlocks(maps, direct, given, images, result);
  return true;
}

/** A pool on blocks. @returns false where it cannot be one: nothing has been written then */
export function blockedPool(maps: BlockedMaps, node: OnnxNode, layer: string, operation: Pool): boolean {
  const [input = ''] = node.inputs;
  const [output = ''] = node.outputs;
  const padding = maps.source.plan.circularPadding.get(layer);
  const map = maps.mapOf(input);
  if (padding === undefined || map === undefined || maps.mapOf(output) === undefined || node.outputs.length !== 1) return false;
  if (operation.kind === 'average-pool' && operation.window.dilation.some((step) => step !== 1)) return false;
  const wrapped = wrapBlocks(maps, { name: maps.inBlocks(input), map, padding, prefix: `${ownPrefix}/${output}` });
  maps.run(node.opType, [wrapped], maps.give(output), windowAttributes(operation, 1));
  return true;
}

/** What a convolution reads, where it can run on blocks: its weights are constants, and whole blocks are of one group. */
function readBlocks(maps: BlockedMaps, node: OnnxNode, { groups }: Convolution, given: BlockedMap): ReadBlocks | undefined {
  const { source, block } = maps;
  const [input = '', weightsName = ''] = node.inputs;
  const known = source.model.graph.initializers.find(({ name }) => name === weightsName);
  const [output = 0, channels = 0, height = 0, width = 0] = known?.dims ?? [];
  if (known?.dims.length !== 4 || known.dataType !== elementType.float || output !== given.channels) return undefined;
  const map = maps.mapOf(input);
  const weights = { tensor: known, dims: [output, channels, height, width] as const };
  const padded = { output: given.padded, input: channels };
  if (groups === 1 && map === undefined) return channels < block ? { ...weights, padded, readsBlocks: false, map, groups } : undefined;
  if (map === undefined) return undefined;
  if (groups === 1) return { ...weights, padded: { ...padded, input: map.padded }, readsBlocks: true, map, groups };
  if (groups === map.channels && channels === 1 && output === groups)
    return { ...weights, padded, readsBlocks: false, map, groups: given.padded };
  return channels % block === 0 && (output / groups) % block === 0 ? { ...weights, padded, readsBlocks: true, map, groups } : undefined;
}

/** How many images of a batch lie in one map as a convolution runs. */
function imagesInOne(maps: BlockedMaps, { window: { kernel, stride } }: Convolution, { map, groups, readsBlocks }: ReadBlocks): number {
  const gains = groups === 1 && readsBlocks && kernel.some((length) => length !== 1) && stride.every((step) => step === 1);
  return map !== undefined && gains ? maps.weave(2 ** Math.max(0, Math.ceil(Math.log2(fullRow / map.size[1])))) : 1;
}

function wrapMap(
  { maps, input, ...wrap }: Omit<BlockedWrap, 'name'> & { readonly maps: BlockedMaps; readonly input: string },
  images: number,
): string {
  const named = { ...wrap, name: maps.inBlocks(input) };
  return images > 1 ? weaveBlocks(maps, named, images) : wrapBlocks(maps, named);
}

function wrapInModel(maps: BlockedMaps, tensor: string, padding: CircularPadding, prefix: string): string {
  const { source } = maps;
  maps.asInModel(tensor);
  const wrap = circularWrap({
    tensor,
    size: mapSizeOf(source, tensor),
    padding,
    opset: source.model.opsetVersion,
    isSignal: false,
    prefix,
  });
  maps.add(wrap);
  return wrap.output;
}

/** @param images in one map */
function windowAttributes({ window: { kernel, stride, dilation } }: Convolution | Pool, images: number): Record<string, AttributeValue> {
  const [down = 1, right = 1] = dilation;
  return { kernel_shape: { ints: kernel }, strides: { ints: stride }, dilations: { ints: [down, right * images] } };
}
