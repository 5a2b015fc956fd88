import type { AxisPair } from '../graph/model-graph';

/** What a model was shown, for people: red, green and blue of every pixel, row by row, 0 to 255. */
export interface Picture {
  readonly size: AxisPair;
  readonly rgb: Uint8Array;
}
