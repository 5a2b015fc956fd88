import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type PropertyValues, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { send } from '../app/page-events';
import { html, svg } from '../app/templates';
import { sharedStyles } from '../styles/shared';
import { edgePath, labelPlace } from './edge-path';
import type { Picture, PlacedEdge, PlacedNode, Point, Size } from './layout';
import { nodeAfterKey, type Neighbours } from './neighbours';
import type { NodeView } from './node-view';
import { outline, secondOutline } from './outline';
import { atTop, fitting, legibleScale, panned, showing, zoomed, type Viewport } from './viewport';

const noPicture: Picture = { width: 0, height: 0, nodes: [], edges: [] };
const noNeighbours: Neighbours = { before: new Map(), behind: new Map() };

/** One step of the keys and buttons. */
const zoomStep = 1.25;
/** Pixels that a pointer moves before it draws instead of choosing. */
const dragAfter = 4;

/** The network as it was laid out: moved and zoomed by mouse and keys, walked along its edges by arrow keys. */
@customElement('shiftlint-network-drawing')
export class NetworkDrawing extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        position: relative;
        min-width: 0;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-editorGroup-border, transparent)));
        overflow: hidden;
      }
      svg {
        display: block;
        width: 100%;
        height: 100%;
        cursor: grab;
        touch-action: none;
        user-select: none;
      }
      svg:active {
        cursor: grabbing;
      }
      text {
        fill: var(--vscode-foreground);
        font-family: var(--vscode-font-family);
        font-size: 12px;
      }
      text,
      .words {
        pointer-events: none;
      }
      .title {
        font-weight: 600;
      }
      .detail {
        font-size: 11px;
      }
      .edge {
        fill: none;
        stroke: var(--vscode-descriptionForeground);
        stroke-width: 1.2;
      }
      .arrow {
        fill: var(--vscode-descriptionForeground);
      }
      .edge.many {
        stroke-width: 2.2;
      }
      .label {
        fill: var(--vscode-descriptionForeground);
        font-size: 10px;
      }
      .far .label {
        display: none;
      }
      .node {
        cursor: pointer;
        outline: none;
      }
      .shape {
        fill: var(--vscode-editorWidget-background, var(--vscode-editor-background));
        stroke: var(--vscode-descriptionForeground);
        stroke-width: 1.2;
      }
      .inserted .shape {
        stroke: var(--vscode-charts-green, currentColor);
        stroke-width: 3;
      }
      .coloured .shape {
        fill: var(--fill);
      }
      .coloured text {
        fill: var(--ink);
      }
      .coloured {
        forced-color-adjust: none;
      }
      .second {
        fill: none;
        stroke: var(--vscode-foreground);
        stroke-width: 1.6;
      }
      .coloured .inside {
        stroke: var(--ink);
      }
      .frame .shape {
        fill: var(--vscode-foreground);
        fill-opacity: 0.035;
        stroke-dasharray: 4 3;
      }
      .frame .bar {
        fill: transparent;
      }
      .badge path {
        fill: var(--vscode-editor-background);
        stroke: var(--severity);
        stroke-width: 1.8;
        stroke-linejoin: round;
      }
      .badge {
        --severity: var(--vscode-problemsInfoIcon-foreground);
      }
      .badge.error {
        --severity: var(--vscode-problemsErrorIcon-foreground);
      }
      .badge.warning {
        --severity: var(--vscode-problemsWarningIcon-foreground);
      }
      .badge text,
      .coloured .badge text {
        fill: var(--vscode-foreground);
        font-size: 10px;
        font-weight: 700;
      }
      .toggle rect {
        fill: var(--vscode-editor-background);
        stroke: var(--vscode-descriptionForeground);
      }
      .toggle path {
        fill: none;
        stroke: var(--vscode-foreground);
        stroke-width: 1.6;
      }
      .ring {
        display: none;
        fill: none;
        stroke: var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
      }
      .match .ring {
        display: block;
        stroke: var(--vscode-editor-findMatchHighlightBorder, var(--vscode-charts-orange, currentColor));
        stroke-width: 3;
        stroke-dasharray: 6 3;
      }
      .selected .ring {
        display: block;
        stroke: var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
        stroke-width: 3;
        stroke-dasharray: none;
      }
      .node:focus-visible .ring {
        display: block;
        stroke: var(--vscode-focusBorder);
        stroke-width: 4;
        stroke-dasharray: none;
      }
    `,
  ];

  @property({ attribute: false }) picture: Picture = noPicture;
  /** How each node looks, in the picture's order. */
  @property({ attribute: false }) views: readonly NodeView[] = [];
  @property({ attribute: false }) neighbours: Neighbours = noNeighbours;
  /** Ids of groups: the chosen node, and those that a search has found. */
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) found: ReadonlySet<string> = new Set();
  @query('svg') private readonly canvas!: SVGSVGElement;
  @query('.world') private readonly world!: SVGGElement;
  private viewport: Viewport | null = null;
  /** The node that Tab leads to. */
  private reached: string | null = null;
  /** What is to be brought into the window with the next picture, and whether it is to get the focus. */
  private goal: { readonly id: string; readonly focus: boolean } | null = null;
  private readonly sizes = new ResizeObserver(() => {
    this.settle();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
  }

  override disconnectedCallback(): void {
    this.sizes.disconnect();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { nodes, edges } = this.picture;
    const reached = nodes.some(({ group }) => group.id === this.reached) ? this.reached : (nodes[0]?.group.id ?? null);
    return html`
      <svg
        role="tree"
        aria-label=${t`The network: arrow keys walk along its edges`}
        @keydown=${this.onKey}
        @pointerdown=${this.onPointerDown}
        @dblclick=${this.onDoubleClick}
        @wheel=${this.onWheel}
      >
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path class="arrow" d="M 0 0.5 L 8 4 L 0 7.5 Z"></path>
          </marker>
        </defs>
        <g class="world" role="presentation">
          <g aria-hidden="true">${edges.map((edge) => this.renderEdge(edge))}</g>
          ${repeat(
            nodes,
            ({ group }) => group.id,
            (node, index) => this.renderNode(node, this.views[index], reached === node.group.id),
          )}
        </g>
      </svg>
    `;
  }

  private renderEdge({ points, label, count }: PlacedEdge): SVGTemplateResult {
    const { x, y } = labelPlace(points);
    return svg`<path class="edge ${count > 1 ? 'many' : ''}" d=${edgePath(points)} marker-end="url(#arrow)"></path>${
      label === '' ? nothing : svg`<text class="label" x=${x} y=${y}>${label}</text>`
    }`;
  }

  private renderNode(node: PlacedNode, view: NodeView | undefined, isReached: boolean): SVGTemplateResult | typeof nothing {
    if (view === undefined) return nothing;
    const { group, x, y, isOpen, level } = node;
    const marks = [
      isOpen ? 'frame' : '',
      view.colour !== null && !isOpen ? 'coloured' : '',
      isOpen ? '' : (view.mark ?? ''),
      group.id === this.selected ? 'selected' : '',
      this.found.has(group.id) ? 'match' : '',
    ];
    const isGroup = group.children.length > 0;
    return svg`
      <g class="node ${marks.join(' ')}" transform="translate(${x} ${y})" role="treeitem" data-id=${group.id}
        data-fill=${view.colour?.fill ?? ''} data-ink=${view.colour?.ink ?? ''}
        tabindex=${isReached ? 0 : -1} aria-level=${level} aria-label=${view.spoken}
        aria-expanded=${isGroup ? String(isOpen) : nothing} aria-selected=${group.id === this.selected}>
        <title>${view.spoken}</title>
        ${isOpen ? renderFrame(node) : renderClosed(node, view)}
      </g>
      <g class="words ${marks[1]}" transform="translate(${x} ${y})" aria-hidden="true" data-ink=${view.colour?.ink ?? ''}>
        ${renderWords(node, view)}
      </g>`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('picture') && this.viewport === null) this.settle();
  }

  protected override updated(): void {
    // Styles are set from here because the page's policy allows no style attributes.
    for (const node of this.renderRoot.querySelectorAll<SVGGElement>('.coloured')) {
      node.style.setProperty('--fill', node.dataset['fill'] ?? '');
      node.style.setProperty('--ink', node.dataset['ink'] ?? '');
    }
    this.settle();
    this.reachGoal();
  }

  /** Shows all of the network. */
  fit(): void {
    this.look(fitting(this.picture, this.size));
  }

  /** Nearer by a factor, or farther, with the middle of the window at rest. */
  zoom(factor: number): void {
    const { width, height } = this.size;
    if (this.viewport !== null) this.look(zoomed(this.viewport, factor, { x: width / 2, y: height / 2 }));
  }

  /** Brings a node into the window as soon as it is part of the picture. */
  reach(id: string, focus: boolean): void {
    this.goal = { id, focus };
    this.requestUpdate();
  }

  private reachGoal(): void {
    const { goal, size } = this;
    const node = this.picture.nodes.find(({ group }) => group.id === goal?.id);
    if (goal === null || node === undefined || this.viewport === null || size.width === 0) return;
    this.goal = null;
    this.reached = node.group.id;
    this.look(showing(this.viewport, node, size));
    const element = this.elementOf(node);
    for (const other of this.renderRoot.querySelectorAll('.node[tabindex="0"]')) other.setAttribute('tabindex', '-1');
    element?.setAttribute('tabindex', '0');
    if (goal.focus) element?.focus({ preventScroll: true });
  }

  private elementOf({ group }: PlacedNode): SVGGElement | undefined {
    return [...this.renderRoot.querySelectorAll<SVGGElement>('.node')].find((element) => element.dataset['id'] === group.id);
  }

  private get size(): Size {
    return { width: this.clientWidth, height: this.clientHeight };
  }

  /** The first look at a picture, once there is room for it; the drawing is hidden with its tab. */
  private settle(): void {
    if (this.picture.nodes.length === 0 || this.clientWidth === 0 || !this.hasUpdated) return;
    this.look(this.viewport ?? atTop(this.picture, this.size));
    if (this.goal !== null) this.reachGoal();
  }

  private look(viewport: Viewport): void {
    this.viewport = viewport;
    const { x, y, scale } = viewport;
    this.world.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
    this.canvas.classList.toggle('far', scale < legibleScale);
  }

  private pan(dx: number, dy: number): boolean {
    const before = this.viewport;
    if (before === null) return false;
    const after = panned(before, dx, dy, this.picture, this.size);
    this.look(after);
    return after.x !== before.x || after.y !== before.y;
  }

  private nodeAt(target: EventTarget | null): PlacedNode | undefined {
    const id = target instanceof Element ? target.closest<SVGGElement>('.node')?.dataset['id'] : undefined;
    return id === undefined ? undefined : this.picture.nodes.find(({ group }) => group.id === id);
  }

  private select(node: PlacedNode, focus: boolean): void {
    this.reach(node.group.id, focus);
    send(this, 'node-select', node.group.id);
  }

  private toggle({ group, isOpen }: PlacedNode): void {
    send(this, isOpen ? 'node-close' : 'node-open', group.id);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = this.nodeAt(event.target);
    if (this.zoomsBy(event.key) || (node !== undefined && this.actsOn(event.key, node))) event.preventDefault();
  };

  private zoomsBy(key: string): boolean {
    if (key === '+' || key === '=') this.zoom(zoomStep);
    else if (key === '-') this.zoom(1 / zoomStep);
    else if (key === '0') this.fit();
    else return false;
    return true;
  }

  private actsOn(key: string, node: PlacedNode): boolean {
    if (key === 'Enter' || key === ' ') {
      if (node.group.children.length > 0) this.toggle(node);
      else send(this, 'node-open', node.group.id);
      return true;
    }
    if (key === 'Escape') {
      send(this, 'node-close', node.group.id);
      return true;
    }
    const next = nodeAfterKey(key, node, this.picture.nodes, this.neighbours);
    if (next !== undefined) this.select(next, true);
    return next !== undefined || key.startsWith('Arrow');
  }

  private readonly onDoubleClick = (event: MouseEvent): void => {
    const node = this.nodeAt(event.target);
    if (node !== undefined && node.group.children.length > 0) this.toggle(node);
  };

  private readonly onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const target = event.target;
    let last: Point = { x: event.clientX, y: event.clientY };
    let isDrag = false;
    const start = last;
    const ended = new AbortController();
    const { signal } = ended;
    window.addEventListener(
      'pointermove',
      ({ clientX, clientY }) => {
        isDrag ||= Math.hypot(clientX - start.x, clientY - start.y) > dragAfter;
        if (isDrag) this.pan(clientX - last.x, clientY - last.y);
        last = { x: clientX, y: clientY };
      },
      { signal },
    );
    const end = (): void => {
      ended.abort();
      if (!isDrag) this.onClick(target);
    };
    window.addEventListener('pointerup', end, { signal });
    window.addEventListener(
      'pointercancel',
      () => {
        ended.abort();
      },
      { signal },
    );
  };

  private onClick(target: EventTarget | null): void {
    const node = this.nodeAt(target);
    if (node === undefined) return;
    if (target instanceof Element && target.closest('.toggle') !== null) this.toggle(node);
    else this.select(node, true);
  }

  /** Turning the wheel moves the drawing, with Ctrl it zooms; at its ends the page goes on. */
  private readonly onWheel = (event: WheelEvent): void => {
    const { left, top } = this.getBoundingClientRect();
    const at = { x: event.clientX - left, y: event.clientY - top };
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      if (this.viewport !== null) this.look(zoomed(this.viewport, Math.exp(-event.deltaY / 300), at));
      return;
    }
    const [dx, dy] = event.shiftKey ? [-event.deltaY, 0] : [-event.deltaX, -event.deltaY];
    if (this.pan(dx, dy)) event.preventDefault();
  };
}

function renderClosed(node: PlacedNode, view: NodeView): SVGTemplateResult {
  const { width, height, group } = node;
  const isGroup = group.children.length > 0;
  return svg`
    <path class="second ${view.shape === 'blur' ? '' : 'outside'}" d=${view.shape === 'blur' ? '' : secondOutline(view.shape, node)}></path>
    <path class="shape" d=${outline(view.shape, node)}></path>
    ${view.shape === 'blur' ? svg`<path class="second inside" d=${secondOutline(view.shape, node)}></path>` : nothing}
    ${isGroup ? renderToggle(8, height / 2 - 7, false) : nothing}
    <rect class="ring" x="-5" y="-5" width=${width + 10} height=${height + 10} rx="4"></rect>`;
}

function renderFrame({ width, height }: PlacedNode): SVGTemplateResult {
  return svg`
    <rect class="shape" width=${width} height=${height} rx="6"></rect>
    ${renderToggle(8, 8, true)}
    <rect class="ring" x="-4" y="-4" width=${width + 8} height=${height + 8} rx="7"></rect>`;
}

/** What stands in a node, shortened to its width: it is heard in full as the node's name, so that none of this is part of that. */
function renderWords({ width, group, isOpen }: PlacedNode, view: NodeView): SVGTemplateResult {
  const middle = group.children.length > 0 ? width / 2 + 9 : width / 2;
  return svg`
    ${
      isOpen
        ? svg`<text class="title" x="28" y="19">${view.title}</text>`
        : svg`<text class="title" x=${middle} y="18" text-anchor="middle">${view.title}</text>
            <text class="detail" x=${middle} y="34" text-anchor="middle">${view.detail}</text>`
    }
    ${renderBadge(view, width)}`;
}

function renderToggle(x: number, y: number, isOpen: boolean): SVGTemplateResult {
  return svg`<g class="toggle" transform="translate(${x} ${y})">
    <rect width="14" height="14" rx="2"></rect><path d=${isOpen ? 'M 3 7 H 11' : 'M 3 7 H 11 M 7 3 V 11'}></path>
  </g>`;
}

/** A triangle with an exclamation mark, or with the number of findings. */
function renderBadge({ finding }: NodeView, width: number): SVGTemplateResult | typeof nothing {
  if (finding === null) return nothing;
  const { severity, count } = finding;
  return svg`<g class="badge ${severity}" transform="translate(${width - 12} -9)">
    <path d="M 9 0 L 18.5 17 H -0.5 Z"></path><text x="9" y="14.5" text-anchor="middle">${count === 1 ? '!' : `${count}`}</text>
  </g>`;
}
