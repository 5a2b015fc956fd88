import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-tab-header/index.js';
import '@vscode-elements/elements/dist/vscode-tab-panel/index.js';
import '@vscode-elements/elements/dist/vscode-tabs/index.js';
import type { VscTabsSelectEvent } from '@vscode-elements/elements/dist/vscode-tabs/vscode-tabs.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ModelView, PanelTab } from '../../src/panel-protocol/messages';
import '../tabs/compare/compare-view';
import '../tabs/consistency/consistency-view';
import '../tabs/equivariance/equivariance-view';
import { keep, kept, listen, post } from './host';
import '../tabs/layers/layers-table';
import type { PageEvent } from './page-events';
import { settingsFrom, type Settings } from './settings';
import { sharedStyles } from '../styles/shared-styles';
import { initialState, reduce, type PageState } from './state';

interface Tab {
  readonly id: PanelTab;
  readonly label: string;
  /** A count beside the label, 0 for none. */
  count(model: ModelView): number;
  content(model: ModelView, page: PageState): TemplateResult;
}

/** The tabs in order. */
const tabs: readonly Tab[] = [
  {
    id: 'layers',
    label: 'Layers',
    count: (model) => model.layers.filter(({ finding }) => finding !== null).length,
    content: (model, { settings }) => html`<shiftlint-layers-table .model=${model} .settings=${settings}></shiftlint-layers-table>`,
  },
  {
    id: 'equivariance',
    label: 'Equivariance',
    count: () => 0,
    content: (model, page) =>
      html`<shiftlint-equivariance-view .mayMeasure=${model.mayMeasure} .page=${page}></shiftlint-equivariance-view>`,
  },
  {
    id: 'consistency',
    label: 'Consistency',
    count: () => 0,
    content: (model, page) => html`<shiftlint-consistency-view .mayMeasure=${model.mayMeasure} .page=${page}></shiftlint-consistency-view>`,
  },
  {
    id: 'compare',
    label: 'Compare',
    count: () => 0,
    content: (model, page) => html`<shiftlint-compare-view .mayMeasure=${model.mayMeasure} .page=${page}></shiftlint-compare-view>`,
  },
];

/** The whole page: holds its state, shows the model's name and the tabs. */
@customElement('shiftlint-app')
export class ShiftlintApp extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        padding: 12px 0 24px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 2px 12px;
        margin-bottom: 6px;
      }
      h1 {
        margin: 0;
        font-size: 1.2em;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      vscode-tab-panel {
        overflow: visible;
        padding-top: 12px;
      }
      .error {
        display: flex;
        gap: 8px;
        padding: 8px 12px;
        border: 1px solid var(--vscode-inputValidation-errorBorder);
        background: var(--vscode-inputValidation-errorBackground);
        color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground));
      }
    `,
  ];

  @state() private page: PageState = initialState(settingsFrom(kept()));
  private attached = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.attached = new AbortController();
    listen((message) => {
      this.show(reduce(this.page, message));
    }, this.attached.signal);
    post({ kind: 'ready' });
  }

  override disconnectedCallback(): void {
    this.attached.abort();
    super.disconnectedCallback();
  }

  override render(): TemplateResult | typeof nothing {
    const { model } = this.page;
    if (model === null) return nothing;
    const facts = [model.format, model.producer, model.layers.length === 0 ? '' : `${model.layers.length} layers`];
    return html`
      <header>
        <h1>${model.fileName}</h1>
        <span class="muted">${facts.filter((fact) => fact !== '').join(' · ')}</span>
      </header>
      ${model.error === null ? this.renderTabs(model) : html`<p class="error" role="alert">${model.error}</p>`}
    `;
  }

  private renderTabs(model: ModelView): TemplateResult {
    const selected = tabs.findIndex(({ id }) => id === this.page.settings.tab);
    return html`
      <vscode-tabs
        .selectedIndex=${selected}
        @vsc-tabs-select=${(event: VscTabsSelectEvent) => {
          this.choose({ tab: tabs[event.detail.selectedIndex]?.id ?? 'layers' });
        }}
        @settings-change=${(event: PageEvent<'settings-change'>) => {
          this.choose(event.detail);
        }}
        @heatmap-enlarge=${(event: PageEvent<'heatmap-enlarge'>) => {
          this.show({ ...this.page, enlarged: event.detail, features: null });
        }}
        @enlarged-close=${() => {
          this.show({ ...this.page, enlarged: null, features: null });
        }}
      >
        ${tabs.map((tab) => {
          const count = tab.count(model);
          return html`
            <vscode-tab-header slot="header">
              ${tab.label}
              ${count === 0 ? nothing : html`<vscode-badge slot="content-after" variant="counter" title="${count} findings">${count}</vscode-badge>`}
            </vscode-tab-header>
            <vscode-tab-panel>${tab.content(model, this.page)}</vscode-tab-panel>
          `;
        })}
      </vscode-tabs>
    `;
  }

  private choose(settings: Partial<Settings>): void {
    this.show({ ...this.page, settings: { ...this.page.settings, ...settings } });
  }

  private show(page: PageState): void {
    if (page.settings !== this.page.settings) keep(page.settings);
    this.page = page;
  }
}
