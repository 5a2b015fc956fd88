import type { SourceRange } from '../../finding';
import type { CallPlace } from '../run';
import { callAround } from '../values/frame';
import { areTogether, isElsewhere } from '../values/offset-space';
import type { Frame } from '../values/value';

/**
 * The call of the judged document that brings the number at an offset to a layer that another file builds; null where the number is that
 * file's own, or stands in a call of a third one, and so is found where those files are judged.
 */
export function callThatBrings({ frame, range }: CallPlace, at: number): SourceRange | null {
  if (at < 0 || areTogether(at, range.start)) return null;
  const around = callAround(frame, at);
  if (around !== null) return isElsewhere(around.start) ? null : around;
  return innermostHere(frame, at);
}

/**
 * The call of the judged document that is nearest to a frame on the way to it; null where the code of the file that the number stands in
 * runs on that way: it is found where that file is judged.
 */
function innermostHere(frame: Frame, at: number): SourceRange | null {
  const seen = new Set<Frame>();
  const search = (current: Frame | null): SourceRange | null => {
    if (current === null || seen.has(current)) return null;
    seen.add(current);
    if (isElsewhere(at) && areTogether(at, current.base)) return null;
    const { call } = current;
    if (call !== null && call.start >= 0 && !isElsewhere(call.start)) return call;
    return search(current.definer) ?? search(current.caller);
  };
  return search(frame);
}
