import { reportKeeper } from '../../app/outcome';

/** The latest comparison with fixed copies. */
export const comparisonKeeper = reportKeeper((message) => (message.kind === 'compare' ? message : undefined));

/** The latest ranking of the fixes. */
export const adviceKeeper = reportKeeper((message) => (message.kind === 'advice' ? message : undefined));
