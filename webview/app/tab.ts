import type { TemplateResult } from 'lit';
import type { ModelView } from '../../src/panel-protocol/model';
import type { PanelTab } from '../../src/panel-protocol/tabs';
import type { PageState } from './state';

/** One tab of the page. */
export interface Tab {
  readonly id: PanelTab;
  readonly label: string;
  /** Findings beside the label; none are shown without it. */
  readonly count?: (model: ModelView) => number;
  readonly content: (model: ModelView, page: PageState) => TemplateResult;
}
