import type { Engine } from '../../runtimes/engine';

/**
 * An engine that tells again what was to be said as its models were opened and ran before: a model that is kept is not lowered a second
 * time, and lacks the same kernels as ever.
 */
export function retellingEngine(engine: Engine): Engine {
  const told = new Set<string>();
  return {
    get backend() {
      return engine.backend;
    },
    get threads() {
      return engine.threads;
    },
    get hasFallenBack() {
      return engine.hasFallenBack === true;
    },
    notesOfRun: () => {
      for (const note of engine.notesOfRun()) told.add(note);
      return [...told];
    },
    openCircular: (model, plan, beside) => engine.openCircular(model, plan, beside),
    run: (model, feeds) => engine.run(model, feeds),
  };
}
