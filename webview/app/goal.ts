import type { PageState } from './state';

/** A layer that the user wants to see; another object each time it is asked for. */
export interface Goal {
  readonly layer: string;
}

/** The page on its way to a layer's row: in front, and with no filter that might hide it. */
export function headingFor(page: PageState, layer: string): PageState {
  return { ...page, goal: { layer }, settings: { ...page.settings, tab: 'layers', filter: '', onlyFindings: false } };
}

/** The page with the map of this index shown large. */
export function enlarging(page: PageState, enlarged: number): PageState {
  const equivariance = { ...page.outcomes.equivariance, enlarged, features: null };
  return { ...page, outcomes: { ...page.outcomes, equivariance }, settings: { ...page.settings, tab: 'equivariance' } };
}
