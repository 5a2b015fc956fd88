import { WireType } from '@bufbuild/protobuf/wire';
import { readAll, type ByteSource, type SourceRange } from '../../byte-source';
import { checkWithin } from '../../../limits';
import { elementType, tensorField } from './schema';
import { MessageWalk, submessages, type MessageKind } from './submessages';
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
 * not the weights.
 * @throws WireError where the structure breaks; `offset` is that of the file. LimitError
 */
export async function skimModel(source: ByteSource, options: SkimOptions = {}): Promise<SkimmedFile> {
  if (source.size <= (options.wholeUpTo ?? defaultWholeUpTo)) {
    return { bytes: await readAll(source), layout: identityLayout(source.size) };
  }
  const skimmer = new Skimmer(new SourceWindow(source, options.windowLength ?? defaultWindowLength));
  await skimmer.message('model', { start: 0, end: source.size });
  return layOut(source, skimmer.items);
}

class Skimmer {
  /** What is kept so far, in file order. */
  readonly items: SkimItem[] = [];
  private readonly walk = new MessageWalk();
  private keptBytes = 0;

  constructor(private readonly window: SourceWindow) {}

  /** Adds the items of a message; answers with the length that it has without what is left out. */
  async message(kind: MessageKind, range: SourceRange): Promise<number> {
    if (kind === 'tensor') return this.tensor(range);
    let length = 0;
    for (let offset = range.start; offset < range.end;) {
      const field = await this.header(kind, offset, range.end);
      const child = submessages[kind].get(field.number);
      if (child !== undefined) this.walk.enter(child);
      const isLarge = kind === 'model' ? child !== undefined : field.end - offset > keptMessage;
      if (child !== undefined && isLarge && field.wireType === WireType.LengthDelimited) {
        length += await this.submessage(child, offset, field);
      } else {
        length += this.keep(offset, field.end);
      }
      if (child !== undefined) this.walk.leave(child);
      offset = field.end;
    }
    return length;
  }

  /** A message with its tag and its length, which is known once its items are. */
  private async submessage(kind: MessageKind, fileStart: number, field: FieldHeader): Promise<number> {
    const place = this.items.length;
    this.items.push({ kind: 'field', fileStart, header: new Uint8Array(), skipped: undefined });
    const length = await this.message(kind, { start: field.valueStart, end: field.end });
    const header = encodeFieldHeader(field.number, length);
    this.items[place] = { kind: 'field', fileStart, header, skipped: kind === 'tensor' ? this.skippedFrom(place + 1) : undefined };
    return header.length + length;
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
  private async tensor(range: SourceRange): Promise<number> {
    const dims: number[] = [];
    let [length, dataType] = [0, 0];
    for (let offset = range.start; offset < range.end;) {
      const field = await this.window.header(offset, range.end);
      if (valueFields.has(field.number) && field.wireType === WireType.LengthDelimited && !(await this.isKept(field, dims, dataType))) {
        this.items.push({ kind: 'values', skipped: { field: field.number, start: field.valueStart, end: field.end } });
      } else {
        if (field.number === tensorField.dims) dims.push(...(await this.integers(field)));
        if (field.number === tensorField.dataType) [dataType = 0] = await this.integers(field);
        length += this.keep(offset, field.end);
      }
      offset = field.end;
    }
    return length;
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

  /** Keeps a run of bytes; runs that touch become one. Answers with their number. */
  private keep(start: number, end: number): number {
    this.keptBytes += end - start;
    checkWithin('structureBytes', this.keptBytes);
    const last = this.items.at(-1);
    if (last?.kind === 'run' && last.end === start) this.items[this.items.length - 1] = { kind: 'run', start: last.start, end };
    else this.items.push({ kind: 'run', start, end });
    return end - start;
  }

  /** What was left out of the tensor whose items begin at an index. */
  private skippedFrom(index: number): SkippedValues | undefined {
    for (let place = index; place < this.items.length; place++) {
      const item = this.items[place];
      if (item?.kind === 'values') return item.skipped;
    }
    return undefined;
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
