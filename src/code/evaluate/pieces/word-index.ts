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

/** Words of texts, kept from one lint to the next. */
export class WordIndex {
  private kept = new Map<string, Words>();
  private used = new Map<string, Words>();

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

function wordsOf(text: string): Words {
  const names = new Set<string>();
  const attributes = new Set<string>();
  for (const word of new Set(text.match(wordPattern))) {
    if (!word.startsWith('.')) names.add(word);
    else if (word.startsWith('...')) names.add(word.slice(3));
    else attributes.add(word.slice(1));
  }
  if (steps.test(text)) names.add(stepWord);
  return { names, attributes };
}
