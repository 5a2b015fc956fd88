import type { Network } from './network';

/** Places of the vertices that have every word of a search in their names, operation or rule, in any case; none for no words. */
export function matchingVertices({ vertices }: Network, search: string): readonly number[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  return vertices.flatMap(({ label, row }, place) => {
    const text = `${label} ${row?.node ?? ''} ${row?.tensor ?? ''} ${row?.op ?? 'input'} ${row?.finding?.rule ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word)) ? [place] : [];
  });
}
