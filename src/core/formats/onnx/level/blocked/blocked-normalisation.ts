import type { OnnxNode } from '../../wire/proto';
import { encodeFloatTensor, encodeNode } from '../../wire/write';
import { ownPrefix } from '../level-source';
import type { BlockedMaps } from './blocked-maps';
import { padZeros } from './blocked-weights';

/** What the operator takes where the node does not say. */
const usualEpsilon = 1e-5;

/**
 * A batch normalisation on blocks, as a convolution of one tap that keeps channels apart: `w = scale / sqrt(variance + epsilon)` times the
 * map, plus `shift - mean * w`. The runtime computes both once, as it opens the level.
 * @returns false where it cannot be one: nothing has been written then
 */
export function blockedNormalisation(maps: BlockedMaps, node: OnnxNode): boolean {
  const [input = '', scale = '', shift = '', mean = '', variance = ''] = node.inputs;
  const [output = ''] = node.outputs;
  const map = maps.isBlocked(input) ? maps.mapOf(input) : undefined;
  const constants = new Set(maps.source.model.graph.initializers.map(({ name }) => name));
  const isInference = node.outputs.length === 1 && [scale, shift, mean, variance].every((tensor) => constants.has(tensor));
  if (map === undefined || maps.mapOf(output) === undefined || !isInference) return false;
  const prefix = `${ownPrefix}/${output}`;
  const epsilon = `${prefix}/epsilon`;
  maps.initializers.push(encodeFloatTensor(epsilon, [], [node.attributes.get('epsilon')?.float ?? usualEpsilon]));
  const compute = (opType: string, inputs: readonly string[], name: string): string => {
    maps.nodes.push(encodeNode({ opType, inputs, outputs: [`${prefix}/${name}`] }));
    return `${prefix}/${name}`;
  };
  const deviation = compute('Sqrt', [compute('Add', [variance, epsilon], 'raised variance')], 'deviation');
  const weights = compute('Div', [scale, deviation], 'scaled');
  const bias = compute('Sub', [shift, compute('Mul', [mean, weights], 'scaled mean')], 'shifted');
  const more = [map.padded - map.channels];
  const taps = maps.reshape(padZeros(maps, weights, more, `${prefix}/scale`), [map.padded, 1, 1, 1], `${prefix}/taps`);
  maps.run('Conv', [maps.inBlocks(input), taps, padZeros(maps, bias, more, `${prefix}/shift`)], maps.give(output), {
    kernel_shape: { ints: [1, 1] },
    group: { int: map.padded },
  });
  return true;
}
