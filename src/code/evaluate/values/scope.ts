import { join, type Names, type Value } from './value';

/** Names that are bound while the program runs. */
export class Scope implements Names {
  private names = new Map<string, Value>();

  constructor(private readonly parent: Names | null = null) {}

  get(name: string): Value | undefined {
    return this.names.get(name) ?? this.parent?.get(name);
  }

  values(): Iterable<Value> {
    return this.names.values();
  }

  entries(): Iterable<readonly [name: string, value: Value]> {
    return this.names;
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  get size(): number {
    return this.names.size;
  }

  remove(name: string): void {
    this.names.delete(name);
  }

  set(name: string, value: Value): void {
    this.names.set(name, value);
  }

  branch(branches: readonly (() => boolean)[]): boolean {
    const start = this.names;
    const ends: Map<string, Value>[] = [];
    for (const run of branches) {
      this.names = new Map(start);
      if (run()) ends.push(this.names);
    }
    const [first, ...others] = ends;
    this.names = first ?? start;
    for (const end of others) this.joinWith(end, start);
    return first !== undefined;
  }

  private joinWith(other: ReadonlyMap<string, Value>, start: ReadonlyMap<string, Value>): void {
    for (const name of new Set([...this.names.keys(), ...other.keys()])) {
      const [a, b] = [this.names.get(name), other.get(name)];
      if (a === b) continue;
      const before = start.get(name);
      const values = [a ?? before, b ?? before].filter((value) => value !== undefined);
      this.names.set(name, values.reduce(join));
    }
  }
}
