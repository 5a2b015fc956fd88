import type { Statement, Unit } from '../../program/program';
import type { BoundNames } from './bound-names';

/** A unit and what it defines or binds. */
export interface UnitBindings {
  readonly unit: Unit;
  /** Name of the function or class that it defines, which runs only when it is called. */
  readonly definition: string | null;
  readonly binds: BoundNames;
  /** Of units that are no definition: they run with the module. */
  readonly statements: readonly Statement[];
}

/** A unit and what its text tells about it. */
export interface UnitFacts extends UnitBindings {
  /** Names of the module that it mentions. */
  readonly words: ReadonlySet<string>;
  /** True where it mentions a window layer. */
  readonly mentionsLayer: boolean;
}

/** A program in pieces that can be evaluated, and kept, one by one. */
export interface Partition {
  /** Names that the base binds to one thing after another, with the offsets of the units that do. */
  readonly rebound: ReadonlyMap<string, readonly number[]>;
  /** What leads to no layer: imports, constants, other functions. Every piece sees its names. */
  readonly base: readonly UnitFacts[];
  /** Units that lead to layers; what mentions each other is in one piece. In the order of the source. */
  readonly pieces: readonly (readonly UnitFacts[])[];
}

/** Divides the units of a program. */
export function partition(units: readonly UnitFacts[]): Partition {
  const imported = new Set(units.flatMap((facts) => (isImport(facts) ? facts.binds.assigned : [])));
  const namesOf = new Map(
    units.map((facts) => [facts, [...facts.binds.assigned, ...facts.binds.changed.filter((name) => !imported.has(name))]]),
  );
  const relevant = relevantUnits(units, namesOf);
  const base = units.filter((facts) => !relevant.has(facts));
  return {
    base,
    rebound: reboundNames(base),
    pieces: connected(
      units.filter((facts) => relevant.has(facts)),
      namesOf,
    ),
  };
}

function isImport({ statements }: UnitFacts): boolean {
  return statements.length > 0 && statements.every(({ kind }) => kind === 'import');
}

/** Units that mention a layer, or a name of a unit that does. */
function relevantUnits(units: readonly UnitFacts[], namesOf: ReadonlyMap<UnitFacts, readonly string[]>): ReadonlySet<UnitFacts> {
  const mentioning = new Map<string, UnitFacts[]>();
  for (const facts of units) {
    for (const word of facts.words) {
      const known = mentioning.get(word);
      if (known === undefined) mentioning.set(word, [facts]);
      else known.push(facts);
    }
  }
  const relevant = new Set<UnitFacts>();
  const seen = new Set<string>();
  // An import that names a layer is for all pieces.
  const queue = units.filter((facts) => facts.mentionsLayer && !isImport(facts));
  for (let facts = queue.pop(); facts !== undefined; facts = queue.pop()) {
    if (relevant.has(facts)) continue;
    relevant.add(facts);
    for (const name of namesOf.get(facts) ?? []) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const other of mentioning.get(name) ?? []) if (!isImport(other)) queue.push(other);
    }
  }
  return relevant;
}

function reboundNames(base: readonly UnitFacts[]): ReadonlyMap<string, readonly number[]> {
  const meanings = new Map<string, Set<string>>();
  const offsets = new Map<string, number[]>();
  for (const facts of base) {
    for (const [name, meaning] of meaningsOf(facts)) {
      meanings.set(name, (meanings.get(name) ?? new Set()).add(meaning));
      const known = offsets.get(name);
      if (known === undefined) offsets.set(name, [facts.unit.base]);
      else known.push(facts.unit.base);
    }
  }
  return new Map([...offsets].filter(([name]) => (meanings.get(name)?.size ?? 0) > 1));
}

/** What a unit's names stand for; an import that is repeated binds nothing new. */
function meaningsOf({ statements, binds, unit }: UnitFacts): readonly (readonly [name: string, meaning: string])[] {
  const [first] = statements;
  if (statements.length === 1 && first?.kind === 'import') return first.bindings.map(({ local, path }) => [local, path]);
  return binds.assigned.map((name) => [name, `${unit.base}`]);
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
    const known = pieces.get(root);
    if (known === undefined) pieces.set(root, [facts]);
    else known.push(facts);
  });
  return [...pieces.values()];
}
