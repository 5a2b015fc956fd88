import type { SourceRange } from '../finding';
import type { Catalogue } from '../frameworks/catalogue';
import type { Program, Unit } from '../program/program';
import type { Statement } from '../program/statement';
import { boundNames, type BoundNames } from './bound-names';
import { rangeKey } from './frame';
import { importsOf, layerWordsOf, type Imports } from './imports';
import { partition, type UnitFacts } from './partition';
import type { PieceCache} from './piece-cache';
import { type PieceResult } from './piece-cache';
import { Repeats } from './repeats';
import { runModule, runRoots } from './roots';
import type { LanguageTraits, Run } from './run';
import { Scope } from './scope';
import type { LayerSite } from './site';
import { Surroundings } from './surroundings';
import type { WordIndex } from './word-index';

/** Expressions that one lint may evaluate: enough for thousands of lines of models, and an end to hostile ones. */
const budget = 400_000;

/** What evaluating a program has found. */
export interface Evaluation {
  /** In the order of the source. */
  readonly sites: readonly LayerSite[];
  /** Whether the activation at a range only ever reads the given convolution's output. */
  readsOnly(range: SourceRange, site: LayerSite): boolean;
}

/** Everything that evaluating needs besides the program. */
export interface EvaluationParts {
  readonly traits: LanguageTraits;
  readonly catalogue: Catalogue;
  readonly words: WordIndex;
  readonly pieces: PieceCache;
}

/**
 * Runs a program abstractly: module statements in order, then what nothing in the file calls, with its defaults, then what
 * is left. Calls are followed with their arguments, so that a stride is known where it is passed on. The parts of a file that
 * have nothing to do with each other are evaluated by themselves, and again only when their text has changed.
 */
export function evaluateProgram(program: Program, source: string, parts: EvaluationParts): Evaluation {
  const all = program.units.map((unit) => factsOf(unit, parts.words));
  const layerWords = layerWordsOf(all, parts.catalogue);
  const units = withTellingWords(all, layerWords);
  const { base, rebound, pieces } = partition(units, layerWords);
  const surroundings = new Surroundings(rebound);
  const leads = new Set([...layerWords, ...pieces.flat().flatMap(({ binds }) => binds.assigned)]);
  const mentions = countMentions(units);
  const keyOf = pieceKeys(base, surroundings);
  const scope = new Scope();
  let evaluated = false;
  const imports = importsOf(units, parts.catalogue);
  const wildcards: string[] = [];
  let left = budget;
  parts.pieces.startRound(base.flatMap(({ definition, unit }) => (definition === null ? [unit.text] : [])).join('\0'));
  const results = pieces.map((piece): PieceResult => {
    const key = keyOf(piece);
    const known = parts.pieces.get(key, piece);
    if (known !== undefined) return known;
    if (!evaluated) {
      evaluated = true;
      const run = startRun(source, parts, imports, wildcards, left);
      for (const facts of base) {
        runModule(run, [facts], scope, surroundings);
        surroundings.record(facts, scope);
      }
      left = run.budget;
    }
    const run = startRun(source, parts, imports, wildcards, left);
    const inner = new Scope(scope);
    runModule(run, piece, inner, surroundings);
    runRoots(run, piece, inner, {
      leadsToLayer: (text) => intersects(parts.words.words(text), leads),
      isMentionedElsewhere: (name, { words }) => (mentions.get(name) ?? 0) > (words.has(name) ? 1 : 0),
    });
    left = run.budget;
    return parts.pieces.set(key, piece, resultOf(run));
  });
  parts.pieces.endRound();
  return {
    sites: results.flatMap(({ sites }) => sites).sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end),
    readsOnly: (range, site) => results.some(({ soleReaders }) => soleReaders.get(site)?.some((one) => rangeKey(one) === rangeKey(range)) === true),
  };
}

function factsOf(unit: Unit, words: WordIndex): UnitFacts {
  const definition = unit.functionName ?? classNameOf(unit);
  const statements = definition === null ? unit.lower() : [];
  const binds: BoundNames = definition === null ? boundNames(statements) : { assigned: [definition], changed: [] };
  return { unit, definition, binds, statements, words: statements.every(isRemark) && definition === null ? noWords : words.words(unit.text) };
}

const noWords: ReadonlySet<string> = new Set();

/** A docstring, or nothing at all. */
function isRemark(statement: Statement): boolean {
  return statement.kind === 'expression' && statement.expression.kind === 'string';
}

/** Only the words that are names of the file or of layers say anything: they are a small part of all words. */
function withTellingWords(units: readonly UnitFacts[], layerWords: ReadonlySet<string>): readonly UnitFacts[] {
  const telling = new Set(layerWords);
  for (const { binds } of units) for (const name of [...binds.assigned, ...binds.changed]) telling.add(name);
  return units.map((facts) => {
    const words = new Set<string>();
    for (const word of facts.words) if (telling.has(word)) words.add(word);
    return { ...facts, words };
  });
}

function classNameOf(unit: Unit): string | null {
  return /^(?:@[^\n]*\n\s*|export\s+|default\s+|abstract\s+|declare\s+)*class\s+([A-Za-z_$][\w$]*)/.exec(unit.text)?.[1] ?? null;
}

function countMentions(units: readonly UnitFacts[]): ReadonlyMap<string, number> {
  const mentions = new Map<string, number>();
  for (const { words } of units) for (const word of words) mentions.set(word, (mentions.get(word) ?? 0) + 1);
  return mentions;
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

function startRun(source: string, { traits, catalogue }: EvaluationParts, imports: Imports, wildcards: string[], left: number): Run {
  return {
    traits,
    source,
    sites: new Map(),
    activationReaders: new Map(),
    instances: [],
    built: new Map(),
    idle: 0,
    functions: [],
    executed: new Set(),
    entries: new Map(),
    active: [],
    repeats: new Repeats(),
    wildcards,
    imported: imports.names,
    tensorMethods: imports.tensorMethods,
    budget: left,
    find: (path) => catalogue.find(path),
  };
}

function resultOf(run: Run): PieceResult {
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

function intersects(words: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  for (const word of words) if (names.has(word)) return true;
  return false;
}
