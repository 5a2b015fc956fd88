import { codeLimits } from '../../core/limits';
import type { Catalogue } from '../frameworks/catalogue';
import type { Program } from '../program/program';
import { Deadline, untilStopped } from '../program/stop';
import { runStatements } from './interpreter/statements';
import type { Modules } from './modules';
import { fullPurses, type LanguageTraits } from './run';
import { startRun } from './start-run';
import type { PlacedSource } from './values/offset-space';
import type { Scope } from './values/scope';
import { functionOfUnit, type Frame } from './values/value';

/** What running a module needs besides its program. */
export interface ModuleParts {
  readonly traits: LanguageTraits;
  readonly catalogue: Catalogue;
  readonly modules: Modules;
  /** Takes the libraries of which the module imports everything. */
  readonly wildcards: Set<string>;
}

/** Runs the statements of a module that another file imports, for the names that they bind; its functions run when they are called. */
export function runImported({ units }: Program, source: PlacedSource, scope: Scope, parts: ModuleParts): void {
  const { traits, catalogue, modules, wildcards } = parts;
  const run = startRun({
    traits,
    source: '',
    wildcards,
    imported: new Set(),
    frameworks: [],
    tensorMethods: new Map(),
    left: fullPurses(),
    deadline: new Deadline(codeLimits.milliseconds),
    modules,
    find: (path) => catalogue.find(path),
  });
  // What runs only as a script is not what an import sees.
  scope.set('__name__', { kind: 'string', value: source.file });
  for (const module of units.slice(0, codeLimits.statements)) {
    const { functionName } = module;
    const unit = { ...module, base: module.base + source.origin };
    if (functionName !== null) {
      scope.set(functionName, functionOfUnit(unit, functionName, scope, unit.base, null));
      continue;
    }
    const frame: Frame = { scope, base: unit.base, receiver: null, owner: null, call: null, caller: null, definer: null, result: null };
    // A statement that cannot be followed leaves the names of the others as they are.
    untilStopped(() => runStatements(run, frame, unit.lower()));
  }
}
