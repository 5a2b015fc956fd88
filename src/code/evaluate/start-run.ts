import type { Run } from './run';
import { Repeats } from './values/repeats';

/** What a run does not begin empty with. */
export type RunStart = Pick<
  Run,
  'traits' | 'source' | 'wildcards' | 'imported' | 'tensorMethods' | 'frameworks' | 'left' | 'deadline' | 'modules' | 'find'
>;

/** A run that has seen nothing yet. */
export function startRun(start: RunStart): Run {
  return {
    sites: new Map(),
    slices: new Map(),
    cases: 0,
    activationReaders: new Map(),
    instances: [],
    built: new Map(),
    idle: 0,
    functions: [],
    executed: new Set(),
    entries: new Map(),
    active: [],
    repeats: new Repeats(),
    otherWays: [],
    seenOtherWays: new Set(),
    otherArgument: null,
    payer: 'document',
    untilLook: 0,
    depth: 0,
    cut: null,
    ...start,
  };
}
