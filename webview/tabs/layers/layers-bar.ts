import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ModelView } from '../../../src/panel-protocol/model';
import { send } from '../../app/page-events';
import { defaultSettings, type Settings } from '../../app/settings';
import { html } from '../../app/templates';
import { sharedStyles } from '../../styles/shared';

/** What is shown of the layers. */
@customElement('shiftlint-layers-bar')
export class LayersBar extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        margin-bottom: 10px;
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

  override render(): TemplateResult {
    const { layerCount } = this.model;
    const { shown } = this;
    return html`
      <vscode-textfield
        .label=${'Filter layers'}
        placeholder="Filter by name, operation or rule"
        .value=${this.settings.filter}
        @input=${(event: InputEvent) => {
          send(this, 'settings-change', { filter: (event.target as HTMLInputElement).value });
        }}
      ></vscode-textfield>
      <vscode-checkbox
        .label=${'Only findings'}
        .checked=${this.settings.onlyFindings}
        @change=${(event: Event) => {
          send(this, 'settings-change', { onlyFindings: (event.target as HTMLInputElement).checked });
        }}
      ></vscode-checkbox>
      <span class="count muted number" role="status">${shown === layerCount ? nothing : `${shown} of ${layerCount} layers`}</span>
    `;
  }
}
