import { drawable, readExplainedLayer, textbookLayer, textbookSignal, type ExplainedLayer } from '../../src/panel-protocol/core/explain';
import type { ToExplainPage } from '../../src/panel-protocol/explain';

/** What the Explain page shows. */
export interface ExplainState {
  /** The request that this page has shown last; empty where it was none. */
  readonly request: string;
  /** The layer that it was opened with. */
  readonly asked: ExplainedLayer;
  /** What is drawn: that layer as far as it can be, or what the user has made of it. */
  readonly layer: ExplainedLayer;
  /** As long as a multiple of the stride. */
  readonly signal: readonly number[];
  /** At least 0 and below the signal's length. */
  readonly shift: number;
}

/** A layer as it is shown first: on the signal of the textbook, shifted by one sample. */
export function opened(asked: ExplainedLayer, request = ''): ExplainState {
  const layer = drawable(asked);
  return { request, asked, layer, signal: textbookSignal(layer.stride), shift: 1 };
}

/** The page after a message; one that it has obeyed before changes nothing. */
export function reduce(state: ExplainState, { request, layer }: ToExplainPage): ExplainState {
  return request === state.request ? state : opened(layer, request);
}

/** The page after the user's choice about the layer; another stride may need a signal of another length. */
export function choosing(state: ExplainState, choice: Partial<Omit<ExplainedLayer, 'rule' | 'label'>>): ExplainState {
  const layer = { ...state.layer, ...choice };
  if (layer.stride === state.layer.stride) return { ...state, layer };
  const signal = textbookSignal(layer.stride);
  return { ...state, layer, signal, shift: Math.min(state.shift, signal.length - 1) };
}

/** The page with one sample of the signal turned from 0 to 1 or back. */
export function turning(state: ExplainState, place: number): ExplainState {
  return { ...state, signal: state.signal.map((value, index) => (index === place ? 1 - value : value)) };
}

/** What was kept of an earlier page, looked at; the textbook's example where that is nothing. */
export function stateFrom(kept: unknown): ExplainState {
  if (typeof kept !== 'object' || kept === null) return opened(textbookLayer);
  const { request, asked, layer, signal, shift } = kept as Readonly<Record<keyof ExplainState, unknown>>;
  const [first, shown] = [readExplainedLayer(asked), readExplainedLayer(layer)];
  if (first === undefined || shown === undefined) return opened(textbookLayer);
  const state = opened(first, typeof request === 'string' ? request : '');
  const drawn = drawable(shown);
  const { length } = textbookSignal(drawn.stride);
  const isWhole = Array.isArray(signal) && signal.length === length && signal.every((value) => value === 0 || value === 1);
  const isShift = Number.isSafeInteger(shift) && Number(shift) >= 0 && Number(shift) < length;
  return {
    ...state,
    layer: drawn,
    signal: isWhole ? (signal as readonly number[]) : textbookSignal(drawn.stride),
    shift: isShift ? Number(shift) : 1,
  };
}
