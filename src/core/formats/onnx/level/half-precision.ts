import { elementType } from '../wire/schema';
import { encodeNode } from '../wire/write';
import type { EncodedStep } from './encoded-nodes';
import { ownPrefix, type LevelSource } from './level-source';

/** Brings a layer's map from the model to our own nodes, which move its values about, and back. */
export interface Bridge {
  /** The map as our nodes read it. */
  readonly wide: EncodedStep;
  /** What our nodes made of it, as a layer takes it. @param output name for it; any where left out */
  readonly narrow: (moved: string, output?: string) => EncodedStep;
}

/** Whether a tensor holds binary16. */
export function isHalf({ values }: LevelSource, tensor: string): boolean {
  return values.types.get(tensor) === elementType.float16;
}

/** The name under which a level is fed a tensor of another type than float32. */
export function entryName(tensor: string): string {
  return `${ownPrefix}/${tensor}`;
}

/**
 * Maps of binary16 are moved as float32: the runtime computes most layers of such a model in float32 and does not round between them,
 * but it would to slice and join. All others are moved as they are.
 * @param as a tensor of the model whose type the map has, where it is none itself
 */
export function bridge(source: LevelSource, tensor: string, prefix: string, as = tensor): Bridge {
  if (!isHalf(source, as)) return { wide: through(tensor), narrow: through };
  const fed = source.fedWide?.get(tensor);
  return {
    wide: fed === undefined ? cast(tensor, `${prefix}/wide`, elementType.float) : through(fed),
    narrow: (moved, output = `${prefix}/narrow`) => cast(moved, output, elementType.float16),
  };
}

function through(tensor: string, output = tensor): EncodedStep {
  const nodes = output === tensor ? [] : [encodeNode({ opType: 'Identity', inputs: [tensor], outputs: [output] })];
  return { output, nodes, initializers: [] };
}

function cast(input: string, output: string, to: number): EncodedStep {
  const node = encodeNode({ opType: 'Cast', inputs: [input], outputs: [output], attributes: { to: { int: to } } });
  return { output, nodes: [node], initializers: [] };
}
