import type { SourceRange } from '../../finding';
import type { Located } from '../../program/program';
import type { Frame } from './value';

/** Absolute offsets of a node of the running code. */
export function rangeIn(frame: Frame, { start, end }: Located): SourceRange {
  return { start: frame.base + start, end: frame.base + end };
}

/** The innermost call whose text contains an offset, on the way to `frame` or to where its functions and objects were made. */
export function callAround(frame: Frame, offset: number): SourceRange | null {
  const seen = new Set<Frame>();
  const search = (current: Frame | null): SourceRange | null => {
    if (current === null || seen.has(current)) return null;
    seen.add(current);
    const { call } = current;
    if (call !== null && call.start <= offset && offset < call.end) return call;
    return search(current.definer) ?? search(current.caller);
  };
  return search(frame);
}

/** A name for a range: calls in a chain start at the same offset, so both ends count. */
export function rangeKey({ start, end }: SourceRange): string {
  return `${start}:${end}`;
}
