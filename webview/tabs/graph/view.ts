import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { colourMaps, defaultColourMap, type ColourMapName } from '../../../src/panel-protocol/core/colour-map';
import { valueScale, type ScaleChoice } from '../../../src/panel-protocol/core/value-scale';
import type { ModelView } from '../../../src/panel-protocol/model';
import type { HeatmapView } from '../../../src/panel-protocol/studies/equivariance';
import { post } from '../../app/host';
import { latest } from '../../app/latest';
import { send, type PageEvent } from '../../app/page-events';
import type { PageState } from '../../app/state';
import { html } from '../../app/templates';
import '../../graph/drawing';
import type { NetworkDrawing } from '../../graph/drawing';
import { openAgain, openAll, withOpen } from '../../graph/expansion';
import { groupTree, wayTo, type Group } from '../../graph/group-tree';
import { laidOut, type Layered, type Picture } from '../../graph/layout';
import { neighboursOf, shownAs, type Neighbours } from '../../graph/neighbours';
import { joinedNetwork, type Network } from '../../graph/network';
import { nodeView, type Colouring, type NodeView } from '../../graph/node-view';
import { matchingVertices } from '../../graph/search';
import { shownGraph } from '../../graph/shown';
import { isMeasured } from '../../heatmap/reading';
import '../../heatmap/legend';
import { sharedStyles } from '../../styles/shared';
import './node-details';
import './node-list';

/** The network with its tree of groups. */
interface Drawn {
  readonly network: Network;
  readonly tree: Group;
}

/** What nodes are coloured by, and the lowest value of all maps. */
interface Shades extends Colouring {
  readonly lowest: number;
}

const noHeatmaps: readonly HeatmapView[] = [];

function shadesOf(heatmaps: readonly HeatmapView[], name: ColourMapName, choice: ScaleChoice): Shades {
  const lowest = heatmaps.reduce((low, { min }) => Math.min(low, min ?? 1), 1);
  return {
    means: new Map(heatmaps.filter(isMeasured).map(({ layer, mean }) => [layer, mean])),
    colourMap: colourMaps.find((map) => map.name === name) ?? defaultColourMap,
    scale: valueScale(choice, lowest),
    lowest,
  };
}

/** The tab that draws the network: tools, the drawing, and beside it what is known of the chosen node. */
@customElement('shiftlint-graph-view')
export class GraphView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        margin-bottom: 8px;
      }
      .tools vscode-textfield {
        flex: 0 1 240px;
      }
      .buttons {
        display: flex;
        gap: 4px;
      }
      .tools shiftlint-legend {
        flex: 1 1 340px;
      }
      .panes {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 320px;
        gap: 12px;
      }
      shiftlint-network-drawing,
      shiftlint-node-details {
        height: max(360px, calc(100vh - 200px));
      }
      @media (max-width: 760px) {
        .panes {
          grid-template-columns: minmax(0, 1fr);
        }
        shiftlint-network-drawing {
          height: max(300px, 60vh);
        }
        shiftlint-node-details {
          height: auto;
        }
      }
      .key {
        margin: 8px 0 0;
        line-height: 1.5;
      }
    `,
  ];

  @property({ attribute: false }) page!: PageState;
  @state() private drawn: Drawn | null = null;
  @state() private open: ReadonlySet<string> = new Set();
  /** The group that is chosen; all tabs share the choice of a layer. */
  @state() private chosen: string | null = null;
  @state() private search = '';
  @state() private layered: Layered | null = null;
  @state() private failure = '';
  @query('shiftlint-network-drawing') private readonly drawing!: NetworkDrawing | null;
  private picture: Picture | null = null;
  private neighbours: Neighbours | null = null;
  private askedFor: ModelView | null = null;
  /** The shared choice, as far as the drawing has followed it. */
  private followed: string | null = null;

  /** Nothing is drawn in a tab that nobody sees. */
  protected override shouldUpdate(): boolean {
    return this.page.settings.tab === 'graph';
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.ask();
    const { model, layers, network } = this.page;
    const joined = changed.has('page') && this.isOutdated() ? joinedNetwork(model?.layerCount ?? 0, layers, network) : null;
    if (joined !== null) this.take(joined);
    if (this.page.selected !== this.followed) this.follow(this.page.selected);
    if (changed.has('drawn') || changed.has('open') || changed.has('layered')) this.layOut();
  }

  private sources: readonly unknown[] = [];

  private isOutdated(): boolean {
    const { layers, network } = this.page;
    const [rows, connected] = this.sources;
    return layers !== rows || network !== connected;
  }

  /** The network is asked for once a model, when it is to be seen. */
  private ask(): void {
    const { model } = this.page;
    if (model === null || model === this.askedFor) return;
    this.askedFor = model;
    post({ kind: 'show-network' });
    if (this.layered === null) void this.load();
  }

  private async load(): Promise<void> {
    try {
      const place = new URL('graph-layout.js', import.meta.url).href;
      const { layered } = (await import(place)) as typeof import('../../graph/layered');
      this.layered = layered;
    } catch (error) {
      this.failure = t`The layout could not be loaded, so the network cannot be drawn: ${String(error)}`;
    }
  }

  /** Groups that are open stay so in a changed model, and over a restart of the editor. */
  private take(network: Network): void {
    this.sources = [this.page.layers, this.page.network];
    const tree = groupTree(network);
    const isFirst = this.drawn === null;
    this.drawn = { network, tree };
    this.open = openAgain(tree, isFirst ? this.page.settings.openGroups : [...this.open]);
  }

  private layOut(): void {
    const { drawn, layered, open } = this;
    if (drawn === null || layered === null) return;
    this.picture = laidOut(shownGraph(drawn.tree, open, drawn.network.edges), layered);
    this.neighbours = neighboursOf(drawn.tree, open, drawn.network.edges);
  }

  /** Opens what hides a layer that was chosen elsewhere, and leads there. */
  private follow(layer: string | null): void {
    const { drawn, layered } = this;
    // Nothing leads anywhere before there is a drawing.
    if (drawn === null || layered === null || layer === null) return;
    this.followed = layer;
    const place = drawn.network.vertices.findIndex(({ row }) => row?.layer === layer);
    if (place >= 0) this.lead(drawn, place, false);
  }

  private lead({ tree }: Drawn, place: number, focus: boolean): void {
    const way = wayTo(tree, place);
    const vertex = way.at(-1);
    if (vertex === undefined) return;
    this.open = withOpen(tree, this.open, way.slice(0, -1));
    this.chosen = vertex.id;
    void this.updateComplete.then(() => this.drawing?.reach(vertex.id, focus));
  }

  override render(): TemplateResult {
    const { drawn, picture, neighbours } = this;
    if (this.failure !== '') return html`<p role="alert">${this.failure}</p>`;
    if (drawn === null || picture === null || neighbours === null)
      return html`<p class="muted" role="status">${t`The network is being laid out…`}</p>`;
    const views = this.viewsOf(picture, drawn.network, this.colouring);
    const found = this.foundIn(drawn.network, this.search);
    return html`
      ${this.renderTools(drawn, found)}
      <div
        class="panes"
        @node-select=${(event: PageEvent<'node-select'>) => {
          this.choose(event.detail);
        }}
        @node-open=${(event: PageEvent<'node-open'>) => {
          this.openNode(event.detail);
        }}
        @node-close=${(event: PageEvent<'node-close'>) => {
          this.closeNode(event.detail);
        }}
        @node-focus=${(event: PageEvent<'node-focus'>) => {
          this.drawing?.reach(event.detail, true);
        }}
      >
        <shiftlint-network-drawing
          .picture=${picture}
          .views=${views}
          .neighbours=${neighbours}
          .selected=${this.chosen}
          .found=${this.idsOf(found, drawn.tree, this.open)}
        ></shiftlint-network-drawing>
        ${this.renderDetails(drawn, picture, views)}
      </div>
      <p class="key muted">
        ${t`A node that narrows leaves samples out, one that widens adds some; a pill with a wave is a blur, a hexagon joins branches, a stack is a group, a triangle a finding, a plus what a fix has put in. Arrow keys walk along edges, Enter opens, Escape closes, + and − zoom, 0 shows all.`}
      </p>
      <shiftlint-node-list
        .picture=${picture}
        .views=${views}
        @node-select=${(event: PageEvent<'node-select'>) => {
          this.choose(event.detail);
          this.drawing?.reach(event.detail, true);
        }}
      ></shiftlint-node-list>
    `;
  }

  private get colouring(): Shades {
    const { settings, outcomes } = this.page;
    return this.shadesOf(outcomes.equivariance.maps?.heatmaps ?? noHeatmaps, settings.colourMap, settings.scale);
  }

  private readonly shadesOf = latest(shadesOf);
  private readonly foundIn = latest(matchingVertices);
  /** The nodes that show what was found. */
  private readonly idsOf = latest(
    (found: readonly number[], tree: Group, open: ReadonlySet<string>): ReadonlySet<string> =>
      new Set(found.flatMap((vertex) => shownAs(tree, open, vertex)?.id ?? [])),
  );
  private readonly viewsOf = latest((picture: Picture, network: Network, colouring: Colouring) =>
    picture.nodes.map(({ group }) => nodeView(group, network, colouring)),
  );

  private renderTools({ tree }: Drawn, found: readonly number[]): TemplateResult {
    const { means, colourMap, scale, lowest } = this.colouring;
    return html`
      <div class="tools">
        <vscode-textfield
          .label=${t`Search the network`}
          placeholder=${t`Search the network`}
          .value=${this.search}
          @input=${(event: InputEvent) => {
            this.search = (event.target as HTMLInputElement).value;
          }}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === 'Enter') this.step(found, event.shiftKey ? -1 : 1);
          }}
        ></vscode-textfield>
        <span class="muted number" role="status">${this.search.trim() === '' ? '' : this.foundText(found)}</span>
        <span class="buttons">
          ${this.renderButton('zoom-in', t`Zoom in`, () => this.drawing?.zoom(1.25))}
          ${this.renderButton('zoom-out', t`Zoom out`, () => this.drawing?.zoom(0.8))}
          ${this.renderButton('screen-full', t`Show all of the network`, () => this.drawing?.fit())}
          ${this.renderButton('expand-all', t`Open all groups`, () => {
            this.open = openAll(tree);
          })}
          ${this.renderButton('collapse-all', t`Close all groups`, () => {
            this.open = new Set();
          })}
        </span>
        ${
          means.size === 0
            ? html`<span class="muted">${t`Coloured by mean equivariance once it is measured.`}</span>`
            : html`<shiftlint-legend
                .colourMap=${colourMap}
                .scale=${scale}
                .choice=${this.page.settings.scale}
                .passed=${lowest < scale.low}
              ></shiftlint-legend>`
        }
      </div>
    `;
  }

  private renderButton(icon: string, label: string, act: () => void): TemplateResult {
    return html`<vscode-button secondary icon-only icon=${icon} aria-label=${label} title=${label} @click=${act}></vscode-button>`;
  }

  private renderDetails({ network, tree }: Drawn, picture: Picture, views: readonly NodeView[]): TemplateResult {
    const place = picture.nodes.findIndex(({ group }) => group.id === this.chosen);
    const group = picture.nodes[place]?.group ?? null;
    const vertex = group?.kind === 'vertex' ? (network.vertices[group.first] ?? null) : null;
    const layer = vertex?.row?.layer;
    const map = this.page.outcomes.equivariance.maps?.heatmaps.find((heatmap) => heatmap.layer === layer);
    return html`
      <shiftlint-node-details
        .group=${group}
        .vertex=${vertex}
        .isOpen=${picture.nodes[place]?.isOpen === true}
        .summary=${views[place]?.spoken ?? ''}
        .map=${map !== undefined && isMeasured(map) ? map : null}
        .facts=${this.page.facts?.layer === layer ? this.page.facts : null}
        .weights=${this.page.weights?.layer === layer ? this.page.weights : null}
        .around=${vertex === null ? [] : this.around(network, tree, group?.first ?? 0)}
      ></shiftlint-node-details>
    `;
  }

  /** What a vertex reads, and what reads it. */
  private around({ edges, vertices }: Network, tree: Group, place: number): readonly { id: string; label: string; isBefore: boolean }[] {
    const named = (vertex: number, isBefore: boolean): { id: string; label: string; isBefore: boolean } => ({
      id: shownAs(tree, this.open, vertex)?.id ?? '',
      label: vertices[vertex]?.label ?? '',
      isBefore,
    });
    return edges.flatMap(({ from, to }) => (to === place ? named(from, true) : from === place ? named(to, false) : []));
  }

  private foundText(found: readonly number[]): string {
    const place = found.findIndex((vertex) => this.drawn !== null && wayTo(this.drawn.tree, vertex).at(-1)?.id === this.chosen);
    return found.length === 0 ? t`No layer matches.` : place < 0 ? t`${found.length} found` : t`${place + 1} of ${found.length} found`;
  }

  /** To the next or the previous of what was found, round the ends. */
  private step(found: readonly number[], by: 1 | -1): void {
    const { drawn } = this;
    if (drawn === null || found.length === 0) return;
    const place = found.findIndex((vertex) => wayTo(drawn.tree, vertex).at(-1)?.id === this.chosen);
    const next = found[place < 0 ? 0 : (place + by + found.length) % found.length];
    if (next === undefined) return;
    this.lead(drawn, next, false);
    this.share(drawn.network, next);
  }

  private choose(id: string): void {
    const { drawn } = this;
    this.chosen = id;
    const group = this.picture?.nodes.find((node) => node.group.id === id)?.group;
    if (drawn !== null && group?.kind === 'vertex') this.share(drawn.network, group.first);
  }

  /** All tabs mark the layer. */
  private share({ vertices }: Network, place: number): void {
    const layer = vertices[place]?.row?.layer;
    if (layer === undefined || layer === this.page.selected) return;
    this.followed = layer;
    send(this, 'layer-select', layer);
  }

  /** A group is opened, of a layer its details. */
  private openNode(id: string): void {
    const { drawn } = this;
    const group = this.picture?.nodes.find((node) => node.group.id === id)?.group;
    if (drawn === null || group === undefined) return;
    this.choose(id);
    if (group.children.length === 0) {
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('shiftlint-node-details')?.focus());
      return;
    }
    const around = wayTo(drawn.tree, group.first).filter(
      (one) => one.first <= group.first && one.end >= group.end && one.children.length > 0,
    );
    const way = around.slice(0, around.findIndex((one) => one.id === id) + 1);
    this.open = withOpen(drawn.tree, this.open, way);
    void this.updateComplete.then(() => this.drawing?.reach(id, true));
  }

  /** An open group is closed; of anything else, the innermost group around it. */
  private closeNode(id: string): void {
    const { drawn } = this;
    const node = this.picture?.nodes.find(({ group }) => group.id === id);
    if (drawn === null || node === undefined) return;
    const around = wayTo(drawn.tree, node.group.first).filter((group) => this.open.has(group.id) && group.end >= node.group.end);
    const closing = node.isOpen ? node.group : around.at(-1);
    if (closing === undefined) return;
    this.open = new Set([...this.open].filter((one) => one !== closing.id));
    this.chosen = closing.id;
    void this.updateComplete.then(() => this.drawing?.reach(closing.id, true));
  }

  protected override updated(changed: PropertyValues<this>): void {
    // The view's own states are no public names of it.
    if ((changed as PropertyValues).has('open') && this.drawn !== null) send(this, 'settings-change', { openGroups: [...this.open] });
    const { chosen, page } = this;
    const group = this.picture?.nodes.find((node) => node.group.id === chosen)?.group;
    const layer = group?.kind === 'vertex' ? this.drawn?.network.vertices[group.first]?.row?.layer : undefined;
    if (layer === undefined || page.facts?.layer === layer || layer === this.factsAskedFor) return;
    this.factsAskedFor = layer;
    post({ kind: 'show-facts', layer });
  }

  private factsAskedFor: string | null = null;
}
