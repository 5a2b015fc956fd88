import { parseArgs } from 'node:util';
import { printAsIs, printJson } from './print';

/** One word of the command line: `shiftlint lint …`. */
export interface Command {
  readonly name: string;
  /** Arguments as shown in the help. */
  readonly usage: string;
  readonly summary: string;
  /** True where it takes the options of the engine. */
  readonly runsModels?: true;
  /** @returns the exit code. @throws UsageError, ModelError or EngineError */
  run(words: readonly string[]): Promise<number>;
}

/** The call itself is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option as a command declares it. */
export interface OptionDeclaration {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
}

/** Options and file names as typed. Absent options are undefined, false or empty. */
export interface ParsedWords {
  readonly positionals: readonly string[];
  text(option: string): string | undefined;
  flag(option: string): boolean;
  list(option: string): readonly string[];
}

/** Parses a command's words; unknown options become a UsageError instead of a stack trace. */
export function parseWords(words: readonly string[], options: Readonly<Record<string, OptionDeclaration>>): ParsedWords {
  const { values, positionals } = parse(words, options);
  return {
    positionals,
    text: (option) => {
      const value = values[option];
      return typeof value === 'string' ? value : undefined;
    },
    flag: (option) => values[option] === true,
    list: (option) => [values[option] ?? []].flat().filter((value) => typeof value === 'string'),
  };
}

function parse(words: readonly string[], options: Readonly<Record<string, OptionDeclaration>>) {
  try {
    return parseArgs({ args: [...words], options: { ...options }, allowPositionals: true, strict: true });
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

/** A whole number option. @throws UsageError for anything else, or less than `least` */
export function wholeNumber(parsed: ParsedWords, option: string, missing: number, least: number): number {
  const text = parsed.text(option);
  const value = text === undefined ? missing : Number(text);
  if (!/^\d{1,9}$/.test(text ?? '0') || value < least)
    throw new UsageError(`--${option} takes a whole number from ${least} on, not "${text ?? ''}".`);
  return value;
}

/** How commands that measure print: for people, or with one of these options for programs. */
export const reportOptions = { json: { type: 'boolean' }, csv: { type: 'boolean' } } as const satisfies Readonly<
  Record<string, OptionDeclaration>
>;

export const reportUsage = '[--json|--csv]';

/** Prints a report in the form that was asked for. */
export function printReport<Report>(
  parsed: ParsedWords,
  report: Report,
  csv: (report: Report) => string,
  text: (report: Report) => void,
): void {
  if (parsed.flag('json')) printJson(report);
  else if (parsed.flag('csv')) printAsIs(csv(report));
  else text(report);
}
