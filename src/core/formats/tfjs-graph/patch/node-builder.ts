import type { NewWeight } from '../../tfjs/blur-shard';

/** A node to insert, as GraphDef's JSON spells it. */
export interface InsertedNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

/** Nodes, each behind what it reads, and the values of the constants among them. */
export interface BuiltNodes {
  readonly nodes: readonly InsertedNode[];
  readonly weights: readonly NewWeight[];
}

/** As protobuf's JSON writes bytes, in base64. */
const text = { valid: 'VkFMSUQ=', channelsLast: 'TkhXQw==', reflect: 'UkVGTEVDVA==' };

const float = { type: 'DT_FLOAT' };
const int = { type: 'DT_INT32' };

type Attributes = Readonly<Record<string, unknown>>;

/** A window that pads nothing itself. */
export const windowPadding: Attributes = { padding: { s: text.valid }, explicit_paddings: { list: {} } };

/** Writes nodes of stock operators on `[batch, height, width, channels]`. Endings make names out of the builder's prefix. */
export class NodeBuilder {
  private readonly nodes: InsertedNode[] = [];
  private readonly weights: NewWeight[] = [];

  /** @param prefix starts all names; free in the model, with all names that add to it */
  constructor(
    private readonly prefix: string,
    private readonly separator: '/' | '_' = '/',
  ) {}

  /** A list of whole numbers; protobuf's JSON writes 64-bit integers as texts. */
  static integers(values: readonly number[]): unknown {
    return { list: { i: values.map(String) } };
  }

  get built(): BuiltNodes {
    return { nodes: this.nodes, weights: this.weights };
  }

  push(node: InsertedNode): string {
    this.nodes.push(node);
    return node.name;
  }

  /** A list of whole numbers as a tensor. */
  constant(ending: string, shape: readonly number[], values: readonly number[]): string {
    return this.weight({ name: this.name(ending), shape, dtype: 'int32', values });
  }

  /** A weight of its own. */
  weight(weight: NewWeight): string {
    const type = weight.dtype === 'int32' ? int : float;
    const tensorShape = { dim: weight.shape.map((length) => ({ size: String(length) })) };
    this.weights.push(weight);
    return this.push({ name: weight.name, op: 'Const', attr: { dtype: type, value: { tensor: { dtype: type.type, tensorShape } } } });
  }

  /** A part of a map. @param name of the result; made of the ending where absent */
  slice(ending: string, map: string, begin: readonly number[], size: readonly number[], name = this.name(ending)): string {
    const bounds = [this.constant(`${ending}_begin`, [4], [0, ...begin, 0]), this.constant(`${ending}_size`, [4], [-1, ...size, -1])];
    return this.push({ name, op: 'Slice', input: [map, ...bounds], attr: { T: float, Index: int } });
  }

  /** Maps one behind the other along an axis. */
  concat(ending: string, maps: readonly string[], axis: number): string {
    const input = [...maps, this.constant(`${ending}_axis`, [], [axis])];
    return this.push({ name: this.name(ending), op: 'ConcatV2', input, attr: { N: { i: String(maps.length) }, T: float, Tidx: int } });
  }

  /** The shape of a tensor's batch with other lengths behind it. */
  batchShape(ending: string, tensor: string, lengths: readonly number[]): string {
    const shape = this.push({ name: this.name(`${ending}_all`), op: 'Shape', input: [tensor], attr: { T: float, out_type: int } });
    const bounds = [this.constant(`${ending}_begin`, [1], [0]), this.constant(`${ending}_count`, [1], [1])];
    const batch = this.push({ name: this.name(`${ending}_batch`), op: 'Slice', input: [shape, ...bounds], attr: { T: int, Index: int } });
    const rest = this.constant(`${ending}_rest`, [lengths.length], lengths);
    const axis = this.constant(`${ending}_axis`, [], [0]);
    return this.push({ name: this.name(ending), op: 'ConcatV2', input: [batch, rest, axis], attr: { N: { i: '2' }, T: int, Tidx: int } });
  }

  /** Pads by reflection or with zeros. @param pairs begin and end for each of the four axes */
  pad(ending: string, map: string, pairs: readonly number[], reflects: boolean): string {
    const amounts = this.constant(`${ending}dings`, [4, 2], pairs);
    const mode: Attributes = reflects ? { mode: { s: text.reflect } } : {};
    return this.push({
      name: this.name(ending),
      op: reflects ? 'MirrorPad' : 'Pad',
      input: [map, amounts],
      attr: { T: float, Tpaddings: int, ...mode },
    });
  }

  /** Attributes of a window without padding. */
  window(stride: readonly number[]): Attributes {
    return {
      T: float,
      strides: NodeBuilder.integers([1, ...stride, 1]),
      padding: { s: text.valid },
      data_format: { s: text.channelsLast },
    };
  }

  /** A name of our own. */
  name(ending: string): string {
    return `${this.prefix}${this.separator}${ending}`;
  }
}
