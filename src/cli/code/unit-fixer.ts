import type { FixContext, FixOutcome } from '../../code/finding';
import type { NotebookCell } from '../../code/notebooks/notebook';
import { joinCells } from '../../code/notebooks/notebook';
import type { CodeLanguage, CodeLintOptions } from '../../code/protocol';
import type { CodeSession, WantedFixes } from '../../code/session';
import type { TextEdit } from '../../core/formats/format';
import { applyEdits, offsetAfter, offsetBefore } from '../../core/formats/text-edits';
import type { SourceUnit } from './source-units';

/** More rounds than any file needs whose fixes come to an end. */
const mostRounds = 100;

/** What fixing one text came to. */
export interface FixedUnit {
  /** The new text; of a notebook that of its changed cells, by their place among all. */
  readonly text: string;
  readonly cells: ReadonlyMap<number, string>;
  /** With the places of the text as it was. */
  readonly outcomes: readonly FixOutcome[];
}

/** What a round of fixes needs besides the text. */
export interface FixingParts {
  readonly session: CodeSession;
  readonly options: CodeLintOptions;
  readonly context: FixContext;
  readonly wanted: Required<WantedFixes>;
  /** Makes the module that a fix imports; a sentence that says why where it can be nowhere. */
  module(template: string): Promise<string | null>;
}

const acrossCells = 'The fix would change several cells at one place, so it is left to you.';

/**
 * Fixes a text until nothing more can be fixed: what is in the way of other fixes, or needs another module, waits for the next round, as
 * it waits in the editor for the next call.
 */
export async function fixUnit(unit: SourceUnit, parts: FixingParts): Promise<FixedUnit> {
  const { session, options, context } = parts;
  const state = new UnitState(unit);
  const fixed: FixOutcome[] = [];
  let constructors = parts.wanted.constructors;
  for (let round = 0; ; round++) {
    await session.open(unit.place, unit.language, state.text, unit.place);
    const { fix, outcomes } = session.fixTogether(unit.place, options, context, { ...parts.wanted, constructors });
    session.close(unit.place);
    const placed = outcomes.map((outcome) => state.asBefore(outcome));
    const reason = fix === null ? '' : ((fix.template === null ? null : await parts.module(fix.template)) ?? state.apply(fix.edits));
    if (fix === null || reason !== null || round === mostRounds) {
      const left = placed.map(({ finding, ...rest }): FixOutcome => {
        const why = rest.ok ? (reason ?? '') : rest.reason;
        return { finding, ok: false, reason: why };
      });
      return { text: state.text, cells: state.changedCells, outcomes: inOrder([...fixed, ...left]) };
    }
    fixed.push(...placed.filter(({ ok }) => ok));
    const done = new Set(outcomes.filter(({ ok }) => ok).map(({ finding }) => finding.range.start));
    constructors = constructors
      .filter(({ start }) => !done.has(start))
      .map(({ rule, start }) => ({ rule, start: offsetAfter(fix.edits, start) }));
  }
}

function inOrder(outcomes: readonly FixOutcome[]): readonly FixOutcome[] {
  return [...outcomes].sort((a, b) => a.finding.range.start - b.finding.range.start);
}

/** A text on its way, and how its places came about. */
class UnitState {
  text: string;
  private readonly edits: (readonly TextEdit[])[] = [];
  private cells: readonly NotebookCell[];
  private readonly changed = new Map<number, string>();

  constructor(private readonly unit: SourceUnit) {
    this.text = unit.text;
    const language = unit.language as CodeLanguage;
    this.cells = (unit.notebook?.cells ?? []).map(({ number, text }) => ({ index: number - 1, language, text }));
  }

  get changedCells(): ReadonlyMap<number, string> {
    return this.changed;
  }

  /** Makes edits; a sentence that says why where they cannot be made. */
  apply(edits: readonly TextEdit[]): string | null {
    if (this.unit.notebook === undefined) this.text = applyEdits(this.text, edits);
    else if (!this.applyToCells(edits)) return acrossCells;
    this.edits.push(edits);
    return null;
  }

  /** The outcome with the places of the text as it was at first. */
  asBefore(outcome: FixOutcome): FixOutcome {
    const before = (offset: number): number => this.edits.reduceRight((at, edits) => offsetBefore(edits, at), offset);
    const { range } = outcome.finding;
    return { ...outcome, finding: { ...outcome.finding, range: { start: before(range.start), end: before(range.end) } } };
  }

  private applyToCells(edits: readonly TextEdit[]): boolean {
    const language = this.unit.language as CodeLanguage;
    const joined = joinCells(this.cells, language);
    const byCell = new Map<number, TextEdit[]>();
    for (const { offset, length, text } of edits) {
      const place = joined.placeOf({ start: offset, end: offset + length });
      if (place === undefined) return false;
      const cell = Number(place.document);
      byCell.set(cell, [...(byCell.get(cell) ?? []), { offset: place.start, length, text }]);
    }
    this.cells = this.cells.map((cell) => {
      const own = byCell.get(cell.index);
      return own === undefined ? cell : { ...cell, text: applyEdits(cell.text, own) };
    });
    for (const { index, text } of this.cells) if (byCell.has(index)) this.changed.set(index, text);
    this.text = joinCells(this.cells, language).text;
    return true;
  }
}
