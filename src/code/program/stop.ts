import { t } from '@vscode/l10n';
import { codeLimits } from '../../core/limits';

/**
 * Ends the judging of a part of a program that asks for more than judging may cost. What was seen of it until then counts, and the reader
 * is told, so that what was not looked at is never taken for clean.
 */
export class JudgingStopped extends Error {
  override readonly name = 'JudgingStopped';
  /** @param reason a clause: `its expressions are nested too deeply` */
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** Why judging stopped, and where in the source the part begins that was not judged whole. */
export interface Stop {
  readonly offset: number;
  readonly reason: string;
}

/** Ends what makes a list too long, before it is made. @throws JudgingStopped */
export function requireItems(count: number): void {
  if (count > codeLimits.items) throw new JudgingStopped(t`it makes a list of more than ${codeLimits.items} items`);
}

/** Ends what makes a text too long, before it is made. @throws JudgingStopped */
export function requireLength(characters: number): void {
  if (characters > codeLimits.textLength) throw new JudgingStopped(t`it makes a text of more than ${codeLimits.textLength} characters`);
}

/** Something that more than one part of evaluating has to say. */
export const tooDeep = t('it is nested too deeply, or refers to itself');

/**
 * Does a part of the work, or as much of it as may be done.
 *
 * @returns why it stopped; undefined where it came to its end
 */
export function untilStopped(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof JudgingStopped) return error.reason;
    // Every recursion of the interpreter is bounded by what it walks, and that may refer to itself.
    if (error instanceof RangeError && error.message.includes('call stack')) return tooDeep;
    throw error;
  }
}

/** Part of a deadline in which the time of the processor is not looked at. */
const unwatched = 1 / 8;

/**
 * A time by which work has to end. On a busy machine time passes in which nothing is worked: the time of the processor has to be spent too.
 * Asking the system for that can take as long as parsing a small file does, so that only what takes long is asked about.
 */
export class Deadline {
  private readonly start = Date.now();
  private usedBefore: number | undefined;

  constructor(private readonly milliseconds: number) {}

  get hasPassed(): boolean {
    const elapsed = Date.now() - this.start;
    if (elapsed <= this.milliseconds * unwatched) return false;
    this.usedBefore ??= processorMs();
    return elapsed > this.milliseconds && processorMs() - this.usedBefore > this.milliseconds * (1 - unwatched);
  }
}

/** Milliseconds of processors that this process has used. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
