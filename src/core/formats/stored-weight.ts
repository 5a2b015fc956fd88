/** A constant of a layer whose numbers stand in the model's files, to be read piece by piece. */
export interface StoredWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /** Bytes that one number takes in the file. */
  readonly elementBytes: number;
  /** `count` numbers from number `start` on; undefined where the file ends before them. */
  read(start: number, count: number): Promise<ArrayLike<number> | undefined>;
}

/** How many numbers these weights hold. */
export function parameterCount(weights: readonly StoredWeight[]): number {
  return weights.reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);
}
