import { LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { html } from '../app/templates';

/**
 * Part of a long list, which is made when it comes near the screen and goes when it leaves it, so that thousands of rows are
 * as light as those in sight. Its content stands in the tree of whoever shows it, and takes the styles from there.
 */
@customElement('shiftlint-when-near')
export class WhenNear extends LitElement {
  @property({ attribute: false }) content: () => TemplateResult = () => html``;
  /** CSS pixels to keep free before the content was there; afterwards it is as much as the content took. */
  @property({ attribute: false }) reserve = 0;
  @state() private near = false;
  private readonly watcher = new IntersectionObserver(
    (entries) => {
      this.near = entries.at(-1)?.isIntersecting ?? false;
    },
    // The frame's own document: margins round the whole window count for nothing in a frame of another origin.
    { root: document, rootMargin: '600px' },
  );

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  override disconnectedCallback(): void {
    this.watcher.disconnect();
    super.disconnectedCallback();
  }

  protected override willUpdate(): void {
    if (!this.near && this.childElementCount > 0) this.reserve = this.offsetHeight;
  }

  override render(): TemplateResult {
    return this.near ? this.content() : html``;
  }

  protected override updated(): void {
    // Styles are set from here because the page's policy allows no style attributes.
    this.style.display = 'block';
    this.style.minHeight = this.near ? '' : `${this.reserve}px`;
  }
}
