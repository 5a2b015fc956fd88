import type { UnitFacts } from './partition';
import type { Value, Names } from '../values/value';

/**
 * Names that the module binds more than once outside of the pieces. A function sees the last value, whenever it is called; a
 * statement of the module sees the one of its place in the source.
 */
export class Surroundings {
  private readonly history = new Map<string, { readonly from: number; readonly value: Value | undefined }[]>();

  constructor(private readonly rebound: ReadonlyMap<string, readonly number[]>) {}

  /** How often each of the names that a statement reads has been bound before it: part of what it depends on. */
  stateBefore({ definition, words, unit }: UnitFacts): string {
    if (definition !== null || this.rebound.size === 0) return '';
    const read = [...this.rebound].filter(([name]) => words.has(name));
    return read.map(([name, offsets]) => `${name}${offsets.filter((offset) => offset < unit.base).length}`).join();
  }

  /** Notes what a unit outside of the pieces has bound. */
  record(facts: UnitFacts, scope: Names): void {
    for (const name of facts.binds.assigned) {
      if (!this.rebound.has(name)) continue;
      const values = this.history.get(name) ?? [];
      values.push({ from: facts.unit.base, value: scope.get(name) });
      this.history.set(name, values);
    }
  }

  /** Runs a statement with the names as they stood at its place. */
  around({ words, unit }: UnitFacts, scope: Names, run: () => void): void {
    const set: (readonly [name: string, value: Value])[] = [];
    for (const [name, values] of this.history) {
      const value = words.has(name) ? values.filter(({ from }) => from < unit.base).at(-1)?.value : undefined;
      if (value === undefined || scope.has(name)) continue;
      scope.set(name, value);
      set.push([name, value]);
    }
    run();
    for (const [name, value] of set) if (scope.get(name) === value) scope.remove(name);
  }
}
