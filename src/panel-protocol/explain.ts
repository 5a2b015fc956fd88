import type { ExplainedLayer } from './core/explain';

/** Editor to Explain page: shows a layer, unless the page has shown it for the same request before, and its user has gone on. */
export interface ToExplainPage {
  readonly kind: 'explain';
  readonly request: string;
  readonly layer: ExplainedLayer;
}

/** Explain page to editor. */
export type FromExplainPage = { readonly kind: 'ready' } | { readonly kind: 'open-docs'; readonly rule: string };
