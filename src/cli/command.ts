import { parseArgs, type ParseArgsConfig } from 'node:util';

/** One word of the command line: `shiftlint lint …`. */
export interface Command {
  readonly name: string;
  /** Arguments as shown in the help. */
  readonly usage: string;
  readonly summary: string;
  /** @returns the exit code. @throws UsageError, ModelError or EngineError */
  run(words: readonly string[]): Promise<number>;
}

/** The call itself is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Parses a command's words; unknown options become a UsageError instead of a stack trace. */
export function parseWords<T extends NonNullable<ParseArgsConfig['options']>>(words: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The single file that a command works on. @throws UsageError */
export function singleFile(positionals: readonly string[]): string {
  const [file, ...others] = positionals;
  if (file === undefined) throw new UsageError('Name a model file.');
  if (others.length > 0) throw new UsageError(`One model file at a time: "${others.join('", "')}" is too many.`);
  return file;
}

/** Prints a report for scripts. */
export function printJson(report: unknown): void {
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}
