import type { SummedMap } from '../../../equivariance/contracts';
import { area } from '../../../graph/period';
import { elementType } from '../wire/schema';
import { encodeIntegerTensor, encodeNode, encodeValueInfo } from '../wire/write';
import { blockedOperators, wholeBlocks } from './blocked/blocked-maps';
import { sliceNodes } from './circular-wrap';
import type { EncodedNodes } from './encoded-nodes';
import { ownPrefix } from './level-source';

/** The sums of one map: what they are called, and the nodes that take them. */
export interface MapSums extends EncodedNodes {
  /** Input: F_0 with its last row and column repeated before the first, `[1, channels, height + 1, width + 1]`, or in its four rolls. */
  readonly reference: string;
  /** Channels in a block, where these rolls have to lie in blocks. */
  readonly block: number | undefined;
  /** Output of float64, `[batch, places]`. */
  readonly squares: string;
  /** Output of float64, `[batch, places, 4]`: products with F_0 rolled by (0, 0), (0, 1), (1, 0), (1, 1). */
  readonly products: string;
  /** Encoded ValueInfoProtos. */
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}

/** Operator sets that the nodes need at least, and from which the axes of a sum are an input. */
const earliest = 6;
const axesByInput = { ReduceSum: 13, ReduceSumSquare: 18 } as const;

/** Operators of ONNX Runtime itself: its matrix product reads and writes any order of axes. */
export const runtimeOperators = { domain: 'com.microsoft', version: 1 } as const;

/** What the nodes may be. */
export interface SumsForm {
  /** Operator set of the model. */
  readonly opset: number;
  /**
   * Only operators that the WebGPU provider has: plain matrix products, for which the map is turned first, and sums in two steps, of which
   * only the last is taken in float64 on the processor.
   */
  readonly forGpu?: boolean;
  /** Where the map lies in blocks of channels: so many in each. */
  readonly block?: number | undefined;
}

/** Products summed in float32 before float64 takes over: more lose digits where all are alike, fewer waste the runtime's time. */
const longestRun = 98;
const shortestRun = 24;
/** Of such sums so many are added up on the graphics card, where that divides them. */
const mostOnGpu = 64;
/** Where no number between these divides the map. */
const longestOddRun = 512;

/**
 * The sums of the closed form inside of a level: F_s is cut into runs of numbers; a matrix product takes each run of all images times
 * that of F_0's four rolls, float64 adds them up. No map has to leave the runtime for it.
 *
 * @param map name of the map, float32, `[batch, channels, …]`
 * @param tensor what the map is called outside
 * @returns undefined where the map cannot be cut, or the operators are missing
 */
export function mapSums(map: string, tensor: string, summed: SummedMap, { opset, block, forGpu = false }: SumsForm): MapSums | undefined {
  const { channels, size, over } = summed;
  const places = over === 'everything' ? 1 : area(size);
  const padded = wholeBlocks(channels, block ?? 1);
  const length = (padded * area(size)) / places;
  const run = runLength(length);
  if (run === undefined || opset < earliest) return undefined;
  const prefix = `${ownPrefix}/sums/${tensor}`;
  const names = { reference: `${prefix}/reference`, squares: `${prefix}/squares`, products: `${prefix}/products` };
  const cut = new SumsWriter(prefix, { places, runs: length / run, run }, opset);
  const rolls = block === undefined ? cut.rolls(names.reference, summed) : cut.rollsInBlocks(names.reference, summed, block);
  const shape = block === undefined ? [-1, channels, area(size)] : [-1, padded / block, area(size), block];
  const [sample, reference] = places === 1 ? [map, rolls] : [cut.channelsLast(map, shape, 'map'), cut.channelsLast(rolls, shape, 'rolls')];
  if (forGpu) cut.sumOnGpu(sample, reference, names);
  else cut.sum(sample, reference, names);
  const [height, width] = size;
  return {
    ...names,
    block,
    nodes: cut.nodes,
    initializers: cut.initializers,
    inputs: [
      encodeValueInfo(
        names.reference,
        elementType.float,
        summed.isRolled ? [4, padded, height, width] : [1, channels, height + 1, width + 1],
      ),
    ],
    outputs: [encodeValueInfo(names.squares, elementType.double), encodeValueInfo(names.products, elementType.double)],
  };
}

/** How many numbers are summed in float32: a divisor of the length. */
function runLength(length: number): number | undefined {
  if (length <= longestRun) return length;
  for (let run = longestRun; run >= shortestRun; run--) if (length % run === 0) return run;
  for (let run = longestRun + 1; run <= longestOddRun; run++) if (length % run === 0) return run;
  return undefined;
}

/** The largest number up to `most` that divides another. */
function largestDivisor(of: number, most: number): number {
  for (let divisor = Math.min(of, most); divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return 1;
}

/** The numbers of one image, by place: `runs` times `run` at each. */
interface Cut {
  readonly places: number;
  readonly runs: number;
  readonly run: number;
}

class SumsWriter {
  readonly nodes: Uint8Array[] = [];
  readonly initializers: Uint8Array[] = [];

  constructor(
    private readonly prefix: string,
    private readonly cut: Cut,
    private readonly opset: number,
  ) {}

  /** F_0 rolled by (0, 0), (0, 1), (1, 0) and (1, 1), one behind another. */
  rolls(reference: string, { size: [height, width], isRolled }: SummedMap): string {
    if (isRolled) return reference;
    const parts = ['same', 'right', 'down', 'both'].map((name, index) => {
      const [top, left] = [index < 2 ? 1 : 0, index % 2 === 0 ? 1 : 0];
      const part = this.name(name);
      this.add(sliceNodes(reference, part, { starts: [top, left], ends: [top + height, left + width], axes: [2, 3] }, this.opset));
      return part;
    });
    const rolls = this.name('rolls');
    this.nodes.push(encodeNode({ opType: 'Concat', inputs: parts, outputs: [rolls], attributes: { axis: { int: 0 } } }));
    return rolls;
  }

  /** The same of a map whose channels lie in blocks. */
  rollsInBlocks(reference: string, summed: SummedMap, block: number): string {
    if (summed.isRolled) return reference;
    const [height, width] = summed.size;
    const blocks = this.name('reference in blocks');
    this.nodes.push(encodeNode({ ...blockedOperators, opType: 'ReorderInput', inputs: [reference], outputs: [blocks] }));
    const shape = [1, wholeBlocks(summed.channels, block) / block, height + 1, width + 1, block];
    return this.rolls(this.reshape(blocks, shape, 'blocks of the reference'), summed);
  }

  /** A map with its positions in front of its channels. @param shape `[-1, channels, positions]`, or `[-1, blocks, positions, block]` */
  channelsLast(map: string, shape: readonly number[], name: string): string {
    const flat = this.reshape(map, shape, `flat ${name}`);
    const [, , ...inner] = shape.keys();
    return this.transpose(flat, [0, 2, 1, ...inner.slice(1)], this.name(`turned ${name}`));
  }

  /** Sums a map's squares, and its products with the rolls. */
  sum(map: string, rolls: string, { squares, products }: { readonly squares: string; readonly products: string }): void {
    const { places, runs, run } = this.cut;
    const cuts = [-1, places * runs, run];
    const [sample, reference] = [this.reshape(map, cuts, 'map'), this.reshape(rolls, cuts, 'cut rolls')];
    const parts = { products: this.name('parts of products'), squares: this.name('parts of squares') };
    // Every run is a matrix product of its own, which the axis in the middle counts.
    this.nodes.push(
      encodeNode({
        opType: 'FusedMatMul',
        domain: runtimeOperators.domain,
        inputs: [sample, reference],
        outputs: [parts.products],
        attributes: { transBatchA: { int: 1 }, transBatchB: { int: 1 }, transB: { int: 1 } },
      }),
    );
    this.reduce('ReduceSumSquare', sample, 2, parts.squares);
    const summed = this.name('summed products');
    this.reduce('ReduceSum', this.reshape(this.exact(parts.products), [places, runs, -1, 4], 'runs of products'), 1, summed);
    this.transpose(summed, [1, 0, 2], products);
    this.reduce('ReduceSum', this.reshape(this.exact(parts.squares), [-1, places, runs], 'runs of squares'), 2, squares);
  }

  /** The same by operators of graphics cards. */
  sumOnGpu(map: string, rolls: string, { squares, products }: { readonly squares: string; readonly products: string }): void {
    const { places, runs, run } = this.cut;
    const cuts = [-1, places * runs, run];
    const [sample, reference] = [this.reshape(map, cuts, 'map'), this.reshape(rolls, cuts, 'cut rolls')];
    const turned = [
      this.transpose(sample, [1, 0, 2], this.name('map by runs')),
      this.transpose(reference, [1, 2, 0], this.name('rolls by runs')),
    ];
    const parts = { products: this.name('parts of products'), squares: this.name('parts of squares') };
    this.nodes.push(encodeNode({ opType: 'MatMul', inputs: turned, outputs: [parts.products] }));
    this.reduce('ReduceSumSquare', sample, 2, parts.squares);
    const together = largestDivisor(runs, mostOnGpu);
    const left = runs / together;
    const [fewProducts, fewSquares] = [this.name('few products'), this.name('few squares')];
    // `-1` is the number of images: a level knows it only as it runs.
    this.reduce('ReduceSum', this.reshape(parts.products, [places * left, together, -1, 4], 'runs of products'), 1, fewProducts);
    this.reduce('ReduceSum', this.reshape(parts.squares, [-1, places * left, together], 'runs of squares'), 2, fewSquares);
    const summed = this.name('summed products');
    this.reduce('ReduceSum', this.reshape(this.exact(fewProducts), [places, left, -1, 4], 'rest of products'), 1, summed);
    this.transpose(summed, [1, 0, 2], products);
    this.reduce('ReduceSum', this.reshape(this.exact(fewSquares), [-1, places, left], 'rest of squares'), 2, squares);
  }

  private exact(tensor: string): string {
    const output = `${tensor}/exact`;
    this.nodes.push(encodeNode({ opType: 'Cast', inputs: [tensor], outputs: [output], attributes: { to: { int: elementType.double } } }));
    return output;
  }

  private reduce(opType: keyof typeof axesByInput, input: string, axis: number, output: string): void {
    const byInput = this.opset >= axesByInput[opType];
    const axes = `${output}/axes`;
    if (byInput) this.initializers.push(encodeIntegerTensor(axes, [1], [axis]));
    this.nodes.push(
      encodeNode({
        opType,
        inputs: byInput ? [input, axes] : [input],
        outputs: [output],
        attributes: { ...(byInput ? {} : { axes: { ints: [axis] } }), keepdims: { int: 0 } },
      }),
    );
  }

  private reshape(tensor: string, shape: readonly number[], name: string): string {
    const [output, lengths] = [this.name(name), this.name(`shape of ${name}`)];
    this.initializers.push(encodeIntegerTensor(lengths, [shape.length], shape));
    this.nodes.push(encodeNode({ opType: 'Reshape', inputs: [tensor, lengths], outputs: [output] }));
    return output;
  }

  private transpose(tensor: string, order: readonly number[], output: string): string {
    this.nodes.push(encodeNode({ opType: 'Transpose', inputs: [tensor], outputs: [output], attributes: { perm: { ints: order } } }));
    return output;
  }

  private add({ nodes, initializers }: EncodedNodes): void {
    this.nodes.push(...nodes);
    this.initializers.push(...initializers);
  }

  private name(name: string): string {
    return `${this.prefix}/${name}`;
  }
}
