import path from 'node:path';
import { t } from '@vscode/l10n';
import { pieceBytes, requireWhole } from '../../core/formats/byte-source';
import type { FileChange, ModelSource, OpenedModel } from '../../core/formats/format';
import { openModel } from '../../core/formats/registry';
import { ModelError } from '../../core/model-error';
import { changedSource } from './changed-source';
import { WeightFileNames, type WeightFileName } from './weight-file-names';
import { writeFiles, type FileSet, type NewContent } from './write-files';
import { openChanged } from './open-changed';

/** Bytes of a file copied at a time. */
const copyLength = 1 << 20;

/** Where a changed model is written. */
export interface ModelPlace extends Pick<FileSet, 'mayReplace' | 'confirm'> {
  readonly file: string;
  /** True where the folder is the model's own, whose files of weights the copy shares. */
  readonly isOwnFolder: boolean;
}

/**
 * Writes a changed model, and beside it the files of weights that are not there: those that the change made, and in another folder all.
 * What a model calls its weights is never a path that is written to: they get names of their own, which the copy asks for.
 *
 * @returns the files written @throws ModelError, where the changed model is none that can be read again, too: nothing is written then
 */
export async function writeModelCopy(model: OpenedModel, change: FileChange, place: ModelPlace): Promise<readonly string[]> {
  const changed = await openChanged(model, change);
  const made = new Set(change.newFiles.map(({ relativePath }) => relativePath));
  const names = new WeightFileNames(place.file, changed);
  const renamed = new Map<string, string>();
  const beside: NewContent[] = [];
  for (const location of new Set(changed.graph.weightFiles)) {
    if (place.isOwnFolder && !made.has(location)) continue;
    const found = await names.nameOf(location, place.isOwnFolder);
    if (found.name !== location) renamed.set(location, found.name);
    if (!found.isPresent) beside.push(contentOf(place.file, changed.source, location, found));
  }
  const source = renamed.size === 0 ? changed.source : await renamedSource(changed, renamed);
  const main = { file: place.file, bytes: pieceBytes(source, [{ start: 0, end: source.size }]) };
  return writeFiles({ beside, main, mayReplace: place.mayReplace, ...(place.confirm && { confirm: place.confirm }) });
}

/** The model asking for its weights by other names, which must be all that it then asks for. @throws ModelError */
async function renamedSource(model: OpenedModel, names: ReadonlyMap<string, string>): Promise<ModelSource> {
  const source = changedSource(model, await model.renameWeightFiles(names));
  const locations = new Map([...names].map(([location, name]) => [name, location]));
  const { graph } = await openModel({
    ...source,
    readSibling: (name) => source.readSibling(locations.get(name) ?? name),
    siblingSize: (name) => source.siblingSize(locations.get(name) ?? name),
    readSiblingRange: (name, offset, length) => source.readSiblingRange(locations.get(name) ?? name, offset, length),
  });
  const wanted = new Set((model.graph.weightFiles ?? []).map((location) => names.get(location) ?? location));
  if ((graph.weightFiles ?? []).some((name) => !wanted.has(name)))
    throw new ModelError('malformed', t`"${source.path}" names files of weights in a way that cannot be changed, so it cannot be copied.`);
  return source;
}

function contentOf(file: string, source: ModelSource, location: string, { name, size }: WeightFileName): NewContent {
  return { file: path.join(path.dirname(file), name), bytes: siblingBytes(source, location, size) };
}

/** A weight file piece by piece: it may be larger than memory. @throws ModelError where it is shorter by now */
async function* siblingBytes(source: ModelSource, location: string, size: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < size; offset += copyLength) {
    const length = Math.min(copyLength, size - offset);
    yield requireWhole(await source.readSiblingRange(location, offset, length), length);
  }
}
