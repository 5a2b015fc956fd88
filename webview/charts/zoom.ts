/** The places of a chart that are in sight, from the first to the last; fractions while it is zoomed. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** Fewer places side by side are no chart. */
const fewest = 4;

/** All of `count` places. */
export function wholeSpan(count: number): Span {
  return { first: 0, last: Math.max(0, count - 1) };
}

/** True where all places are in sight. */
export function isWhole({ first, last }: Span, count: number): boolean {
  return first <= 0 && last >= count - 1;
}

/** Shows `factor` times as many places, the one at `anchor` staying where it is. */
export function zoomed(span: Span, factor: number, anchor: number, count: number): Span {
  const before = span.last - span.first;
  const length = clamp(before * factor, Math.min(fewest, count - 1), count - 1);
  const share = before === 0 ? 0.5 : (anchor - span.first) / before;
  return within(anchor - share * length, length, count);
}

/** The same number of places, further along. */
export function moved({ first, last }: Span, by: number, count: number): Span {
  return within(first + by, last - first, count);
}

/** What lies between two places, whichever comes first, with at least a few around it. */
export function between(a: number, b: number, count: number): Span {
  const length = clamp(Math.abs(b - a), Math.min(fewest, count - 1), count - 1);
  return within((a + b) / 2 - length / 2, length, count);
}

/** So far along that a place is in sight. */
export function showing(span: Span, place: number, count: number): Span {
  if (place < span.first) return moved(span, place - span.first, count);
  return place > span.last ? moved(span, place - span.last, count) : span;
}

function within(first: number, length: number, count: number): Span {
  const start = clamp(first, 0, Math.max(0, count - 1 - length));
  return { first: start, last: start + length };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
