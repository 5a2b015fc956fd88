import { createHash } from 'node:crypto';
import type { AxisPair } from '../../../core/graph/model-graph';
import type { InputSpec, SentModel } from '../../protocol/payload';

/** A model that a call asks for, to be read for the size that it is measured at. */
export interface WantedModel {
  readonly sent: SentModel;
  /** Where the model leaves its own open. */
  readonly size: AxisPair | undefined;
  /** What it is shown, where that is one input: a tensor brings its own size. */
  readonly input: InputSpec | undefined;
}

/** Equal for models that lie in one place, are sent alike, and are read for one size; the state of files on disk is another matter. */
export function wantedKey({ sent, size, input }: WantedModel): string {
  const { path, folder, file = null, overlay } = sent;
  const unsaved = Object.entries(overlay).map(([name, bytes]) => [name, digest([bytes])]);
  const shape = input?.kind === 'tensor' ? input.shape : null;
  return JSON.stringify([path, folder, file, unsaved, contentOf(sent), size ?? null, shape]);
}

/** What is sent of the file itself; of one on disk, what its sender saw there. */
function contentOf(sent: SentModel): unknown {
  if ('bytes' in sent) return digest([sent.bytes]);
  if ('text' in sent) return digest(sent.text);
  const { size, modified, pieces } = sent.content;
  const told = pieces?.map((piece) => (piece instanceof Uint8Array ? piece.length : [piece.start, piece.end])) ?? null;
  return [size, modified, told, digest(pieces?.filter((piece) => piece instanceof Uint8Array) ?? [])];
}

function digest(parts: Iterable<Uint8Array | string>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
