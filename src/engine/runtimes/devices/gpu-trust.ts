import { t } from '@vscode/l10n';

/** Why a graphics card is given up. */
export type Loss =
  /** A call of the runtime failed: out of memory, a lost device, an operator that it lacks. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** What it gave is so far from what the processor gives. */
  | { readonly kind: 'differs'; readonly difference: number };

/** Longer causes are cut: what matters stands first. */
const longestCause = 200;

/** Whether the graphics card is used for a call of the engine, and what is said where it is given up on the way. */
export class GpuTrust {
  private note: string | undefined;
  private told = false;

  /** @param adapter as shown to people */
  constructor(private readonly adapter: string) {}

  /** True from the first failure on: the processor does the rest. */
  get lost(): boolean {
    return this.note !== undefined;
  }

  /** Only the first loss is told. */
  lose(loss: Loss): void {
    this.note ??= t`The graphics card (${this.adapter}) was given up, and the processor did the work: ${causeOf(loss)}.`;
  }

  /** The note, once. */
  takeNotes(): readonly string[] {
    if (this.note === undefined || this.told) return [];
    this.told = true;
    return [this.note];
  }
}

function causeOf(loss: Loss): string {
  if (loss.kind === 'differs') {
    return Number.isFinite(loss.difference)
      ? t`values that it gave are off by ${loss.difference.toPrecision(2)}, relative to those of the processor`
      : t('values that it gave are no numbers, unlike those of the processor');
  }
  return plainCause(loss.error);
}

/** The first sentence of what went wrong, as a clause. */
export function plainCause(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  if (/out of memory|OutOfMemory|allocation failed/i.test(text)) return t('it has not enough memory');
  if (/device.*\blost\b/i.test(text)) return t('the connection to it was lost');
  const [first = ''] = text.split(/(?<=[^.\d])\.(?= [A-Z]|$)/, 1);
  const cause = first.replace(/[.:]$/, '');
  return cause.length > longestCause ? `${cause.slice(0, longestCause)}…` : cause;
}
