import { piecedSource, readAll } from '../../core/formats/byte-source';
import type { ModelSource, Patch } from '../../core/formats/format';
import { applyEdits } from '../../core/formats/text-edits';

/** A patched model that was never written: its file, and new files by path relative to its folder. */
export interface PatchedModel {
  readonly bytes: Uint8Array;
  readonly newFiles: Readonly<Record<string, Uint8Array>>;
}

/** Puts a patch together in memory. */
export async function patchedModel(source: ModelSource, patch: Patch): Promise<PatchedModel> {
  if (patch.kind === 'text') {
    const text = applyEdits(new TextDecoder().decode(await readAll(source)), patch.edits);
    return {
      bytes: new TextEncoder().encode(text),
      newFiles: Object.fromEntries(patch.newFiles.map(({ relativePath, bytes }) => [relativePath, bytes])),
    };
  }
  return { bytes: await readAll(piecedSource(source, patch.pieces)), newFiles: {} };
}
