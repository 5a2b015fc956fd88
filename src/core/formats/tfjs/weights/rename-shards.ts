import type { FileChange } from '../../format';
import { JsonDocument } from '../document';
import type { WeightGroup } from '../manifest';

/** Lets the manifest list shards by other names. */
export function renameShards(
  { text, groups }: { readonly text: string; readonly groups: readonly WeightGroup[] },
  names: ReadonlyMap<string, string>,
): FileChange {
  const document = new JsonDocument(text);
  const edits = groups.flatMap(({ paths }, group) =>
    paths.flatMap((path, index) => {
      const name = names.get(path);
      return name === undefined ? [] : [document.replace(['weightsManifest', group, 'paths', index], name)];
    }),
  );
  return { kind: 'text', edits, newFiles: [] };
}
