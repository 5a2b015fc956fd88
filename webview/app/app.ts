import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-tab-header/index.js';
import '@vscode-elements/elements/dist/vscode-tab-panel/index.js';
import type { VscTabsSelectEvent } from '@vscode-elements/elements/dist/vscode-tabs/vscode-tabs.js';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ModelView } from '../../src/panel-protocol/model';
import { keep, kept, listen, post } from './host';
import { KeptFocus } from './kept-focus';
import type { PageEvent } from './page-events';
import './last-fix';
import { settingsFrom, type Settings } from './settings';
import { findingCountText, layerCountText } from '../lists/counts';
import { sharedStyles } from '../styles/shared';
import { enlarging, headingFor, initialState, reduce, type PageState } from './state';
import { tabs } from './tabs';
import { html } from './templates';
import './wrapping-tabs';

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

  constructor() {
    super();
    new KeptFocus(this);
  }

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
    const facts = [model.format, model.producer, model.layerCount === 0 ? '' : layerCountText(model.layerCount)];
    return html`
      <header>
        <h1>${model.fileName}</h1>
        <span class="muted">${facts.filter((fact) => fact !== '').join(' · ')}</span>
      </header>
      <shiftlint-last-fix .fix=${this.page.lastFix}></shiftlint-last-fix>
      ${model.error === null ? this.renderTabs(model) : html`<p class="error" role="alert">${model.error}</p>`}
    `;
  }

  private renderTabs(model: ModelView): TemplateResult {
    const selected = tabs.findIndex(({ id }) => id === this.page.settings.tab);
    return html`
      <shiftlint-tabs
        .selectedIndex=${selected}
        @vsc-tabs-select=${(event: VscTabsSelectEvent) => {
          this.choose({ tab: tabs[event.detail.selectedIndex]?.id ?? 'layers' });
        }}
        @settings-change=${(event: PageEvent<'settings-change'>) => {
          this.choose(event.detail);
        }}
        @layer-show=${(event: PageEvent<'layer-show'>) => {
          this.show(headingFor(this.page, event.detail));
        }}
        @layer-select=${(event: PageEvent<'layer-select'>) => {
          this.show({ ...this.page, selected: event.detail });
        }}
        @heatmap-enlarge=${(event: PageEvent<'heatmap-enlarge'>) => {
          this.show(enlarging(this.page, event.detail));
        }}
        @outcome-change=${(event: PageEvent<'outcome-change'>) => {
          this.show({ ...this.page, outcomes: { ...this.page.outcomes, ...event.detail } });
        }}
      >
        ${tabs.map((tab) => {
          const count = tab.count?.(model) ?? 0;
          return html`
            <vscode-tab-header slot="header">
              ${tab.label}
              ${count === 0 ? nothing : html`<vscode-badge slot="content-after" variant="counter" title=${findingCountText(count)}>${count}</vscode-badge>`}
            </vscode-tab-header>
            <vscode-tab-panel>${tab.content(model, this.page)}</vscode-tab-panel>
          `;
        })}
      </shiftlint-tabs>
    `;
  }

  private choose(settings: Partial<Settings>): void {
    this.show({ ...this.page, goal: null, settings: { ...this.page.settings, ...settings } });
  }

  private show(page: PageState): void {
    if (page.settings !== this.page.settings) keep(page.settings);
    this.page = page;
  }
}
