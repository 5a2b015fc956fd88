import type { ToPage } from '../../src/panel-protocol/to-page';

/** How the page keeps what a study has come to. */
export interface OutcomeKeeper<State> {
  /** Before the first run, and when a run has just been asked for. */
  readonly nothing: State;
  /** After a message, whatever it is about. */
  after(state: State, message: ToPage): State;
}

/** Keeps the report that a message of a kind carries. */
export function reportKeeper<Report>(reportOf: (message: ToPage) => Report | undefined): OutcomeKeeper<Report | null> {
  return { nothing: null, after: (state, message) => reportOf(message) ?? state };
}
