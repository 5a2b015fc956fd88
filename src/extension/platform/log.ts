import type * as vscode from 'vscode';
import { logText } from './shown-text';

/** What of the output channel is used here. */
export type OutputChannel = Pick<vscode.LogOutputChannel, 'debug' | 'info' | 'warn' | 'error'> & { show(): void };

/** The lines of the output channel `Shiftlint`. Whatever a name in them would make a viewer or a terminal do is written out. */
export class Log {
  constructor(private readonly channel: OutputChannel) {}

  debug(message: string): void {
    this.channel.debug(logText(message));
  }

  info(message: string): void {
    this.channel.info(logText(message));
  }

  warn(message: string, cause?: unknown): void {
    this.channel.warn(withCause(message, cause));
  }

  /** @param cause what was thrown, told with its stack */
  error(message: string, cause?: unknown): void {
    this.channel.error(withCause(message, cause));
  }

  show(): void {
    this.channel.show();
  }
}

function withCause(message: string, cause: unknown): string {
  const told =
    cause === undefined ? [] : [stackOf(cause), ...(cause instanceof Error && cause.cause !== undefined ? [stackOf(cause.cause)] : [])];
  return logText([message, ...told].join('\n'));
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
