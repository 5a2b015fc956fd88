import path from 'node:path';
import { EngineClient } from '../engine/host/client';
import type { EngineEvent } from '../engine/protocol/protocol';

/** What a command grants the engine process. */
export const memoryBudgetBytes = 1 << 30;

/** The engine process beside the bundled command line; the caller disposes it. */
export function startEngine(): EngineClient {
  return new EngineClient({ modulePath: path.join(__dirname, 'engine.js') });
}

/** Follows a request by a line that rewrites itself on a terminal; silent where standard error is a file. Variants are called by their own names. */
export function showProgress(label: string): (event: EngineEvent) => void {
  return (event) => {
    if (process.stderr.isTTY && event.kind === 'progress')
      process.stderr.write(`\r\u001b[K${event.label === undefined ? label : `${event.label}:`} ${Math.round(event.done * 100)} %`);
    if (
      event.kind === 'measured' ||
      event.kind === 'deployed' ||
      event.kind === 'features' ||
      event.kind === 'classified' ||
      event.kind === 'variants'
    )
      clearProgress();
  };
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}
