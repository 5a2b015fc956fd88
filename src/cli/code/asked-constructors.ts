import path from 'node:path';
import type { CodeFinding, FilePlace, FixOutcome } from '../../code/finding';
import type { WantedFixes } from '../../code/session';
import type { SourcePosition } from '../../core/report/lint-report';
import type { RuleId } from '../../core/rules/registry';
import type { FixedFile, PlacedOutcome } from './fixed-file';

/** The rule of layers that no blur mends. */
const patches: RuleId = 'patchify-conv';

type Constructors = Required<WantedFixes>['constructors'];

/** A file with what was found in it. */
interface FoundIn {
  readonly place: string;
  readonly units: readonly { readonly findings: readonly CodeFinding[] }[];
}

/** Layers that are built in other files than their stride comes from: who asks for their fix, and what becomes of it. */
export class AskedConstructors {
  private readonly named: ReadonlySet<string>;
  private readonly asked = new Map<string, { readonly rule: RuleId; readonly at: FilePlace }[]>();
  private readonly fixes = new Map<string, FixOutcome>();

  /** @param files all that may be changed */
  constructor(files: readonly FoundIn[]) {
    this.named = new Set(files.map(({ place }) => place));
    for (const { rule, builtAt } of files.flatMap(({ units }) => units.flatMap(({ findings }) => findings))) {
      for (const at of builtAt) {
        const known = this.asked.get(at.file) ?? [];
        this.asked.set(at.file, known);
        const index = known.findIndex((other) => keyOf(at.file, other.at.start) === keyOf(at.file, at.start));
        if (index < 0) known.push({ rule, at });
        // A call that also cuts images into patches is not to get a blur for its other uses.
        else if (rule === patches) known[index] = { rule, at };
      }
    }
  }

  /** The calls in a file whose fix other files ask for. */
  in(file: string, text: string): Constructors {
    const asked = this.asked.get(file) ?? [];
    const lines = asked.length === 0 ? [] : lineStarts(text);
    return asked.map(({ rule, at: { start } }) => ({ rule, start: (lines[start.line - 1] ?? 0) + start.column - 1 }));
  }

  /** Takes what has become of a finding of a file. */
  note(file: string, place: SourcePosition, outcome: FixOutcome): void {
    this.fixes.set(keyOf(file, place), outcome);
  }

  /** The file with its outcomes as they are once all files are fixed. */
  settled(file: FixedFile | undefined): FixedFile | undefined {
    return file && { ...file, outcomes: file.outcomes.map((outcome) => this.settledOutcome(outcome)) };
  }

  private settledOutcome(outcome: PlacedOutcome): PlacedOutcome {
    const { builtAt, callee } = outcome;
    if (builtAt.length === 0) return outcome;
    const fixes = builtAt.map((at) => ({ at, fix: this.fixes.get(keyOf(at.file, at.start)) }));
    const failed = fixes.find(({ fix }) => fix?.ok !== true);
    const { at, fix } = failed ?? fixes[0] ?? {};
    if (at === undefined) return outcome;
    const where = `${path.relative(process.cwd(), at.file)}, line ${at.start.line}`;
    if (failed === undefined) return { ...outcome, ok: true, text: `Fixed where ${callee} is called, in ${where}` };
    if (!this.named.has(at.file)) {
      return { ...outcome, ok: false, text: `${callee} is called in ${where}, a file that may not be changed here: name it too.` };
    }
    const isForPatches = outcome.rule !== patches && fix?.finding.rule === patches;
    const reason = fix?.ok === false ? fix.reason : 'No fix reaches it there.';
    const why = isForPatches ? 'Other calls cut the image into patches by it, which no blur mends.' : reason;
    return { ...outcome, ok: false, text: `${callee} is called in ${where}. ${why}` };
  }
}

function keyOf(file: string, { line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
