import type { ImportBinding } from '../../program/program';
import type { Run } from '../run';
import { join, unknown, type Frame, type Value } from '../values/value';

/** Binds a name to what it is imported from; what that is in the workspace is looked up when it is read. */
export function importName({ modules, wildcards }: Run, { scope, base }: Frame, { local, path }: ImportBinding): void {
  const from = modules?.fileAt(base);
  if (local === '*') {
    const all = from === undefined ? undefined : modules?.all(path, from);
    if (all === undefined) wildcards.add(path);
    else for (const [name, value] of all) scope.set(name, value);
  } else if (path === '') scope.set(local, unknown);
  else scope.set(local, from === undefined ? { kind: 'symbol', path } : { kind: 'symbol', path, from });
}

/** What an imported name stands for: the value that a file of the workspace gives it, or itself. Tables go before it. */
export function settled(run: Run, value: Value): Value {
  if (value.kind === 'union')
    return value.values.some(({ kind }) => kind === 'symbol') ? value.values.map((one) => settled(run, one)).reduce(join) : value;
  if (value.kind !== 'symbol' || value.from === undefined || run.modules === null) return value;
  if (run.find(value.path) !== undefined) return value;
  return run.modules.find(value.path, value.from) ?? value;
}
