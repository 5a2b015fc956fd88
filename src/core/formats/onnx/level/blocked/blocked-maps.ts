import type { AxisPair } from '../../../../graph/model-graph';
import { area } from '../../../../graph/period';
import { elementType } from '../../wire/schema';
import { encodeIntegerTensor, encodeNode, type AttributeValue } from '../../wire/write';
import type { EncodedNodes } from '../encoded-nodes';
import { channelsOf, mapSizeOf, ownPrefix, type LevelSource } from '../level-source';

/**
 * Operators of ONNX Runtime on maps whose channels lie in blocks, `[batch, channels / block, height, width, block]`: its optimiser puts
 * them into the files that it saves, and it loads files that have them.
 */
export const blockedOperators = { domain: 'com.microsoft.nchwc', version: 1 } as const;

/** Operator sets that the nodes around them need at least: Pad takes its amounts as an input from here on. */
const earliest = 11;
/** The runtime brings only whole numbers of so many channels into blocks. */
const channelUnit = 4;

/** A map as it can lie in blocks. */
export interface BlockedMap {
  readonly channels: number;
  /** Filled up with zeros to whole blocks. */
  readonly padded: number;
  /** Height and width. */
  readonly size: AxisPair;
}

/** The number of channels that whole blocks hold. */
export function wholeBlocks(channels: number, block: number): number {
  return Math.ceil(channels / block) * block;
}

/**
 * The maps of a level while it is written, each as the model has it, in blocks of channels, or both: what is missing of the two is made
 * where a node reads it. Between nodes that run on blocks no map is laid out anew.
 */
export class BlockedMaps {
  readonly nodes: Uint8Array[] = [];
  readonly initializers: Uint8Array[] = [];
  /** Weights that are written anew in blocks. */
  readonly laidOut = new Set<string>();
  private readonly blocked = new Set<string>();
  private readonly missing = new Set<string>();

  private unit = 1;

  /** @param block channels in a block @param weaves whether batches are large, so that small maps are woven together */
  constructor(
    readonly source: LevelSource,
    readonly block: number,
    private readonly weaves: boolean,
  ) {}

  /** The batch has to be a multiple of this. */
  get batchUnit(): number {
    return this.unit;
  }

  /** How many images are to lie in one map, of those that would be best, a power of two. */
  weave(images: number): number {
    if (!this.weaves) return 1;
    this.unit = Math.max(this.unit, images);
    return images;
  }

  /** Whether the model's operators go with those on blocks. */
  static isPossible({ model, plan }: LevelSource): boolean {
    return model.opsetVersion >= earliest && !plan.input.isSignal;
  }

  /** A tensor as it can lie in blocks; undefined where it cannot, or too many of its channels would be zeros. */
  mapOf(tensor: string): BlockedMap | undefined {
    const { plan, graph, values } = this.source;
    const channels = channelsOf(this.source, tensor);
    if (channels === undefined || channels % channelUnit !== 0 || channels < this.block / 2) return undefined;
    if (!plan.strides.has(tensor) || graph.tensors.get(tensor)?.shape?.length !== 4) return undefined;
    if ((values.types.get(tensor) ?? elementType.float) !== elementType.float) return undefined;
    return { channels, padded: wholeBlocks(channels, this.block), size: mapSizeOf(this.source, tensor) };
  }

  /** Whether a tensor lies in blocks by now. */
  isBlocked(tensor: string): boolean {
    return this.blocked.has(tensor);
  }

  /** What a tensor is called in blocks, `[batch, padded channels, height, width]` to the runtime. */
  nameOf(tensor: string): string {
    return `${ownPrefix}/blocks/${tensor}`;
  }

  /** The tensor in blocks; laid out so where it is not yet. */
  inBlocks(tensor: string): string {
    const name = this.nameOf(tensor);
    if (!this.blocked.has(tensor)) {
      this.blocked.add(tensor);
      this.nodes.push(encodeNode({ ...blockedOperators, opType: 'ReorderInput', inputs: [tensor], outputs: [name] }));
    }
    return name;
  }

  /** Makes a tensor that only lies in blocks what the model has. */
  asInModel(tensor: string): void {
    if (!this.missing.delete(tensor)) return;
    const channels = channelsOf(this.source, tensor) ?? 0;
    this.nodes.push(
      encodeNode({
        ...blockedOperators,
        opType: 'ReorderOutput',
        inputs: [this.nameOf(tensor)],
        outputs: [tensor],
        attributes: { channels: { int: channels } },
      }),
    );
  }

  /** Names a tensor that a node gives in blocks. */
  give(tensor: string): string {
    this.blocked.add(tensor);
    this.missing.add(tensor);
    return this.nameOf(tensor);
  }

  /** What has been written since this was asked last. */
  take(): EncodedNodes {
    return { nodes: this.nodes.splice(0), initializers: this.initializers.splice(0) };
  }

  add({ nodes, initializers }: EncodedNodes): void {
    this.nodes.push(...nodes);
    this.initializers.push(...initializers);
  }

  /** An operator on blocks. */
  run(opType: string, inputs: readonly string[], output: string, attributes: Readonly<Record<string, AttributeValue>> = {}): void {
    this.nodes.push(encodeNode({ ...blockedOperators, opType, inputs, outputs: [output], attributes }));
  }

  reshape(tensor: string, shape: readonly number[], output: string): string {
    const lengths = `${output}/shape`;
    this.initializers.push(encodeIntegerTensor(lengths, [shape.length], shape));
    this.nodes.push(encodeNode({ opType: 'Reshape', inputs: [tensor, lengths], outputs: [output] }));
    return output;
  }

  /** Takes rows of an axis in a given order. */
  gather(tensor: string, axis: number, order: readonly number[], output: string): string {
    const indices = `${output}/indices`;
    this.initializers.push(encodeIntegerTensor(indices, [order.length], order));
    this.nodes.push(encodeNode({ opType: 'Gather', inputs: [tensor, indices], outputs: [output], attributes: { axis: { int: axis } } }));
    return output;
  }

  /** Its blocks as an axis of their own: `[batch, blocks, positions, block]`. */
  blockShape({ padded, size }: BlockedMap): readonly number[] {
    return [-1, padded / this.block, area(size), this.block];
  }
}
