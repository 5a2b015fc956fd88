import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { recoveryOffer, type ModelView } from '../../../src/panel-protocol/model';
import { post } from '../../app/host';
import { send } from '../../app/page-events';
import { defaultSettings, type Settings } from '../../app/settings';
import { html } from '../../app/templates';
import { measureObstacle } from '../../run/bar';
import { sharedStyles } from '../../styles/shared';

/** What is shown of the layers, and the buttons that mend all of them. */
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
    const { layerCount, fixableCount, mayMeasure } = this.model;
    const { shown } = this;
    const obstacle = measureObstacle(mayMeasure);
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
      <vscode-button
        icon="wand"
        title="Inserts BlurPool into every layer where it fits"
        ?disabled=${fixableCount === 0}
        @click=${() => {
          post({ kind: 'fix-all' });
        }}
        >Fix all (${fixableCount})</vscode-button
      >
      <vscode-button
        secondary
        icon="wand"
        title=${obstacle === '' ? recoveryOffer : obstacle}
        ?disabled=${fixableCount === 0 || obstacle !== ''}
        @click=${() => {
          post({ kind: 'fix-and-recover', layer: null });
        }}
        >Fix and recover…</vscode-button
      >
    `;
  }
}
