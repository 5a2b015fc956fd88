import { VscodeTabs } from '@vscode-elements/elements/dist/vscode-tabs/vscode-tabs.js';
import { css } from 'lit';
import { customElement } from 'lit/decorators.js';

/** Tabs whose heads stand in as many lines as a narrow panel, or a zoomed one, makes of them: none is out of sight. */
@customElement('shiftlint-tabs')
export class WrappingTabs extends VscodeTabs {
  static override readonly styles = [
    VscodeTabs.styles,
    css`
      .tablist {
        flex-wrap: wrap;
      }
    `,
  ];
}
