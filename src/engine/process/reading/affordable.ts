/** What is sent at a time, so that whoever receives it is never held up: entries, and characters of their texts. */
const mostEntries = 1000;
const mostCharacters = 1 << 18;

/** As many of the first entries as are cheap to send; at least one where there are any. @param length characters of an entry's texts */
export function affordable<T>(entries: Iterable<T>, length: (entry: T) => number): readonly T[] {
  const taken: T[] = [];
  let characters = 0;
  for (const entry of entries) {
    characters += length(entry);
    if (taken.length > 0 && (taken.length >= mostEntries || characters > mostCharacters)) break;
    taken.push(entry);
  }
  return taken;
}
