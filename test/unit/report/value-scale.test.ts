import { describe, expect, it } from 'vitest';
import { positionOn, sameScale, scaleMarks, valueScale } from '../../../src/core/report/value-scale';

describe('the colour scale', () => {
  it('is the same for every model unless it is stretched', () => {
    expect([valueScale('linear', 0.2), valueScale('linear', 0.99)].map(({ low }) => low)).toEqual([0.5, 0.5]);
    expect(valueScale('log', 0.2)).toEqual({ kind: 'log', low: 0.5 });
    expect(valueScale('stretch', 0.8)).toEqual({ kind: 'linear', low: 0.8 });
  });

  it('never spans less than what 32-bit arithmetic leaves', () => {
    expect(valueScale('stretch', 0.9999999)).toEqual({ kind: 'linear', low: 0.999 });
  });

  it.each([
    ['linear', 0.5, 0],
    ['linear', 0.75, 0.5],
    ['linear', 0.999, 0.998],
    ['linear', 1, 1],
    ['linear', 0.1, 0],
    ['linear', 1.0000001, 1],
    // A tenth of the distance is one of as many equal steps.
    ['log', 0.5, 0],
    ['log', 0.95, 1 / Math.log10(5000)],
    ['log', 0.995, 2 / Math.log10(5000)],
    ['log', 0.9999, 1],
    ['log', 1, 1],
    ['log', 1.0000001, 1],
    ['log', -0.3, 0],
  ] as const)('%s: %d lies at %d', (choice, value, place) => {
    expect(positionOn(valueScale(choice, 1), value)).toBeCloseTo(place, 9);
  });

  it('has no place for what is no number', () => {
    expect(positionOn(valueScale('linear', 1), NaN)).toBeNaN();
    expect(positionOn(valueScale('log', 1), NaN)).toBeNaN();
  });

  it.each(['linear', 'log', 'stretch'] as const)('%s: marks rise from its low end to 1', (choice) => {
    const scale = valueScale(choice, 0.3);
    const places = scaleMarks(scale).map((mark) => positionOn(scale, mark));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect([places[0], places.at(-1)]).toEqual([0, 1]);
  });

  it('is another where its kind or its low end is', () => {
    const scale = valueScale('linear', 1);
    expect(sameScale(scale, valueScale('stretch', 0.5))).toBe(true);
    expect(sameScale(scale, valueScale('stretch', 0.4))).toBe(false);
    expect(sameScale(scale, valueScale('log', 1))).toBe(false);
    expect(sameScale(scale, undefined)).toBe(false);
  });
});
