import type { SourceRange } from '../../finding';
import type { UnitFacts } from './partition';
import { isElsewhere } from '../values/offset-space';
import type { LayerSite } from '../sites/site';

/** What one piece of a program has shown; absolute offsets. */
export interface PieceResult {
  readonly sites: readonly LayerSite[];
  /** Of each convolution the activations that read nothing else. */
  readonly soleReaders: ReadonlyMap<LayerSite, readonly SourceRange[]>;
  /** Why it was not evaluated to its end; null where it was. */
  readonly stopped: string | null;
}

interface Kept {
  /** Where the piece's units began and ended when it was evaluated. */
  readonly places: readonly SourceRange[];
  readonly result: PieceResult;
}

/** Results of pieces by their text and by what they depend on; an edit elsewhere only moves them. */
export class PieceCache {
  private kept = new Map<string, Kept>();
  private used = new Map<string, Kept>();
  private surroundings = '';

  /** Begins one lint. `surroundings` is the text that every piece depends on: where it is another, nothing is kept. */
  startRound(surroundings: string): void {
    if (surroundings !== this.surroundings) this.kept.clear();
    this.surroundings = surroundings;
  }

  /** The piece's result where its units stand now; undefined where it has to be evaluated. */
  get(key: string, piece: readonly UnitFacts[]): PieceResult | undefined {
    const known = this.kept.get(key);
    if (known === undefined) return undefined;
    const places = placesOf(piece);
    const moved = places.every(({ start }, index) => start === known.places[index]?.start)
      ? known.result
      : moveResult(known.result, (range) => moveRange(range, known.places, places));
    if (moved !== undefined) this.used.set(key, { places, result: moved });
    return moved;
  }

  /** Keeps a result for the next lint. */
  set(key: string, piece: readonly UnitFacts[], result: PieceResult): PieceResult {
    this.used.set(key, { places: placesOf(piece), result });
    return result;
  }

  /** Ends one lint: what it did not use is forgotten. */
  endRound(): void {
    this.kept = this.used;
    this.used = new Map();
  }
}

function placesOf(piece: readonly UnitFacts[]): readonly SourceRange[] {
  return piece.map(({ unit: { base, text } }) => ({ start: base, end: base + text.length }));
}

type Move = (range: SourceRange) => SourceRange | undefined;

/** A range moves with the unit that holds it; undefined for one outside of all. */
function moveRange({ start, end }: SourceRange, from: readonly SourceRange[], to: readonly SourceRange[]): SourceRange | undefined {
  // What lies in another file stays where it is.
  if (isElsewhere(start)) return { start, end };
  const index = from.findIndex((place) => place.start <= start && end <= place.end);
  const [before, after] = [from[index], to[index]];
  if (before === undefined || after === undefined) return undefined;
  const by = after.start - before.start;
  return { start: start + by, end: end + by };
}

/** Undefined where a range cannot be moved: then the piece is evaluated anew. */
function moveResult({ sites, soleReaders, stopped }: PieceResult, move: Move): PieceResult | undefined {
  const moved = new Map<LayerSite, readonly SourceRange[]>();
  for (const site of sites) {
    const at = moveSite(site, move);
    const readers = moveAll(soleReaders.get(site) ?? [], move);
    if (at === undefined || readers === undefined) return undefined;
    moved.set(at, readers);
  }
  return { sites: [...moved.keys()], soleReaders: moved, stopped };
}

function moveSite(site: LayerSite, move: Move): LayerSite | undefined {
  const range = move(site.range);
  const applications = moveAll(site.applications, move);
  if (range === undefined || applications === undefined) return undefined;
  const cases = site.cases.map((one) => ({
    ...one,
    givenBy: one.givenBy === null ? null : move(one.givenBy),
    onlyWith: one.onlyWith.map((needed) => ({ ...needed, range: move(needed.range) })),
  }));
  const activations = site.activations.map((place) => (place.kind === 'own' ? place : { ...place, range: move(place.range) }));
  const isWhole =
    cases.every(({ givenBy, onlyWith }) => givenBy !== undefined && onlyWith.every(({ range }) => range !== undefined)) &&
    activations.every((place) => place.kind === 'own' || place.range !== undefined);
  return isWhole ? ({ ...site, range, applications, cases, activations } as LayerSite) : undefined;
}

function moveAll(ranges: readonly SourceRange[], move: Move): SourceRange[] | undefined {
  const moved = ranges.map(move);
  return moved.every((range) => range !== undefined) ? moved : undefined;
}
