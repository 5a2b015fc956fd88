import { t } from '@vscode/l10n';
import { ModelError } from '../../../model-error';
import type { LinearWeights, NewWeights } from '../../../recover/linear-layer';
import { pieceLength, type Piece, type SourceRange } from '../../byte-source';
import type { FileChange, ModelSource, NewFile } from '../../format';
import { freeFileName } from '../../free-file-name';
import { spliceGraph, type Splice } from '../patch/splice';
import type { OnnxModel, OnnxTensor } from '../wire/proto';
import { graphField, tensorField } from '../wire/schema';
import { messageFields } from '../wire/wire';
import { encodeEntry } from '../wire/write';
import { concatenate } from '../../concatenate';
import { encodeField } from '../wire/write-fields';
import { turned, type OnnxLinear, type OnnxLinearLayers } from './linear-layers';
import { encodeFloats, readStored, type StoredValues } from './stored-values';

/** Values of one tensor that change. */
interface Change {
  readonly stored: StoredValues;
  readonly bytes: Uint8Array;
}

/** External weights start at multiples of this in a new file, so that runtimes can map them. */
const alignment = 64;

/**
 * Puts new weights where the old ones stand. Weights in the model file change in place; those of files beside it go to a new file,
 * since other models may use the old one. Every other byte stays.
 */
export async function replaceWeights(
  model: OnnxModel,
  layers: OnnxLinearLayers,
  source: ModelSource,
  weights: NewWeights,
): Promise<FileChange> {
  const changes: Change[] = [];
  for (const layer of layers.graph.layers) {
    const wanted = weights.get(layer.name);
    const found = wanted && layers.find(layer);
    if (wanted === undefined) continue;
    if (found === undefined || 'reason' in found)
      throw new ModelError('unsupported', t`The weights of "${layer.name}" in "${source.path}" cannot be replaced.`);
    changes.push(...(await changesOf(found, wanted, source)));
  }
  const inside = changes.filter(({ stored }) => stored.location === undefined);
  const outside = changes.filter(({ stored }) => stored.location !== undefined);
  const whole: readonly Piece[] = [{ start: 0, end: model.layout.fileSize }];
  if (outside.length === 0) return { kind: 'binary', pieces: overlaid(whole, inside), newFiles: [] };
  const file = await newFile(outside, source);
  const splices = outside.map(({ stored }, index) => moved(stored.tensor, file.relativePath, file.places[index] ?? { start: 0, end: 0 }));
  return { kind: 'binary', pieces: overlaid(spliceGraph(model, splices, []), inside), newFiles: [file] };
}

/** What becomes of the tensors of one layer. A bias that lies behind it is added to what stands there, or taken from a mean. */
async function changesOf(
  { linear, places }: OnnxLinear,
  { weights, bias }: LinearWeights,
  source: ModelSource,
): Promise<readonly Change[]> {
  const values = places.isTurned ? turned(weights, linear.outputs, linear.unknowns) : weights;
  const change = changeTo(places.weights, values);
  if (bias === undefined || places.bias === undefined) return [change];
  const { values: stored, kind } = places.bias;
  if (kind === 'own') return [change, changeTo(stored, bias)];
  const present = await readStored(stored, source);
  return [
    change,
    changeTo(
      stored,
      bias.map((value, output) => (present?.[output] ?? 0) + (kind === 'mean' ? -value : value)),
    ),
  ];
}

function changeTo(stored: StoredValues, values: Float32Array): Change {
  return { stored, bytes: encodeFloats(stored.tensor.dataType, values) };
}

/** Pieces of a file in which some ranges have other bytes. */
function overlaid(pieces: readonly Piece[], changes: readonly Change[]): readonly Piece[] {
  const sorted = changes.toSorted((a, b) => a.stored.range.start - b.stored.range.start);
  return pieces.flatMap((piece): readonly Piece[] => {
    if (piece instanceof Uint8Array) return [piece];
    const parts: Piece[] = [];
    let position = piece.start;
    for (const { stored, bytes } of sorted) {
      if (stored.range.start < piece.start || stored.range.end > piece.end) continue;
      parts.push({ start: position, end: stored.range.start }, bytes);
      position = stored.range.end;
    }
    return [...parts, { start: position, end: piece.end }].filter((part) => pieceLength(part) > 0);
  });
}

async function newFile(changes: readonly Change[], source: ModelSource): Promise<NewFile & { readonly places: readonly SourceRange[] }> {
  const places: SourceRange[] = [];
  let end = 0;
  for (const { bytes } of changes) {
    const start = Math.ceil(end / alignment) * alignment;
    end = start + bytes.length;
    places.push({ start, end });
  }
  const joined = new Uint8Array(end);
  for (const [index, { bytes }] of changes.entries()) joined.set(bytes, places[index]?.start);
  const base = source.path.split(/[\\/]/).at(-1) ?? 'model';
  const nameOf = (copy: number): string => `${base}.recovered${copy === 1 ? '' : `-${copy}`}.data`;
  return { relativePath: await freeFileName(source, joined, nameOf), bytes: joined, places };
}

/** An initializer whose values lie elsewhere from now on; everything else in it keeps its bytes. */
function moved(tensor: OnnxTensor, location: string, { start, end }: SourceRange): Splice {
  const kept = [...messageFields(tensor.message, { start: 0, end: tensor.message.length })].filter(
    ({ number }) => number !== tensorField.externalData,
  );
  const entries = Object.entries({ location, offset: String(start), length: String(end - start) });
  const message = concatenate([
    ...kept.map((field) => tensor.message.subarray(field.start, field.end)),
    ...entries.map(([key, value]) => encodeField(tensorField.externalData, encodeEntry(key, value))),
  ]);
  return { ...tensor.field, fields: [encodeField(graphField.initializer, message)] };
}
