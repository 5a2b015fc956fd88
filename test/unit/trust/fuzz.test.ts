import { describe, expect, it } from 'vitest';
import { allSurfaces, runCase } from '../../fuzz/cases';
import { root } from '../cli/command-line';

/** A small part of what `npm run fuzz` does, the same in every run; code costs the most. */
const casesOf = (surface: string): number => (/python|javascript/.test(surface) ? 8 : 40);

const surfaces = await allSurfaces(root, []);

describe('mutated input ends in nothing but typed errors', () => {
  it.each(surfaces.map((surface) => [surface.name, surface] as const))('%s', async (name, surface) => {
    for (let seed = 0; seed < casesOf(name); seed++) {
      const end = await runCase(surface, seed);
      expect(end.kind, `seed ${seed}: ${end.kind === 'untyped' ? end.stack : ''}`).not.toBe('untyped');
    }
  });

  it('the same seed makes the same case', async () => {
    const { Random } = await import('../../fuzz/random');
    const draw = (): number[] => {
      const random = new Random(7);
      return [random.next(), random.next()];
    };
    expect(draw()).toEqual(draw());
  });
});
