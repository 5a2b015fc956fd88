import type { Unit } from '../program/program';

/** What the words of a program say about which units can lead to a layer. */
export interface Relevance {
  /** True where a unit mentions a layer, or something of the file that does. */
  isRelevant(unit: Unit): boolean;
  /** The same for any text of the program. */
  leadsToLayer(text: string): boolean;
  /** True where another unit mentions the name. */
  isMentionedElsewhere(name: string, unit: Unit): boolean;
}

const wordPattern = /[A-Za-z_$][\w$]*/g;

/** Words of units by their text, kept from one lint to the next. */
export class WordIndex {
  private kept = new Map<string, ReadonlySet<string>>();
  private used = new Map<string, ReadonlySet<string>>();

  words(text: string): ReadonlySet<string> {
    const words = this.used.get(text) ?? this.kept.get(text) ?? new Set(text.match(wordPattern));
    this.used.set(text, words);
    return words;
  }

  endRound(): void {
    this.kept = this.used;
    this.used = new Map();
  }
}

/** @param layerWords last parts of the names that window layers are imported and called by */
export function relevance(units: readonly { readonly unit: Unit; readonly name: string | null }[], layerWords: ReadonlySet<string>, index: WordIndex): Relevance {
  const wordsOf = new Map(units.map(({ unit }) => [unit, index.words(unit.text)]));
  const mentions = new Map<string, number>();
  for (const words of wordsOf.values()) for (const word of words) mentions.set(word, (mentions.get(word) ?? 0) + 1);
  const relevant = new Set<Unit>();
  const names = new Set(layerWords);
  for (let grows = true; grows; ) {
    grows = false;
    for (const { unit, name } of units) {
      if (relevant.has(unit) || !intersects(wordsOf.get(unit), names)) continue;
      relevant.add(unit);
      if (name !== null && !names.has(name)) {
        names.add(name);
        grows = true;
      }
    }
  }
  return {
    isRelevant: (unit) => relevant.has(unit),
    leadsToLayer: (text) => intersects(index.words(text), names),
    isMentionedElsewhere: (name, unit) => (mentions.get(name) ?? 0) > (wordsOf.get(unit)?.has(name) === true ? 1 : 0),
  };
}

function intersects(words: ReadonlySet<string> | undefined, names: ReadonlySet<string>): boolean {
  if (words === undefined) return false;
  const [small, large] = words.size < names.size ? [words, names] : [names, words];
  for (const word of small) if (large.has(word)) return true;
  return false;
}
