import { piecedSource, readAll } from '../../../core/formats/byte-source';
import type { OpenedModel, Patch } from '../../../core/formats/format';
import { applyEdits } from '../../../core/formats/text-edits';

/** A patched model that was never written: its file, and new files by path relative to its folder. */
export interface PatchedModel {
  readonly bytes: Uint8Array;
  readonly newFiles: Readonly<Record<string, Uint8Array>>;
}

/** Puts a patch of a model together in memory. */
export async function patchedModel({ source, text }: OpenedModel, patch: Patch): Promise<PatchedModel> {
  if (patch.kind === 'text') {
    return {
      bytes: new TextEncoder().encode(applyEdits(text ?? '', patch.edits)),
      newFiles: Object.fromEntries(patch.newFiles.map(({ relativePath, bytes }) => [relativePath, bytes])),
    };
  }
  return { bytes: await readAll(piecedSource(source, patch.pieces)), newFiles: {} };
}
