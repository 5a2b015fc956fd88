import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type ColourMap, colourMaps, defaultColourMap } from '../../../src/panel-protocol/core/colour-map';
import type { ScaleChoice, ValueScale } from '../../../src/panel-protocol/core/value-scale';
import { send } from '../../app/page-events';
import { defaultSettings, type Settings } from '../../app/settings';
import { html } from '../../app/templates';
import { choiceSelect, type Choice } from '../../fields/choice-select';
import { defaultScale, scaleChanged } from '../../heatmap/default-scale';
import '../../heatmap/legend';
import { layerCountText } from '../../lists/counts';
import { sharedStyles } from '../../styles/shared';
import type { MapChoice, MapOrder } from './arrangement';

const colours: readonly Choice<Settings['colourMap']>[] = colourMaps.map(({ name, label }) => ({ value: name, label }));
const scales: readonly Choice<ScaleChoice>[] = [
  { value: 'linear', label: t`0.5 to 1` },
  { value: 'log', label: t`0.5 to 1, logarithmic` },
  { value: 'stretch', label: t`Stretched to this model` },
];
const choices: readonly Choice<MapChoice>[] = [
  { value: 'telling', label: t`What matters` },
  { value: 'findings', label: t`Findings` },
  { value: 'strided', label: t`Downsampling` },
  { value: 'all', label: t`All layers` },
];
const orders: readonly Choice<MapOrder>[] = [
  { value: 'depth', label: t`By depth` },
  { value: 'loss', label: t`Largest loss` },
  { value: 'mean', label: t`Lowest mean` },
  { value: 'worst', label: t`Lowest value` },
];

/** What the colours mean, which maps are shown and in which order; stays in sight while they are scrolled. */
@customElement('shiftlint-map-tools')
export class MapTools extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        position: sticky;
        top: 0;
        z-index: 1;
        display: block;
        margin-top: 12px;
        padding: 4px 0 6px;
        background: var(--vscode-editor-background);
      }
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
      }
      div + div {
        margin-top: 6px;
      }
      shiftlint-legend {
        flex: 1 1 360px;
      }
      vscode-textfield {
        flex: 0 1 260px;
      }
      vscode-single-select {
        width: 200px;
      }
      .which vscode-single-select {
        width: 150px;
      }
    `,
  ];

  @property({ attribute: false }) settings: Settings = defaultSettings;
  @property({ attribute: false }) colourMap: ColourMap = defaultColourMap;
  @property({ attribute: false, hasChanged: scaleChanged }) scale: ValueScale = defaultScale;
  /** The lowest value of all maps. */
  @property({ attribute: false }) lowest = 1;
  @property({ attribute: false }) shown = 0;
  @property({ attribute: false }) total = 0;

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('vscode-textfield')?.focus();
  }

  override render(): TemplateResult {
    const { settings, colourMap, scale, shown, total } = this;
    return html`
      <div>
        <shiftlint-legend
          .colourMap=${colourMap}
          .scale=${scale}
          .choice=${settings.scale}
          .passed=${this.lowest < scale.low}
        ></shiftlint-legend>
        ${choiceSelect(t`Colour map`, colours, colourMap.name, (name) => {
          this.choose({ colourMap: name });
        })}
        ${choiceSelect(t`Scale`, scales, settings.scale, (choice) => {
          this.choose({ scale: choice });
        })}
      </div>
      <div class="which">
        <vscode-textfield
          .label=${t`Search layers`}
          placeholder=${t`Search layers`}
          .value=${settings.mapSearch}
          @input=${(event: Event) => {
            this.choose({ mapSearch: (event.target as HTMLInputElement).value });
          }}
        ></vscode-textfield>
        ${choiceSelect(t`Layers shown`, choices, settings.mapChoice, (mapChoice) => {
          this.choose({ mapChoice });
        })}
        ${choiceSelect(t`Order`, orders, settings.mapOrder, (mapOrder) => {
          this.choose({ mapOrder });
        })}
        <span class="muted number" role="status">${shown === total ? layerCountText(total) : t`${shown} of ${total} layers`}</span>
        ${shown === total ? nothing : this.renderShowAll()}
      </div>
    `;
  }

  private renderShowAll(): TemplateResult {
    return html`<button
      class="link"
      @click=${() => {
        this.choose({ mapChoice: 'all', mapSearch: '' });
      }}
    >
      ${t`Show all`}
    </button>`;
  }

  private choose(settings: Partial<Settings>): void {
    send(this, 'settings-change', settings);
  }
}
