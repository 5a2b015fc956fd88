/**
 * Hands out names that nothing has, and keeps each for whoever asked. A name is free where it is not taken and no taken name
 * extends it by a suffix that starts with `_`, since whoever gets it may do so.
 */
export class FreeNames {
  /** In the order of strings, so that all extensions of a name stand together. */
  private readonly taken: readonly string[];
  private readonly given: string[] = [];

  constructor(names: Iterable<string>) {
    this.taken = [...names].sort();
  }

  /** @param copyOf another name for the same, from the first copy on; each is tried until one is free */
  take(wanted: string, copyOf: (copy: number) => string): string {
    let name = wanted;
    for (let copy = 1; has(this.taken, name) || has(this.given, name); copy++) name = copyOf(copy);
    this.given.splice(firstFrom(this.given, name), 0, name);
    return name;
  }
}

function has(sorted: readonly string[], name: string): boolean {
  const extension = `${name}_`;
  return sorted[firstFrom(sorted, name)] === name || sorted[firstFrom(sorted, extension)]?.startsWith(extension) === true;
}

/** Index of the first entry that is not before `name`. */
function firstFrom(sorted: readonly string[], name: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
