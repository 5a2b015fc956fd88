import { t } from '@vscode/l10n';
import { codeLimits } from '../../core/limits';
import type { SourceRange } from '../finding';
import type { Catalogue } from '../frameworks/catalogue';
import type { Program, Statement, Unit } from '../program/program';
import { boundNames } from './pieces/bound-names';
import { rangeKey } from './values/frame';
import { importedBy, importsOf, layerWordsOf, type Imports } from './pieces/imports';
import { partition, type Partition, type UnitBindings, type UnitFacts } from './pieces/partition';
import type { PieceCache } from './pieces/piece-cache';
import { type PieceResult } from './pieces/piece-cache';
import { runModule, runRoots, type Mentions } from './roots';
import type { Modules } from './modules';
import { fullPurses, type LanguageTraits, type Purses, type Run } from './run';
import { startRun, type RunStart } from './start-run';
import { Scope } from './values/scope';
import type { LayerSite } from './sites/site';
import { Deadline, untilStopped, type Stop } from '../program/stop';
import { Surroundings } from './pieces/surroundings';
import { intersects, mentionsAny, type WordIndex, type Words } from './pieces/word-index';

/** What evaluating a program has found. */
export interface Evaluation {
  /** In the order of the source. */
  readonly sites: readonly LayerSite[];
  /** Where judging stopped early, first in the source; null where all of it was judged. */
  readonly stop: Stop | null;
  /** Whether the activation at a range only ever reads the given convolution's output. */
  readsOnly(range: SourceRange, site: LayerSite): boolean;
}

/** Everything that evaluating needs besides the program. */
export interface EvaluationParts {
  readonly traits: LanguageTraits;
  readonly catalogue: Catalogue;
  readonly words: WordIndex;
  readonly pieces: PieceCache;
  /** The workspace around the program; null where it is judged alone. */
  readonly modules: Modules | null;
  /** Another number where the modules that the last evaluation read are not what they were. */
  readonly modulesState: number;
}

/**
 * Runs a program abstractly: module statements in order, then what nothing in the file calls, with its defaults, then what
 * is left. Calls are followed with their arguments, so that a stride is known where it is passed on. The parts of a file that
 * have nothing to do with each other are evaluated by themselves, and again only when their text has changed.
 */
export function evaluateProgram(program: Program, source: string, parts: EvaluationParts): Evaluation {
  const judged = program.units.slice(0, codeLimits.statements);
  const beyond = program.units[codeLimits.statements];
  const stops: Stop[] = [];
  if (beyond !== undefined)
    stops.push({ offset: beyond.base, reason: t`it has more than the ${codeLimits.statements} statements that are judged` });
  const bindings = judged.map((unit) => bindingsOf(unit, stops));
  const imported = importedBy(bindings);
  const layerWords = layerWordsOf(imported, parts.catalogue, parts.modules);
  const units = factsOf(bindings, parts.words, layerWords);
  const { base, rebound, pieces } = partition(units);
  const surroundings = new Surroundings(rebound);
  const keyOf = pieceKeys(base, surroundings);
  const shared: Shared = {
    source,
    parts,
    imports: importsOf(imported, parts.catalogue),
    wildcards: new Set(),
    left: fullPurses(),
    deadline: new Deadline(codeLimits.milliseconds),
    stops,
  };
  const module = lazily(() => runBase(shared, base, surroundings));
  const mentions = mentionsIn(units, pieces, layerWords, parts.words);
  const surroundingTexts = base.flatMap(({ definition, unit }) => (definition === null ? [unit.text] : []));
  parts.pieces.startRound([String(parts.modulesState), ...surroundingTexts].join('\0'));
  const results = pieces.map((piece) => {
    const key = keyOf(piece);
    const result = parts.pieces.get(key, piece) ?? runPiece(shared, piece, new Scope(module()), surroundings, mentions);
    noteStop(stops, piece[0]?.unit.base ?? 0, result.stopped ?? undefined);
    // What stopped may come further once something else has become shorter.
    return result.stopped === null ? parts.pieces.set(key, piece, result) : result;
  });
  parts.pieces.endRound();
  return {
    sites: results.flatMap(({ sites }) => sites).sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end),
    stop: stops.reduce<Stop | null>((first, one) => (first === null || one.offset < first.offset ? one : first), null),
    readsOnly: (range, site) =>
      results.some(({ soleReaders }) => soleReaders.get(site)?.some((one) => rangeKey(one) === rangeKey(range)) === true),
  };
}

function runOf({ source, parts: { traits, catalogue, modules }, imports, wildcards, left, deadline }: Shared): RunStart {
  return {
    traits,
    source,
    wildcards,
    imported: imports.names,
    tensorMethods: imports.tensorMethods,
    frameworks: imports.frameworks,
    left,
    deadline,
    modules,
    find: (path) => catalogue.find(path),
  };
}

/** What the runs of one program share. */
interface Shared {
  readonly source: string;
  readonly parts: EvaluationParts;
  readonly imports: Imports;
  /** Modules of `from module import *`, as they are met. */
  readonly wildcards: Set<string>;
  readonly left: Purses;
  readonly deadline: Deadline;
  readonly stops: Stop[];
}

function noteStop(stops: Stop[], offset: number, reason: string | undefined): void {
  if (reason !== undefined) stops.push({ offset, reason });
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Runs what leads to no layer, for the names that it binds. */
function runBase(shared: Shared, base: readonly UnitFacts[], surroundings: Surroundings): Scope {
  const scope = new Scope();
  const run = startRun(runOf(shared));
  const reason = untilStopped(() => {
    for (const facts of base) {
      runModule(run, [facts], scope, surroundings);
      surroundings.record(facts, scope);
    }
  });
  noteStop(shared.stops, base[0]?.unit.base ?? 0, reason ?? run.cut ?? undefined);
  return scope;
}

function runPiece(shared: Shared, piece: readonly UnitFacts[], scope: Scope, surroundings: Surroundings, mentions: Mentions): PieceResult {
  const run = startRun(runOf(shared));
  const reason = untilStopped(() => {
    runModule(run, piece, scope, surroundings);
    runRoots(run, piece, scope, mentions);
  });
  return { stopped: reason ?? run.cut, ...resultOf(run) };
}

function mentionsIn(units: readonly UnitFacts[], pieces: Partition['pieces'], layerWords: ReadonlySet<string>, index: WordIndex): Mentions {
  const leads = new Set(pieces.flat().flatMap(({ binds }) => binds.assigned));
  const counts = new Map<string, number>();
  for (const { words } of units) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return {
    leadsToLayer: (text) => {
      const words = index.words(text);
      return mentionsAny(words, layerWords) || intersects(words.names, leads);
    },
    isMentionedElsewhere: (name, { words }) => (counts.get(name) ?? 0) > (words.has(name) ? 1 : 0),
  };
}

/** What a unit defines or binds. */
function bindingsOf(unit: Unit, stops: Stop[]): UnitBindings {
  const definition = unit.functionName ?? classNameOf(unit);
  let statements: readonly Statement[] = [];
  if (definition === null)
    noteStop(
      stops,
      unit.base,
      untilStopped(() => (statements = unit.lower())),
    );
  return { unit, definition, statements, binds: definition === null ? boundNames(statements) : { assigned: [definition], changed: [] } };
}

/** What the words of units tell. */
function factsOf(units: readonly UnitBindings[], index: WordIndex, layerWords: ReadonlySet<string>): readonly UnitFacts[] {
  index.startRound(new Set(units.flatMap(({ binds }) => [...binds.assigned, ...binds.changed])), layerWords);
  return units.map((bindings) => {
    const isSilent = bindings.definition === null && bindings.statements.every(isRemark);
    const { words, mentionsLayer } = index.toldBy(isSilent ? noWords : index.words(bindings.unit.text));
    return { words, mentionsLayer, ...bindings };
  });
}

const noWords: Words = { names: new Set(), attributes: new Set() };

/** A docstring, or nothing at all. */
function isRemark(statement: Statement): boolean {
  return statement.kind === 'expression' && statement.expression.kind === 'string';
}

function classNameOf(unit: Unit): string | null {
  return /^(?:@[^\n]*\n\s*|export\s+|default\s+|abstract\s+|declare\s+)*class\s+([A-Za-z_$][\w$]*)/.exec(unit.text)?.[1] ?? null;
}

/** Names everything that the evaluation of a piece can depend on: its own text and the functions that it may call. */
function pieceKeys(base: readonly UnitFacts[], surroundings: Surroundings): (piece: readonly UnitFacts[]) => string {
  const definitions = new Map(base.flatMap((facts) => (facts.definition === null ? [] : [[facts.definition, facts] as const])));
  return (piece) => {
    const reached = new Set<UnitFacts>();
    const queue = [...piece];
    for (let facts = queue.pop(); facts !== undefined; facts = queue.pop()) {
      for (const word of facts.words) {
        const called = definitions.get(word);
        if (called === undefined || reached.has(called)) continue;
        reached.add(called);
        queue.push(called);
      }
    }
    const texts = [...reached].map(({ unit }) => unit.text);
    return [...texts, ...piece.map((facts) => surroundings.stateBefore(facts) + facts.unit.text)].join('\0');
  };
}

function resultOf(run: Run): Omit<PieceResult, 'stopped'> {
  const sites = [...run.sites.values()];
  const soleReaders = new Map(
    sites.map((site) => {
      const ranges = site.activations.flatMap((place) => (place.kind === 'own' ? [] : [place.range]));
      return [site, ranges.filter((range) => isSoleReader(run, range, site))] as const;
    }),
  );
  return { sites, soleReaders };
}

function isSoleReader(run: Run, range: SourceRange, site: LayerSite): boolean {
  const readers = run.activationReaders.get(rangeKey(range));
  return readers?.size === 1 && readers.has(site);
}
