import { t } from '@vscode/l10n';
import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { send } from '../../app/page-events';
import { html } from '../../app/templates';
import type { Picture } from '../../graph/layout';
import type { NodeView } from '../../graph/node-view';
import { sharedStyles } from '../../styles/shared';

/** The drawing in words, in the order in which the network is worked out. */
@customElement('shiftlint-node-list')
export class NodeList extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      summary {
        width: fit-content;
        cursor: pointer;
      }
      ol {
        margin: 4px 0 0;
        padding-inline-start: 40px;
        line-height: 1.5;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) picture!: Picture;
  @property({ attribute: false }) views: readonly NodeView[] = [];
  @state() private isOpen = false;

  override render(): TemplateResult {
    const { nodes } = this.picture;
    return html`
      <details
        @toggle=${(event: Event) => {
          this.isOpen = (event.target as HTMLDetailsElement).open;
        }}
      >
        <summary>${t`The network as a list (${nodes.length})`}</summary>
        ${
          this.isOpen
            ? html`<ol>
                ${nodes.map((node, index) => this.renderItem(node.group.id, node.level, this.views[index]))}
              </ol>`
            : ''
        }
      </details>
    `;
  }

  private renderItem(id: string, level: number, view: NodeView | undefined): TemplateResult {
    return html`<li>
      ${'– '.repeat(level - 1)}<button
        class="link"
        @click=${() => {
          send(this, 'node-select', id);
        }}
      >
        ${view?.spoken ?? ''}
      </button>
    </li>`;
  }
}
