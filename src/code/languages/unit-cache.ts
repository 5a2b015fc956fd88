import type { Statement, Unit } from '../program/program';

/**
 * Lowered statements by the text they came from: an edit then lowers the functions that it touches and no others. Texts that
 * one lint does not ask for are dropped at its end.
 */
export class UnitCache {
  private kept = new Map<string, readonly Statement[]>();
  private used = new Map<string, readonly Statement[]>();

  /** A unit that is lowered when first asked for. `lower` must give positions relative to `base`. */
  unit(base: number, text: string, functionName: string | null, lower: () => readonly Statement[]): Unit {
    return {
      base,
      text,
      functionName,
      lower: () => {
        const known = this.used.get(text) ?? this.kept.get(text);
        const statements = known ?? lower();
        this.used.set(text, statements);
        return statements;
      },
    };
  }

  /** Ends one lint: what it did not use is forgotten. */
  endRound(): void {
    this.kept = this.used;
    this.used = new Map();
  }
}
