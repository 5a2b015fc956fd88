import { inMemory, piecedSource, type ByteSource } from '../../core/formats/byte-source';
import type { FileChange, ModelSource, OpenedModel, TextEdit } from '../../core/formats/format';
import { applyEdits } from '../../core/formats/text-edits';

/** A model with a change made, which nobody has written: its new files win over those beside the model. */
export function changedSource(model: Pick<OpenedModel, 'source' | 'text' | 'hasByteOrderMark'>, change: FileChange): ModelSource {
  const { source } = model;
  const newFiles = new Map(change.newFiles.map(({ relativePath, bytes }) => [relativePath, bytes]));
  const bytes: ByteSource = change.kind === 'text' ? inMemory(editedBytes(model, change.edits)) : piecedSource(source, change.pieces);
  return {
    path: source.path,
    size: bytes.size,
    read: (offset, length) => bytes.read(offset, length),
    readSibling: async (file) => newFiles.get(file) ?? source.readSibling(file),
    siblingSize: async (file) => newFiles.get(file)?.length ?? source.siblingSize(file),
    readSiblingRange: async (file, offset, length) =>
      newFiles.get(file)?.subarray(offset, offset + length) ?? source.readSiblingRange(file, offset, length),
  };
}

function editedBytes(
  { text = '', hasByteOrderMark = false }: Pick<OpenedModel, 'text' | 'hasByteOrderMark'>,
  edits: readonly TextEdit[],
): Uint8Array {
  return new TextEncoder().encode(`${hasByteOrderMark ? '\ufeff' : ''}${applyEdits(text, edits)}`);
}
