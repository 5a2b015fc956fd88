import type { FromPage } from '../../src/panel-protocol/from-page';
import type { ToPage } from '../../src/panel-protocol/to-page';
import { pageHost } from './page-host';

/** The extension behind the model editor's page. */
export const { post, listen, kept, keep } = pageHost<FromPage, ToPage>();
