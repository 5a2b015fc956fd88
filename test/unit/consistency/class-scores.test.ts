import { describe, expect, it } from 'vitest';
import { classScores } from '../../../src/core/consistency/class-scores';

/** Three classes at two shifts: the first is the unshifted image's. */
function scoresOf(...outputs: readonly (readonly number[])[]) {
  const tile = Float32Array.from(outputs.flat());
  const { meaning, top, unshifted } = classScores({ name: 'y', period: [1, 2], step: [1, 1], values: 3, tile });
  const rounded = (values: Float32Array): number[] => [...values].map((value) => Number(value.toFixed(4)));
  return { meaning, top: rounded(top), unshifted: rounded(unshifted) };
}

describe('scores of the classes', () => {
  it('are probabilities where they sum to 1', () => {
    expect(scoresOf([0.7, 0.2, 0.1], [0.3, 0.1, 0.6])).toEqual({ meaning: 'probability', top: [0.7, 0.6], unshifted: [0.7, 0.3] });
  });

  it('are shares of their own where they lie in 0 to 1', () => {
    expect(scoresOf([0.2, 0.9, 0.8], [0.7, 0.6, 0.1])).toEqual({ meaning: 'share', top: [0.9, 0.7], unshifted: [0.9, 0.6] });
  });

  it('are the softmax of anything else, however large', () => {
    const [e, sum] = [Math.E, Math.E + 2];
    expect(scoresOf([5, 4, 4], [-1, -1, 0])).toEqual({
      meaning: 'softmax',
      top: [e / sum, e / sum].map((value) => Number(value.toFixed(4))),
      unshifted: [Number((e / sum).toFixed(4)), Number((1 / sum).toFixed(4))],
    });
    expect(scoresOf([900, 0, 0], [0, 900, 0])).toEqual({ meaning: 'softmax', top: [1, 1], unshifted: [1, 0] });
  });
});
