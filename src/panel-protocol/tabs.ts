/** The tabs of the page, in order. */
export const panelTabs = ['layers', 'equivariance', 'consistency', 'compare', 'graph'] as const;

/** A tab of the page. */
export type PanelTab = (typeof panelTabs)[number];
