const wordPattern = /[A-Za-z_$][\w$]*/g;

/** Words of texts, kept from one lint to the next. */
export class WordIndex {
  private kept = new Map<string, ReadonlySet<string>>();
  private used = new Map<string, ReadonlySet<string>>();

  words(text: string): ReadonlySet<string> {
    const words = this.used.get(text) ?? this.kept.get(text) ?? new Set(text.match(wordPattern));
    this.used.set(text, words);
    return words;
  }

  /** Ends one lint: what it did not use is forgotten. */
  endRound(): void {
    this.kept = this.used;
    this.used = new Map();
  }
}
