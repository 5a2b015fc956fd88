import '@vscode-elements/elements/dist/vscode-button/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FeatureMaps, FeaturesView } from '../../../src/panel-protocol/studies/features';
import './feature-channels';
import { valueText } from '../reading';
import { post } from '../../app/host';
import { sharedStyles } from '../../styles/shared';
import { html } from '../../app/templates';

/** Channels side by side. */
const pageLength = 8;

/** The feature maps at one shift, a few channels at a time: the image's moved along, the shifted image's, and their difference. */
@customElement('shiftlint-feature-maps')
export class FeatureMapsView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
      }
      p {
        flex: 1 1 100%;
        overflow-wrap: anywhere;
        margin: 0;
        min-height: 1.5em;
      }
    `,
  ];

  @property({ attribute: false }) features!: FeaturesView;
  /** The maps on show, also while others are asked for. */
  @state() private maps: FeatureMaps | null = null;
  /** The first channel on show. */
  @state() private first = 0;

  override render(): TemplateResult {
    return html`
      <header>
        <p class="number" role="status">${this.statusText()}</p>
        ${this.maps === null ? nothing : this.renderPaging(this.maps)}
      </header>
      ${
        this.maps === null
          ? nothing
          : html`<shiftlint-feature-channels
              .maps=${this.maps}
              .first=${this.first}
              .end=${this.end(this.maps)}
              .isOld=${this.features.state === 'running'}
            ></shiftlint-feature-channels>`
      }
    `;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('features') || this.features.state === 'running') return;
    this.maps = this.features.state === 'shown' ? this.features.maps : null;
    this.first = this.maps?.channels.first ?? 0;
  }

  protected override updated(changed: PropertyValues): void {
    // The buttons have their height by the next frame.
    if (changed.has('features'))
      requestAnimationFrame(() => {
        this.renderRoot.querySelector('header')?.scrollIntoView({ block: 'nearest' });
      });
  }

  private statusText(): string {
    const { features } = this;
    const [dy, dx] = features.wanted.shift;
    if (features.state === 'failed') return features.message;
    if (features.state === 'running') return t`Running the model for its feature maps at dy ${dy}, dx ${dx}…`;
    const {
      equivariance,
      layer: { label, channels },
    } = features.maps;
    const value = equivariance === null ? t`no signal, both maps are zero` : valueText(equivariance);
    return `${t`${label} at dy ${dy}, dx ${dx}: ${value}`} · ${t`channels ${this.first} to ${this.end(features.maps) - 1} of ${channels}`}`;
  }

  /** Channels beyond those on show. */
  private end({ channels: { first, count } }: FeatureMaps): number {
    return Math.min(this.first + pageLength, first + count);
  }

  private renderPaging(maps: FeatureMaps): TemplateResult {
    const end = this.end(maps);
    return html`
      <vscode-button
        secondary
        ?disabled=${this.first === 0}
        aria-disabled=${this.first === 0}
        @click=${() => {
          this.page(Math.max(0, this.first - pageLength));
        }}
        >${t`Previous channels`}</vscode-button
      >
      <vscode-button
        secondary
        ?disabled=${end >= maps.layer.channels}
        aria-disabled=${end >= maps.layer.channels}
        @click=${() => {
          this.page(end);
        }}
        >${t`Next channels`}</vscode-button
      >
    `;
  }

  /** Shows the channels from `first` on, asking for them where they have not been sent. */
  private page(first: number): void {
    const { channels } = this.maps ?? { channels: { first: 0, count: 0 } };
    if (first >= channels.first && first < channels.first + channels.count) this.first = first;
    else post({ kind: 'show-features', wanted: { ...this.features.wanted, first } });
  }
}
