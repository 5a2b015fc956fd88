import type { AdapterResult } from './adapter';
import type { Engine } from '../engine';
import { GpuTrust } from './gpu-trust';
import { GuardedModel } from './guarded-model';

/** An engine on a graphics card. */
export interface GpuEngine extends Engine {
  /** The card, as shown to people. */
  readonly adapter: string;
}

/** An engine on a graphics card, or why there is none. */
export type GpuEngineResult = { readonly ok: true; readonly engine: GpuEngine } | Extract<AdapterResult, { readonly ok: false }>;

/**
 * The engine of one call: models run on a graphics card until it fails or differs from the processor, and on the processor from then on.
 * Single runs of unchanged models stay on the processor: they prove that a file loads in its own runtime.
 */
export function guardedEngine(gpu: GpuEngine, processor: Engine): Engine {
  const trust = new GpuTrust(gpu.adapter);
  return {
    get backend() {
      return trust.lost ? processor.backend : gpu.backend;
    },
    get threads() {
      return trust.lost ? processor.threads : gpu.threads;
    },
    get hasFallenBack() {
      return trust.lost;
    },
    notesOfRun: () => [...new Set([...trust.takeNotes(), ...gpu.notesOfRun(), ...processor.notesOfRun()])],
    async openCircular(model, plan, beside) {
      const other = beside instanceof GuardedModel ? await beside.replacement : beside;
      const onGpu = trust.lost
        ? undefined
        : await gpu.openCircular(model, plan).catch((error: unknown) => {
            trust.lose({ kind: 'failed', error });
            return undefined;
          });
      if (onGpu === undefined) return processor.openCircular(model, plan, other);
      const onProcessor = {
        compare: () => (processor.openBriefly ?? processor.openCircular)(model, plan),
        replace: () => processor.openCircular(model, plan, other),
      };
      return new GuardedModel(onGpu, onProcessor, plan, trust);
    },
    run: (model, feeds) => processor.run(model, feeds),
  };
}

/** An engine that says why it is not the one that was asked for. */
export function withNote(engine: Engine, note: string): Engine {
  let untold: readonly string[] = [note];
  return {
    backend: engine.backend,
    threads: engine.threads,
    notesOfRun: () => {
      const notes = [...untold, ...engine.notesOfRun()];
      untold = [];
      return notes;
    },
    openCircular: (model, plan, beside) => engine.openCircular(model, plan, beside),
    run: (model, feeds) => engine.run(model, feeds),
  };
}
