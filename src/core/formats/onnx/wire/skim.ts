import { WireType } from '@bufbuild/protobuf/wire';
import { readAll, type ByteSource, type SourceRange } from '../../byte-source';
import { attributeField, elementType, functionField, graphField, modelField, nodeField, sparseTensorField, tensorField } from './schema';
import { identityLayout, layOut, type FileLayout, type SkimItem, type SkippedValues } from './file-layout';
import { SourceWindow, type FieldHeader } from './source-window';
import { WireError } from './wire';
import { encodeFieldHeader } from './write-fields';

/** A model file without the values of its large tensors. */
export interface SkimmedFile {
  /** A ModelProto again, a few kilobytes for every layer. */
  readonly bytes: Uint8Array;
  readonly layout: FileLayout;
}

/** What may be varied for tests. */
export interface SkimOptions {
  /** Files up to this size are read whole. */
  readonly wholeUpTo?: number;
  /** Bytes read at once while walking. */
  readonly windowLength?: number;
}

const defaultWholeUpTo = 1 << 18;
const defaultWindowLength = 1 << 12;
/** Messages up to this size are kept as they are. */
const keptMessage = 1 << 10;
/** Lists of sizes, axes and pads are shorter than this; longer integers are weights. */
const keptIntegers = 1 << 13;
/** Values of depthwise kernels are kept where all channels look alike: how a fixed blur shows. */
const largestBlur = 1 << 20;
const widestBlurWindow = 64;
/** Bodies nested deeper than any exporter writes are taken for an attack on the stack. */
const nestingLimit = 64;

/** Which fields of a message are messages that may hold tensors. */
type MessageKind = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse' | 'function';

const children: Readonly<Record<MessageKind, ReadonlyMap<number, MessageKind>>> = {
  model: new Map([
    [modelField.graph, 'graph'],
    [modelField.functions, 'function'],
  ]),
  graph: new Map([
    [graphField.node, 'node'],
    [graphField.initializer, 'tensor'],
    [graphField.sparseInitializer, 'sparse'],
  ]),
  node: new Map([[nodeField.attribute, 'attribute']]),
  attribute: new Map([
    [attributeField.tensor, 'tensor'],
    [attributeField.tensors, 'tensor'],
    [attributeField.graph, 'graph'],
    [attributeField.graphs, 'graph'],
  ]),
  sparse: new Map([
    [sparseTensorField.values, 'tensor'],
    [sparseTensorField.indices, 'tensor'],
  ]),
  function: new Map([[functionField.node, 'node']]),
  tensor: new Map(),
};

const valueFields: ReadonlySet<number> = new Set([
  tensorField.floatData,
  tensorField.int32Data,
  tensorField.stringData,
  tensorField.int64Data,
  tensorField.rawData,
  tensorField.doubleData,
  tensorField.uint64Data,
]);

/**
 * Walks a file by positional reads and leaves out what judging does not need, so that memory and time follow the graph and
 * not the weights. @throws WireError where the structure breaks; `offset` is that of the file
 */
export async function skimModel(source: ByteSource, options: SkimOptions = {}): Promise<SkimmedFile> {
  if (source.size <= (options.wholeUpTo ?? defaultWholeUpTo)) {
    return { bytes: await readAll(source), layout: identityLayout(source.size) };
  }
  const skimmer = new Skimmer(new SourceWindow(source, options.windowLength ?? defaultWindowLength));
  const { items } = await skimmer.message('model', { start: 0, end: source.size }, 0);
  return layOut(source, items);
}

interface SkimmedMessage {
  readonly items: SkimItem[];
  readonly length: number;
}

class Skimmer {
  constructor(private readonly window: SourceWindow) {}

  async message(kind: MessageKind, range: SourceRange, depth: number): Promise<SkimmedMessage> {
    if (kind === 'tensor') return this.tensor(range);
    const items: SkimItem[] = [];
    let length = 0;
    for (let offset = range.start; offset < range.end;) {
      const field = await this.header(kind, offset, range.end);
      const child = children[kind].get(field.number);
      const isLarge = kind === 'model' ? child !== undefined : field.end - offset > keptMessage;
      if (child !== undefined && isLarge && field.wireType === WireType.LengthDelimited && depth < nestingLimit) {
        const inner = await this.message(child, { start: field.valueStart, end: field.end }, depth + 1);
        const header = encodeFieldHeader(field.number, inner.length);
        items.push({ kind: 'field', fileStart: offset, header, skipped: skippedIn(child, inner.items) }, ...inner.items);
        length += header.length + inner.length;
      } else {
        keep(items, offset, field.end);
        length += field.end - offset;
      }
      offset = field.end;
    }
    return { items, length };
  }

  private async header(kind: MessageKind, offset: number, limit: number): Promise<FieldHeader> {
    try {
      return await this.window.header(offset, limit);
    } catch (error) {
      if (kind !== 'model' || !(error instanceof WireError) || error.problem !== 'ended') throw error;
      throw new WireError('ended', offset, true);
    }
  }

  /** A tensor without its values where these are many. */
  private async tensor(range: SourceRange): Promise<SkimmedMessage> {
    const items: SkimItem[] = [];
    const dims: number[] = [];
    let [length, dataType] = [0, 0];
    for (let offset = range.start; offset < range.end;) {
      const field = await this.window.header(offset, range.end);
      if (valueFields.has(field.number) && field.wireType === WireType.LengthDelimited && !(await this.isKept(field, dims, dataType))) {
        items.push({ kind: 'values', skipped: { field: field.number, start: field.valueStart, end: field.end } });
      } else {
        if (field.number === tensorField.dims) dims.push(...(await this.integers(field)));
        if (field.number === tensorField.dataType) [dataType = 0] = await this.integers(field);
        keep(items, offset, field.end);
        length += field.end - offset;
      }
      offset = field.end;
    }
    return { items, length };
  }

  private async isKept(field: FieldHeader, dims: readonly number[], dataType: number): Promise<boolean> {
    const length = field.end - field.valueStart;
    const isInteger = dataType === elementType.int64 || dataType === elementType.int32;
    if (length <= (isInteger || dataType === 0 ? keptIntegers : keptMessage)) return true;
    const [channels = 0, one, ...window] = dims;
    const places = window.reduce((product, extent) => product * extent, 1);
    if (one !== 1 || window.length === 0 || places > widestBlurWindow || length > largestBlur || channels < 2) return false;
    const kernel = length / channels;
    if (!Number.isInteger(kernel)) return false;
    const pair = await this.window.value(field.valueStart, 2 * kernel);
    return pair.subarray(0, kernel).every((byte, index) => byte === pair[kernel + index]);
  }

  /** A varint, or a packed list of them; sizes, so never many. */
  private async integers(field: FieldHeader): Promise<readonly number[]> {
    const bytes = await this.window.value(field.valueStart, Math.min(field.end - field.valueStart, keptMessage));
    const values: number[] = [];
    let [value, scale] = [0, 1];
    for (const byte of bytes) {
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte >= 0x80) continue;
      values.push(value);
      [value, scale] = [0, 1];
    }
    return values;
  }
}

/** Keeps a run of bytes; runs that touch become one. */
function keep(items: SkimItem[], start: number, end: number): void {
  const last = items.at(-1);
  if (last?.kind === 'run' && last.end === start) items[items.length - 1] = { kind: 'run', start: last.start, end };
  else items.push({ kind: 'run', start, end });
}

function skippedIn(kind: MessageKind, items: readonly SkimItem[]): SkippedValues | undefined {
  if (kind !== 'tensor') return undefined;
  const found = items.find((item) => item.kind === 'values');
  return found?.kind === 'values' ? found.skipped : undefined;
}
