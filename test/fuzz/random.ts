/** A source of choices: the same seed makes the same case, on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined && values.length === 0) throw new Error('There is nothing to pick from.');
    return value as T;
  }
}

/** Numbers that programs get wrong. */
export const oddNumbers: readonly number[] = [
  0,
  1,
  -1,
  2,
  3,
  7,
  8,
  127,
  128,
  255,
  256,
  65_535,
  65_536,
  1e6,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  1e18,
  0.5,
  -0,
  NaN,
  Infinity,
  -Infinity,
  1e308,
];

/** Texts that programs get wrong. */
export const oddTexts: readonly string[] = [
  '',
  ' ',
  '\0',
  '\n',
  '../x',
  '/etc/passwd',
  'C:\\x',
  'file:///x',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
  '\u202e',
  '\ud800',
  '\u001b[2J',
  '::error::x',
  '##vso[task.x]',
  '$(trash)',
  '[x](command:y)',
  'x'.repeat(5000),
  '#',
  '%',
  'NaN',
  '-1',
  '1e999',
  'é',
  '🙂',
];
