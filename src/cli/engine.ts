import path from 'node:path';
import { EngineClient } from '../engine/host/client';
import type { ShareDone } from '../engine/protocol/measuring';
import { engineEnvironment } from './engine-options';
import { showStep } from './print';

/** What a command grants the engine process. */
export const memoryBudgetBytes = 1 << 30;

/** The engine process beside the bundled command line; the caller disposes it. */
export function startEngine(): EngineClient {
  return new EngineClient({ modulePath: path.join(__dirname, 'engine.js'), environment: engineEnvironment });
}

/**
 * Follows a call by a line that rewrites itself on a terminal until the call has ended; silent where standard error is a file. Variants
 * are called by their own names.
 */
export async function showingProgress<Result>(
  label: string,
  call: (onProgress: (progress: ShareDone | { readonly kind: 'started' | 'heatmap' | 'row' }) => void) => Promise<Result>,
): Promise<Result> {
  const show = (text: string): void => {
    if (process.stderr.isTTY) showStep(text);
  };
  try {
    return await call((progress) => {
      if (progress.kind === 'share')
        show(`${progress.label === undefined ? label : `${progress.label}:`} ${Math.round(progress.done * 100)} %`);
    });
  } finally {
    show('');
  }
}
