import type { Unit } from '../program/program';
import type { BoundNames } from './bound-names';

/** A unit and what its text tells about it. */
export interface UnitFacts {
  readonly unit: Unit;
  /** Name of the function or class that it defines, which runs only when it is called. */
  readonly definition: string | null;
  readonly binds: BoundNames;
  readonly imports: boolean;
  readonly words: ReadonlySet<string>;
}

/** A program in pieces that can be evaluated, and kept, one by one. */
export interface Partition {
  /** What leads to no layer: imports, constants, other functions. Every piece sees its names. */
  readonly base: readonly UnitFacts[];
  /** Units that lead to layers; what mentions each other is in one piece. In the order of the source. */
  readonly pieces: readonly (readonly UnitFacts[])[];
}

/** @param layerWords last parts of the names that window layers are imported and called by */
export function partition(units: readonly UnitFacts[], layerWords: ReadonlySet<string>): Partition {
  const imported = new Set(units.flatMap(({ imports, binds }) => (imports ? binds.assigned : [])));
  const namesOf = new Map(units.map((facts) => [facts, [...facts.binds.assigned, ...facts.binds.changed.filter((name) => !imported.has(name))]]));
  const relevant = relevantUnits(units, namesOf, layerWords);
  const base = units.filter((facts) => !relevant.has(facts));
  if (depends(base, relevant)) return { base: [], pieces: [units] };
  return { base, pieces: connected(units.filter((facts) => relevant.has(facts)), namesOf) };
}

/** Units that mention a layer, or a name of a unit that does. */
function relevantUnits(units: readonly UnitFacts[], namesOf: ReadonlyMap<UnitFacts, readonly string[]>, layerWords: ReadonlySet<string>): ReadonlySet<UnitFacts> {
  const mentioning = new Map<string, UnitFacts[]>();
  for (const facts of units) {
    for (const word of facts.words) {
      const known = mentioning.get(word);
      if (known === undefined) mentioning.set(word, [facts]);
      else known.push(facts);
    }
  }
  const relevant = new Set<UnitFacts>();
  const seen = new Set(layerWords);
  const queue = [...layerWords];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const facts of mentioning.get(name) ?? []) {
      // An import that names a layer is for all pieces.
      if (relevant.has(facts) || facts.imports) continue;
      relevant.add(facts);
      for (const own of namesOf.get(facts) ?? []) {
        if (seen.has(own)) continue;
        seen.add(own);
        queue.push(own);
      }
    }
  }
  return relevant;
}

/** True where a statement that leads to a layer runs between two bindings of one of its names: then order matters. */
function depends(base: readonly UnitFacts[], relevant: ReadonlySet<UnitFacts>): boolean {
  const bindings = new Map<string, number>();
  for (const { binds } of base) for (const name of new Set(binds.assigned)) bindings.set(name, (bindings.get(name) ?? 0) + 1);
  const rebound = new Set([...bindings].flatMap(([name, count]) => (count > 1 ? [name] : [])));
  if (rebound.size === 0) return false;
  return [...relevant].some(({ words, definition }) => definition === null && [...rebound].some((name) => words.has(name)));
}

function connected(units: readonly UnitFacts[], namesOf: ReadonlyMap<UnitFacts, readonly string[]>): UnitFacts[][] {
  const parents = units.map((_, index) => index);
  const find = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root] ?? root;
    parents[index] = root;
    return root;
  };
  const owners = new Map<string, number>();
  units.forEach((facts, index) => {
    for (const name of namesOf.get(facts) ?? []) {
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, index);
      else parents[find(index)] = find(owner);
    }
  });
  units.forEach(({ words }, index) => {
    for (const word of words) {
      const owner = owners.get(word);
      if (owner !== undefined) parents[find(index)] = find(owner);
    }
  });
  const pieces = new Map<number, UnitFacts[]>();
  units.forEach((facts, index) => {
    const root = find(index);
    pieces.set(root, [...(pieces.get(root) ?? []), facts]);
  });
  return [...pieces.values()];
}
