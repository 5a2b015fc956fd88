import type { FromExplainPage, ToExplainPage } from '../../src/panel-protocol/explain';
import { pageHost } from '../app/page-host';

/** The extension behind the page that explains. */
export const { post, listen, kept, keep } = pageHost<FromExplainPage, ToExplainPage>();
