import type { OnnxNode } from '../../wire/proto';
import { encodeNode } from '../../wire/write';
import { ownPrefix } from '../level-source';
import type { BlockedMaps } from './blocked-maps';
import { blockedNormalisation } from './blocked-normalisation';
import { blockedPointwise } from './blocked-pointwise';
import { blockedConvolution, blockedPool } from './blocked-window';

/**
 * Writes a node of a level to run on maps in blocks of channels, where it can and gains by it.
 * @returns false where it is to run as the model has it: nothing has been written then
 */
export function blockedNode(maps: BlockedMaps, node: OnnxNode, layer: string): boolean {
  const { plan, operationOf } = maps.source;
  const operation = operationOf.get(layer);
  if (node.domain !== '' || operation === undefined || plan.circularResampling.has(layer) || plan.foldedPads.has(layer)) return false;
  switch (node.opType) {
    case 'Conv':
      return operation.kind === 'convolution' && blockedConvolution(maps, node, layer, operation);
    case 'MaxPool':
    case 'AveragePool':
      return (operation.kind === 'max-pool' || operation.kind === 'average-pool') && blockedPool(maps, node, layer, operation);
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
      return blockedGlobalPool(maps, node);
    case 'BatchNormalization':
      return blockedNormalisation(maps, node);
    case 'Concat':
      return blockedConcat(maps, node);
    default:
      return blockedPointwise(maps, node);
  }
}

/** The pool of a whole map, which leaves as the model has it. */
function blockedGlobalPool(maps: BlockedMaps, node: OnnxNode): boolean {
  const [input = ''] = node.inputs;
  const [output = ''] = node.outputs;
  const map = maps.isBlocked(input) ? maps.mapOf(input) : undefined;
  if (map === undefined) return false;
  const pooled = `${ownPrefix}/${output}/in blocks`;
  maps.run(node.opType, [maps.inBlocks(input)], pooled);
  maps.run('ReorderOutput', [pooled], output, { channels: { int: map.channels } });
  return true;
}

/** Maps behind one another along their channels, where each fills its blocks. */
function blockedConcat(maps: BlockedMaps, node: OnnxNode): boolean {
  const [output = ''] = node.outputs;
  const parts = node.inputs.map((tensor) => maps.mapOf(tensor));
  const axis = node.attributes.get('axis')?.int;
  if ((axis !== 1 && axis !== -3) || maps.mapOf(output) === undefined) return false;
  if (!parts.every((part) => part?.padded === part?.channels && part !== undefined)) return false;
  if (!node.inputs.some((tensor) => maps.isBlocked(tensor))) return false;
  const inputs = node.inputs.map((tensor) => maps.inBlocks(tensor));
  maps.nodes.push(encodeNode({ opType: 'Concat', inputs, outputs: [maps.give(output)], attributes: { axis: { int: 1 } } }));
  return true;
}
