/** Operators, or their records, by name. @throws Error where a name stands twice: only one of the two would ever be asked */
export function byName<T extends { readonly names: readonly string[] }>(records: readonly T[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const record of records) {
    for (const name of record.names) {
      if (found.has(name)) throw new Error(`The operator ${name} is registered twice.`);
      found.set(name, record);
    }
  }
  return found;
}
