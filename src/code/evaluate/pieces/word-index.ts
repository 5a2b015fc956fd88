const wordPattern = /(?:\.\.\.|\.)?[A-Za-z_$][\w$]*/g;

/** Stands among the words of a text for a slice with a step along one of several axes, which bears no name: `x[:, :, ::2, ::2]`. */
export const stepWord = '::';

const steps = /,\s*\w*:\w*:\s*\w|:\w*:\s*\w[\w.]*\s*,/;

/** The words of a text. */
export interface Words {
  /** Those that stand alone and may be names of the module: `nn` of `nn.MaxPool2d`. */
  readonly names: ReadonlySet<string>;
  /** Those behind a dot: `MaxPool2d` of `nn.MaxPool2d`. */
  readonly attributes: ReadonlySet<string>;
}

/** What the words of a text say of the program around it. */
export interface ToldWords {
  /** Names of the module that are among them. */
  readonly words: ReadonlySet<string>;
  /** True where a window layer is. */
  readonly mentionsLayer: boolean;
}

/** Words of texts, kept from one lint to the next. */
export class WordIndex {
  private kept = new Map<string, Words>();
  private used = new Map<string, Words>();
  private names: ReadonlySet<string> = new Set();
  private layerWords: ReadonlySet<string> = new Set();
  private told = new WeakMap<Words, ToldWords>();

  /** Begins one lint. What words say is kept as long as the same names are those of the module and of layers. */
  startRound(names: ReadonlySet<string>, layerWords: ReadonlySet<string>): void {
    if (areSame(names, this.names) && areSame(layerWords, this.layerWords)) return;
    this.names = names;
    this.layerWords = layerWords;
    this.told = new WeakMap();
  }

  /** Only names of the module and of layers say anything, and they are a small part of all words. */
  toldBy(words: Words): ToldWords {
    const known = this.told.get(words);
    if (known !== undefined) return known;
    const names = [...words.names].filter((word) => this.names.has(word));
    const told = { words: new Set(names), mentionsLayer: mentionsAny(words, this.layerWords) };
    this.told.set(words, told);
    return told;
  }

  words(text: string): Words {
    const words = this.used.get(text) ?? this.kept.get(text) ?? wordsOf(text);
    this.used.set(text, words);
    return words;
  }

  /** Ends one lint: what it did not use is forgotten. */
  endRound(): void {
    this.kept = this.used;
    this.used = new Map();
  }
}

export function mentionsAny({ names, attributes }: Words, wanted: ReadonlySet<string>): boolean {
  return intersects(attributes, wanted) || intersects(names, wanted);
}

export function intersects(words: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  for (const word of words) if (wanted.has(word)) return true;
  return false;
}

function areSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const word of a) if (!b.has(word)) return false;
  return true;
}

function wordsOf(text: string): Words {
  const names = new Set<string>();
  const attributes = new Set<string>();
  for (const word of text.match(wordPattern) ?? []) {
    if (!word.startsWith('.')) names.add(word);
    else if (word.startsWith('...')) names.add(word.slice(3));
    else attributes.add(word.slice(1));
  }
  if (steps.test(text)) names.add(stepWord);
  return { names, attributes };
}
