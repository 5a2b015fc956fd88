import { childPlace, type Group } from './group-tree';
import type { Edge } from './network';

/** An end of an edge outside the group: what the group is given, and what it gives. */
export const outside = { before: -1, behind: -2 } as const;

/** Edges between the same two children, drawn as one. */
export interface ShownEdge {
  /** Place among the children, or {@link outside}. */
  readonly from: number;
  readonly to: number;
  /** Of the tensor, where all of them are of one shape; empty otherwise. */
  readonly shape: string;
  readonly count: number;
}

/** An open group: its children and what connects them. */
export interface ShownGroup {
  readonly group: Group;
  /** One a child; null for those that are no open groups. */
  readonly inner: readonly (ShownGroup | null)[];
  readonly edges: readonly ShownEdge[];
}

/** What is shown of the network with these groups open. Edges inside a closed group are not. */
export function shownGraph(tree: Group, open: ReadonlySet<string>, edges: readonly Edge[]): ShownGroup {
  const root = new Gathered(tree, open);
  for (const edge of edges) root.add(edge);
  return root.result;
}

/** An open group while its edges are gathered. */
class Gathered {
  private readonly inner: readonly (Gathered | null)[];
  private readonly edges = new Map<string, ShownEdge>();

  constructor(
    private readonly group: Group,
    open: ReadonlySet<string>,
  ) {
    this.inner = group.children.map((child) => (child.children.length > 0 && open.has(child.id) ? new Gathered(child, open) : null));
  }

  /** An edge between two vertices of the group. */
  add(edge: Edge): void {
    const [from, to] = [this.placeOf(edge.from), this.placeOf(edge.to)];
    if (from === to) {
      this.inner[from]?.add(edge);
      return;
    }
    this.note(from, to, edge.shape);
    this.inner[from]?.leave(edge);
    this.inner[to]?.enter(edge);
  }

  get result(): ShownGroup {
    return { group: this.group, inner: this.inner.map((inner) => inner?.result ?? null), edges: [...this.edges.values()] };
  }

  private leave(edge: Edge): void {
    const from = this.placeOf(edge.from);
    this.note(from, outside.behind, edge.shape);
    this.inner[from]?.leave(edge);
  }

  private enter(edge: Edge): void {
    const to = this.placeOf(edge.to);
    this.note(outside.before, to, edge.shape);
    this.inner[to]?.enter(edge);
  }

  private placeOf(vertex: number): number {
    return childPlace(this.group.children, vertex);
  }

  private note(from: number, to: number, shape: string): void {
    const key = `${from} ${to}`;
    const known = this.edges.get(key);
    if (known === undefined) this.edges.set(key, { from, to, shape, count: 1 });
    else this.edges.set(key, { ...known, shape: known.shape === shape ? shape : '', count: known.count + 1 });
  }
}
