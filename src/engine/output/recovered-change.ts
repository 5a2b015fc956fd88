import { composePieces } from '../../core/formats/compose-pieces';
import type { FileChange, OpenedModel } from '../../core/formats/format';
import { openModel } from '../../core/formats/registry';
import { minimalEdit } from '../../core/formats/text-edits';
import type { NewWeights } from '../../core/recover/linear-layer';
import { changedSource } from './changed-source';

/**
 * A fix of a model and the weights that were recovered for it, as one change of the model. Of the new files only those that the
 * changed model names are among it. Nothing is written.
 *
 * @param fix of this very model @throws ModelError for layers whose weights cannot be replaced
 */
export async function recoveredChange(model: OpenedModel, fix: FileChange, weights: NewWeights): Promise<FileChange> {
  if (weights.size === 0) return fix;
  const fixed = await openModel(changedSource(model, fix));
  const change = await fixed.replaceWeights(weights);
  const recovered = await openModel(changedSource(fixed, change));
  const named = new Set(recovered.graph.weightFiles);
  const newFiles = [...fix.newFiles, ...change.newFiles].filter(({ relativePath }) => named.has(relativePath));
  if (fix.kind === 'binary' && change.kind === 'binary')
    return { kind: 'binary', pieces: composePieces(fix.pieces, change.pieces), newFiles };
  const edit = minimalEdit(model.text ?? '', recovered.text ?? '');
  return { kind: 'text', edits: edit === undefined ? [] : [edit], newFiles };
}
