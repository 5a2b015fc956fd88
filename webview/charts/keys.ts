import { moved, showing, wholeSpan, zoomed, type Span } from './zoom';

/** What a chart shows, and the place that is read. */
export interface ChartView {
  readonly span: Span;
  /** Null for none. */
  readonly cursor: number | null;
}

/** Places that a large step goes. */
const largeStep = 10;

/**
 * What a key makes of a chart: arrows go from place to place (ten with Shift, or by Page Up and Down), Home and End to the ends, + and -
 * zoom at the place that is read, 0 shows all places, Escape puts the crosshair away. Undefined for other keys.
 */
export function viewAfterKey(key: string, shift: boolean, { span, cursor }: ChartView, count: number): ChartView | undefined {
  const at = cursor ?? Math.ceil(span.first);
  const go = (place: number): ChartView => {
    const next = Math.min(count - 1, Math.max(0, place));
    return { span: showing(span, next, count), cursor: next };
  };
  switch (key) {
    case 'ArrowLeft':
      return go(cursor === null ? at : at - (shift ? largeStep : 1));
    case 'ArrowRight':
      return go(cursor === null ? at : at + (shift ? largeStep : 1));
    case 'PageUp':
      return go(at - largeStep);
    case 'PageDown':
      return go(at + largeStep);
    case 'Home':
      return go(0);
    case 'End':
      return go(count - 1);
    case '+':
    case '=':
      return { span: zoomed(span, 0.5, cursor ?? middle(span), count), cursor };
    case '-':
      return { span: zoomed(span, 2, cursor ?? middle(span), count), cursor };
    case '0':
      return { span: wholeSpan(count), cursor };
    case 'Escape':
      return cursor === null ? undefined : { span, cursor: null };
    default:
      return undefined;
  }
}

/** What a wheel makes of a chart: with Ctrl, as a pinch comes too, it zooms at the pointer, sideways it moves; undefined for scrolling. */
export function spanAfterWheel(
  { ctrlKey, shiftKey, deltaX, deltaY }: Pick<WheelEvent, 'ctrlKey' | 'shiftKey' | 'deltaX' | 'deltaY'>,
  span: Span,
  anchor: number,
  count: number,
): Span | undefined {
  if (ctrlKey) return zoomed(span, 2 ** (Math.max(-100, Math.min(100, deltaY)) / 150), anchor, count);
  const across = shiftKey && deltaX === 0 ? deltaY : deltaX;
  if (Math.abs(across) <= Math.abs(shiftKey ? 0 : deltaY)) return undefined;
  return moved(span, ((span.last - span.first) * across) / 1000, count);
}

function middle({ first, last }: Span): number {
  return (first + last) / 2;
}
