import { asModelError, type ModelError } from '../core/model-error';
import { printTrace } from './print';
import { EngineError } from '../engine/protocol/engine-error';

/** The option that every command takes: where an error comes from in Shiftlint, on standard error. */
export const debugOption = '--debug';

let debugs = false;

/** The words without `--debug`, which from now on counts. */
export function withoutDebugOption(words: readonly string[]): readonly string[] {
  debugs = words.includes(debugOption);
  return words.filter((word) => word !== debugOption);
}

/** True where that was asked for. */
export function isDebugging(): boolean {
  return debugs;
}

/** One error for whatever was thrown while a file was worked on; its stack goes to standard error where it was asked for. */
export function failureOf(error: unknown, file: string): ModelError {
  if (debugs) showStack(error);
  return asModelError(error, file);
}

/** What is said of whatever ended a command. */
export function failureText(error: unknown, command: string): string {
  const { message } = failureOf(error, command);
  return error instanceof EngineError ? error.message : message;
}

function showStack(error: unknown): void {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  printTrace(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
}
