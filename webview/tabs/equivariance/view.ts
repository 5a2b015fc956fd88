import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type ColourMap, colourMaps, defaultColourMap } from '../../../src/panel-protocol/core/colour-map';
import { type ValueScale, valueScale } from '../../../src/panel-protocol/core/value-scale';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import '../../heatmap/enlarged/enlarged';
import { isMeasured } from '../../heatmap/reading';
import { arranged, judgedMaps, type JudgedMap, type MapChoice, type MapOrder } from './arrangement';
import { formerMeans } from './differences/difference';
import './differences/view';
import './losses';
import './map-list';
import type { MapList } from './map-list';
import './map-tools';
import { neighboursOf } from './neighbours';
import '../../charts/mean-by-depth';
import './class-map';
import { latest } from '../../app/latest';
import { send, type PageEvent } from '../../app/page-events';
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
import { html } from '../../app/templates';

/** The tab of heatmaps: toolbar, where equivariance is lost, remarks, the mean by depth, and the maps that the user wants to see. */
@customElement('shiftlint-equivariance-view')
export class EquivarianceView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    fieldStyles,
    remarkStyles,
    css`
      shiftlint-map-list {
        --sticky-height: 96px;
      }
    `,
  ];

  @property({ attribute: false }) page!: PageState;
  @property({ attribute: false }) mayMeasure = false;

  /** Judging and ordering take all maps: they wait until what they depend on changes. */
  private readonly judged = latest(judgedMaps);
  private readonly arranged = latest((maps: readonly JudgedMap[], mapChoice: MapChoice, mapOrder: MapOrder, mapSearch: string) =>
    arranged(maps, { mapChoice, mapOrder, mapSearch }),
  );

  override render(): TemplateResult {
    const { runs, inputs, outcomes } = this.page;
    const { maps } = outcomes.equivariance;
    return html`
      <shiftlint-run-bar
        .study=${'equivariance'}
        .view=${runs.equivariance}
        .label=${t`Measure`}
        .count=${{ done: maps?.heatmaps.filter(isMeasured).length ?? 0, total: maps?.heatmaps.length ?? 0, noun: 'layers' }}
        .obstacle=${measureObstacle(this.mayMeasure)}
      >
        ${inputs === null ? nothing : html`${imageField(inputs)} ${preprocessingFields(inputs)} ${metricField(inputs.choices)} ${protocolFields(inputs.choices, true)}`}
      </shiftlint-run-bar>
      ${maps === null ? this.renderExplanation() : this.renderMaps(maps)}
    `;
  }

  private renderExplanation(): TemplateResult | typeof nothing {
    if (this.page.runs.equivariance.state === 'running' || !this.mayMeasure) return nothing;
    return html`
      <p class="explanation muted">
        ${t`Measuring shifts the input by every number of pixels and shows, layer by layer, how closely the feature maps shift along: 1 means equivariant, lower values mean that a layer before aliases.`}
      </p>
    `;
  }

  private renderMaps(maps: HeatmapSet): TemplateResult {
    const { settings, outcomes } = this.page;
    const { classes, former } = outcomes.equivariance;
    const colourMap = colourMaps.find(({ name }) => name === settings.colourMap) ?? defaultColourMap;
    const lowest = maps.heatmaps.reduce((low, { min }) => Math.min(low, min ?? 1), 1);
    const scale = valueScale(settings.scale, lowest);
    const judged = this.judged(maps.heatmaps, this.page.layers);
    const stages = this.arranged(judged, settings.mapChoice, settings.mapOrder, settings.mapSearch);
    return html`
      <shiftlint-losses .maps=${judged} .fixable=${(this.page.model?.fixableCount ?? 0) > 0}></shiftlint-losses>
      ${remarks(t`Notes`, maps.notes, true)}
      ${remarks(
        t`Layers without a map`,
        maps.omitted.map((left) => html`<span class="code" title=${fullName(left)}>${left.label}</span>: ${left.reason}`),
        false,
      )}
      <shiftlint-mean-by-depth
        .heatmaps=${maps.heatmaps}
        .former=${former === null ? [] : formerMeans(former.heatmaps, maps.heatmaps)}
      ></shiftlint-mean-by-depth>
      ${former === null ? nothing : html`<shiftlint-differences .former=${former} .present=${maps}></shiftlint-differences>`}
      ${classes === null ? nothing : html`<shiftlint-class-map .classes=${classes} .size=${maps.frame.size}></shiftlint-class-map>`}
      <shiftlint-map-tools
        .settings=${settings}
        .colourMap=${colourMap}
        .scale=${scale}
        .lowest=${lowest}
        .shown=${stages.reduce((sum, stage) => sum + stage.maps.length, 0)}
        .total=${judged.length}
      ></shiftlint-map-tools>
      <shiftlint-map-list
        .stages=${stages}
        .frame=${maps.frame}
        .colourMap=${colourMap}
        .scale=${scale}
        .selected=${this.page.selected}
      ></shiftlint-map-list>
      ${this.renderEnlarged(maps, colourMap, scale)}
    `;
  }

  private renderEnlarged(maps: HeatmapSet, colourMap: ColourMap, scale: ValueScale): TemplateResult | typeof nothing {
    const { settings, outcomes } = this.page;
    const { enlarged, features, picture, classes } = outcomes.equivariance;
    const heatmap = enlarged === null ? undefined : maps.heatmaps[enlarged];
    if (heatmap === undefined || !isMeasured(heatmap)) return nothing;
    return html`
      <shiftlint-enlarged-heatmap
        .heatmap=${heatmap}
        .frame=${maps.frame}
        .colourMap=${colourMap}
        .scale=${scale}
        .choice=${settings.scale}
        .features=${features}
        .neighbours=${neighboursOf(maps.heatmaps, heatmap.index)}
        .picture=${picture}
        .classes=${classes}
        @enlarged-close=${(event: PageEvent<'enlarged-close'>) => {
          void this.close(event.detail);
        }}
      ></shiftlint-enlarged-heatmap>
    `;
  }

  /** @param index of the map whose card gets the focus; null where it is back where it was */
  private async close(index: number | null): Promise<void> {
    send(this, 'outcome-change', { equivariance: { ...this.page.outcomes.equivariance, enlarged: null, features: null } });
    if (index === null) return;
    await this.updateComplete;
    const isShown = await this.renderRoot.querySelector<MapList>('shiftlint-map-list')?.focusMap(index);
    if (isShown !== true) this.renderRoot.querySelector<HTMLElement>('shiftlint-map-tools')?.focus();
  }
}
