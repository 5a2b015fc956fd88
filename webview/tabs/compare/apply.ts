import '@vscode-elements/elements/dist/vscode-button/index.js';
import { t } from '@vscode/l10n';
import { css, type TemplateResult } from 'lit';
import type { WantedFix } from '../../../src/panel-protocol/fixes';
import type { RunView } from '../../../src/panel-protocol/run';
import { post } from '../../app/host';
import { html } from '../../app/templates';

/** Looks of the buttons; the view that shows them takes these in. */
export const applyStyles = css`
  .apply {
    display: flex;
    flex-direction: column;
    align-items: stretch;
    gap: 4px;
  }
  p .apply,
  div.apply.row {
    flex-flow: row wrap;
    align-items: center;
    gap: 8px;
    margin-top: 8px;
  }
`;

/** Something that can be made of the model itself. */
export interface Applicable {
  readonly fix: WantedFix;
  /** As screen readers say it: `Tri-3`. */
  readonly what: string;
  /** True for a copy with recovered weights: applied from the images that it was recovered from. */
  readonly isRecovered: boolean;
  /** Why it cannot be applied; empty where it can. */
  readonly obstacle: string;
}

/** Why what a run came to is not applied; empty where it can be. What is stale was measured of another model or with other fixes. */
export function staleObstacle(view: RunView): string {
  if (view.state === 'running') return t`The run goes on: wait for its end.`;
  if (view.state === 'finished' && !view.stale) return '';
  return t`This result is of another model or of other options: run it again, or take the change back.`;
}

/** The buttons that make a compared copy of the model itself, as one edit that can be undone. */
export function applyButtons({ fix, what, isRecovered, obstacle }: Applicable, label: string, recoverObstacle: string): TemplateResult {
  const isOff = obstacle !== '';
  const recover = (folder: 'asked' | 'studied'): void => {
    post({ kind: 'fix-and-recover', fix, folder });
  };
  if (isRecovered) {
    const reason = isOff ? obstacle : recoverObstacle;
    return html`<vscode-button
      secondary
      aria-label=${t`${label}: ${what}, recovered`}
      title=${reason === '' ? t`Inserts these blurs and recovers the weights from the same folder of images, as one edit; nothing is saved.` : reason}
      ?disabled=${reason !== ''}
      aria-disabled=${reason !== ''}
      @click=${() => {
        recover('studied');
      }}
      >${label}</vscode-button
    >`;
  }
  const reason = isOff ? obstacle : recoverObstacle;
  return html`
    <vscode-button
      secondary
      aria-label=${t`${label}: ${what}`}
      title=${isOff ? obstacle : t`Inserts these blurs into the model, as one edit that can be undone; nothing is saved.`}
      ?disabled=${isOff}
      aria-disabled=${isOff}
      @click=${() => {
        post({ kind: 'fix', fix });
      }}
      >${label}</vscode-button
    >
    <vscode-button
      secondary
      aria-label=${t`Fix and recover: ${what}`}
      title=${reason === '' ? t`Inserts these blurs and recovers the weights from a folder of images that you choose, as one edit; nothing is saved.` : reason}
      ?disabled=${reason !== ''}
      aria-disabled=${reason !== ''}
      @click=${() => {
        recover('asked');
      }}
      >${t`Fix and recover…`}</vscode-button
    >
  `;
}
