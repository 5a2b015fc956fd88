import { reportKeeper } from '../../app/outcome';

/** The latest report over a folder of images. */
export const consistencyKeeper = reportKeeper((message) => (message.kind === 'consistency' ? message.report : undefined));
