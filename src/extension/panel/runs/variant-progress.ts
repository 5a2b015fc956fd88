import { t } from '@vscode/l10n';
import type { VariantFollowers } from '../../../engine/host/studies/variants';
import type { RunProgress } from './progress';

/** What a run over fixed copies of a model will do. */
export interface VariantWork {
  /** Copies that it will measure, the model as it is among them. */
  readonly measured: number;
  /** Copies whose weights it will recover. */
  readonly recovered: number;
}

/** Work of a recovery, in measured copies: it runs two models on many images where a measurement runs one on an input. */
const recoveryWork = 4;

/** Follows the calls of a run, which come one after another, and tells which share of the whole is done. */
export function variantFollowers(progress: RunProgress, { measured, recovered }: VariantWork): VariantFollowers {
  const all = measured + recoveryWork * recovered;
  let begun = 0;
  /** Takes the next part of the work; what it answers tells how far that part is. */
  const part = (work: number): ((done: number, backend?: string, step?: string) => void) => {
    const before = begun;
    begun += work;
    return (done, backend, step) => {
      progress.report((before + done * work) / all, backend, step);
    };
  };
  return {
    measuring: (variants) => {
      const report = part(variants);
      return {
        signal: progress.signal,
        onProgress: (told) => {
          if (told.kind === 'started') report(0, told.backend);
          else report(told.done, undefined, told.label);
        },
      };
    },
    recovering: (label) => {
      const report = part(recoveryWork);
      const step = t`recovering ${label}`;
      report(0, undefined, step);
      return {
        signal: progress.signal,
        onProgress: ({ done }) => {
          report(done, undefined, step);
        },
      };
    },
  };
}
