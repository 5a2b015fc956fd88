import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import { t } from '@vscode/l10n';
import type { TemplateResult } from 'lit';
import type { InputsView } from '../../src/panel-protocol/inputs';
import { choose } from './choose';
import { html } from '../app/templates';

const needsFolder = t`Recovery learns from a folder of images, without labels: choose one first.`;

/** Whether fixed copies are recovered, too. */
export function recoverField({ folderName, choices }: InputsView): TemplateResult {
  return html`<vscode-checkbox
    .label=${t`Also recovered`}
    title=${folderName === null ? needsFolder : t`Shows fixed copies with weights solved anew from the folder of images, too.`}
    .checked=${choices.recover}
    ?disabled=${folderName === null}
    aria-disabled=${folderName === null}
    @change=${(event: Event) => {
      choose({ recover: (event.target as HTMLInputElement).checked });
    }}
  ></vscode-checkbox>`;
}
