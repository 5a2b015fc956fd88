import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type ColourMap, colourMaps, defaultColourMap } from '../../../src/panel-protocol/core/colour-map';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import { choiceSelect, type Choice } from '../../fields/choice-select';
import '../../heatmap/enlarged';
import '../../heatmap/card';
import { displayScale } from '../../heatmap/display-scale';
import { isMeasured } from '../../heatmap/reading';
import '../../heatmap/legend';
import '../../charts/mean-by-depth';
import './class-map';
import { send, type PageEvent } from '../../app/page-events';
import type { Settings } from '../../app/settings';
import { sharedStyles } from '../../styles/shared';
import type { PageState } from '../../app/state';
import type { HeatmapSet } from '../../../src/panel-protocol/studies/equivariance';
import { fieldStyles } from '../../fields/field';
import { imageField } from '../../fields/files';
import { metricField } from '../../fields/metric';
import { preprocessingFields } from '../../fields/preprocessing';
import { protocolFields } from '../../fields/protocol';
import { measureObstacle } from '../../run/bar';
import { remarks, remarkStyles } from '../../styles/remarks';
import { valueRange, type RangeChoice, type ValueRange } from '../../heatmap/value-range';
import { html } from '../../app/templates';

const ranges: readonly Choice<RangeChoice>[] = [
  { value: 'lowest', label: 'Lowest to 1' },
  { value: 'full', label: '0 to 1' },
];
const colours: readonly Choice<Settings['colourMap']>[] = colourMaps.map(({ name, label }) => ({ value: name, label }));

/** The tab of heatmaps: toolbar, remarks, the mean by depth, and one map a layer. */
@customElement('shiftlint-equivariance-view')
export class EquivarianceView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    fieldStyles,
    remarkStyles,
    css`
      .scale {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        margin-top: 12px;
      }
      shiftlint-legend {
        flex: 1 1 360px;
      }
      .scale vscode-single-select {
        width: 130px;
      }
      .scale vscode-single-select:first-of-type {
        width: 216px;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, min(100%, max(var(--map-width), 200px) + 18px));
        gap: 12px;
        margin-top: 12px;
      }
    `,
  ];

  @property({ attribute: false }) page!: PageState;
  @property({ attribute: false }) mayMeasure = false;

  override render(): TemplateResult {
    const { runs, inputs, outcomes } = this.page;
    const { maps } = outcomes.equivariance;
    return html`
      <shiftlint-run-bar
        .study=${'equivariance'}
        .view=${runs.equivariance}
        .label=${'Measure'}
        .count=${{ done: maps?.heatmaps.filter(isMeasured).length ?? 0, total: maps?.heatmaps.length ?? 0, noun: 'layers' }}
        .obstacle=${measureObstacle(this.mayMeasure)}
      >
        ${inputs === null ? nothing : html`${imageField(inputs)} ${preprocessingFields(inputs)} ${metricField(inputs.choices)} ${protocolFields(inputs.choices, true)}`}
      </shiftlint-run-bar>
      ${maps === null ? this.renderExplanation() : this.renderMaps(maps)}
    `;
  }

  protected override updated(): void {
    const size = this.page.outcomes.equivariance.maps?.frame.size;
    if (size !== undefined) this.style.setProperty('--map-width', `${displayScale(size, 200, 288).width}px`);
  }

  private renderExplanation(): TemplateResult | typeof nothing {
    if (this.page.runs.equivariance.state === 'running' || !this.mayMeasure) return nothing;
    return html`
      <p class="explanation muted">
        Measuring shifts the input by every number of pixels and shows, layer by layer, how closely the feature maps shift along: 1 means
        equivariant, lower values mean that a layer before aliases.
      </p>
    `;
  }

  private renderMaps(maps: HeatmapSet): TemplateResult {
    const { settings, outcomes } = this.page;
    const { classes } = outcomes.equivariance;
    const colourMap = colourMaps.find(({ name }) => name === settings.colourMap) ?? defaultColourMap;
    const range = valueRange(settings.range, maps.heatmaps);
    return html`
      ${remarks('Notes', maps.notes, true)}
      ${remarks(
        'Layers without a map',
        maps.omitted.map((left) => html`<span class="code" title=${fullName(left)}>${left.label}</span>: ${left.reason}`),
        false,
      )}
      <shiftlint-mean-by-depth .heatmaps=${maps.heatmaps}></shiftlint-mean-by-depth>
      ${classes === null ? nothing : html`<shiftlint-class-map .classes=${classes} .size=${maps.frame.size}></shiftlint-class-map>`}
      <div class="scale">
        <shiftlint-legend .colourMap=${colourMap} .range=${range} .choice=${settings.range}></shiftlint-legend>
        ${choiceSelect('Colour map', colours, colourMap.name, (name) => {
          this.choose({ colourMap: name });
        })}
        ${choiceSelect('Value range', ranges, settings.range, (choice) => {
          this.choose({ range: choice });
        })}
      </div>
      <div
        class="grid"
        role="list"
        aria-label="Heatmaps by depth"
        @heatmap-enlarge=${(event: PageEvent<'heatmap-enlarge'>) => {
          this.enlarge(event.detail);
        }}
      >
        ${repeat(
          maps.heatmaps,
          ({ index }) => index,
          (heatmap) => html`
            <shiftlint-heatmap-card
              role="listitem"
              .heatmap=${heatmap}
              .frame=${maps.frame}
              .colourMap=${colourMap}
              .range=${range}
            ></shiftlint-heatmap-card>
          `,
        )}
      </div>
      ${this.renderEnlarged(maps, colourMap, range)}
    `;
  }

  private choose(settings: Partial<Settings>): void {
    send(this, 'settings-change', settings);
  }

  private enlarge(enlarged: number | null): void {
    send(this, 'outcome-change', { equivariance: { ...this.page.outcomes.equivariance, enlarged, features: null } });
  }

  private renderEnlarged(maps: HeatmapSet, colourMap: ColourMap, range: ValueRange): TemplateResult | typeof nothing {
    const { settings, outcomes } = this.page;
    const { enlarged, features } = outcomes.equivariance;
    const heatmap = enlarged === null ? undefined : maps.heatmaps[enlarged];
    if (heatmap === undefined || !isMeasured(heatmap)) return nothing;
    return html`
      <shiftlint-enlarged-heatmap
        .heatmap=${heatmap}
        .frame=${maps.frame}
        .colourMap=${colourMap}
        .range=${range}
        .choice=${settings.range}
        .features=${features}
        @enlarged-close=${() => {
          this.enlarge(null);
        }}
      ></shiftlint-enlarged-heatmap>
    `;
  }
}
