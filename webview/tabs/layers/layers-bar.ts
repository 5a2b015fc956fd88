import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { ModelView } from '../../../src/panel-protocol/model';
import { send } from '../../app/page-events';
import { defaultSettings, type Settings } from '../../app/settings';
import { html } from '../../app/templates';
import { sharedStyles } from '../../styles/shared';
import { columnChoice, columnChoiceStyles } from './column-choice';

/** What is shown of the layers, and the way between findings; stays in sight while they are scrolled. */
@customElement('shiftlint-layers-bar')
export class LayersBar extends LitElement {
  static override readonly styles = [
    sharedStyles,
    columnChoiceStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        padding-block: 6px;
        background: var(--vscode-editor-background);
      }
      vscode-textfield {
        flex: 0 1 260px;
      }
      .count {
        flex: 1;
      }
    `,
  ];

  @property({ attribute: false }) model!: ModelView;
  @property({ attribute: false }) settings: Settings = defaultSettings;
  /** Layers that pass the filter. */
  @property({ attribute: false }) shown = 0;
  /** Whether any of them has a finding to go to. */
  @property({ attribute: false }) hasFindings = false;
  /** Goes to the next finding, or to the one before. */
  @property({ attribute: false }) walk: (step: 1 | -1) => void = () => undefined;
  @query('vscode-textfield') private readonly search!: HTMLElement & { value: string };

  override render(): TemplateResult {
    const { layerCount } = this.model;
    const { shown } = this;
    return html`
      <vscode-textfield
        .label=${t`Filter layers`}
        placeholder=${t`Filter by name, operation or rule`}
        .value=${this.settings.filter}
        @input=${(event: InputEvent) => {
          send(this, 'settings-change', { filter: (event.target as HTMLInputElement).value });
        }}
      ></vscode-textfield>
      <vscode-checkbox
        .label=${t`Only findings`}
        .checked=${this.settings.onlyFindings}
        @change=${(event: Event) => {
          send(this, 'settings-change', { onlyFindings: (event.target as HTMLInputElement).checked });
        }}
      ></vscode-checkbox>
      ${this.renderWalk(t`Previous finding`, 'K', 'arrow-up', -1)} ${this.renderWalk(t`Next finding`, 'J', 'arrow-down', 1)}
      <span class="count muted number" role="status">${shown === layerCount ? nothing : t`${shown} of ${layerCount} layers`}</span>
      ${columnChoice(this.settings.layerColumns, (layerColumns) => {
        send(this, 'settings-change', { layerColumns });
      })}
    `;
  }

  /** Puts the cursor into the filter, with what stands there selected. */
  searchLayers(): void {
    this.search.focus();
    this.search.shadowRoot?.querySelector('input')?.select();
  }

  private renderWalk(text: string, key: string, icon: string, step: 1 | -1): TemplateResult {
    return html`<vscode-button
      secondary
      icon=${icon}
      icon-only
      aria-label=${text}
      title=${t`${text} (${key})`}
      ?disabled=${!this.hasFindings}
      aria-disabled=${!this.hasFindings}
      @click=${() => {
        this.walk(step);
      }}
    ></vscode-button>`;
  }
}
