import { t } from '@vscode/l10n';
import type { Group } from './group-tree';
import { outside, type ShownEdge, type ShownGroup } from './shown';

/** In CSS pixels at the drawing's own size. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Nodes by size; what an edge comes from stands before what it leads to. */
export interface LayeredGraph {
  readonly nodes: readonly Size[];
  readonly edges: readonly LayeredEdge[];
}

export interface LayeredEdge {
  readonly from: number;
  readonly to: number;
}

/** Where nodes and edges lie, in the order of the graph. */
export interface LayeredPicture {
  readonly size: Size;
  readonly centres: readonly Point[];
  readonly ways: readonly (readonly Point[])[];
}

/** The library that places the nodes of one group. */
export type Layered = (graph: LayeredGraph) => LayeredPicture;

/** A node of the picture: a vertex, a closed group, or the frame of an open one; x and y are those of its top left corner. */
export interface PlacedNode extends Point, Size {
  readonly group: Group;
  readonly isOpen: boolean;
  /** 1 for those in no frame. */
  readonly level: number;
}

export interface PlacedEdge {
  readonly points: readonly Point[];
  /** Of the tensor; empty where it stands at another edge of the same tensor, or differs within. */
  readonly label: string;
  /** Tensors that are drawn as one. */
  readonly count: number;
}

/** A picture of the network; frames come before what they hold, and all else in the order in which the network is worked out. */
export interface Picture extends Size {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Of a node that is no open group. */
export const nodeSize: Size = { width: 176, height: 44 };
const frame = { side: 28, top: 30, bottom: 14 };
/** The frame of an open group has room for its name. */
const narrowestFrame = nodeSize.width + 2 * frame.side;

/** Lays out what is shown: each open group by itself, inside out, so that no part is ever large. */
export function laidOut(shown: ShownGroup, layered: Layered): Picture {
  const box = boxOf(shown, layered);
  const picture: { nodes: PlacedNode[]; edges: PlacedEdge[] } = { nodes: [], edges: [] };
  place(box, { x: 0, y: 0 }, 1, picture);
  return { width: box.width, height: box.height, ...picture };
}

/** A group with its children laid out inside. */
interface Box extends Size {
  readonly shown: ShownGroup;
  readonly inner: readonly (Box | null)[];
  /** Where the picture of the children begins. */
  readonly offset: Point;
  readonly picture: LayeredPicture;
}

function boxOf(shown: ShownGroup, layered: Layered, isFramed = false): Box {
  const inner = shown.inner.map((open) => (open === null ? null : boxOf(open, layered, true)));
  const count = inner.length;
  // What is outside stands before and behind all children.
  const place = (end: number): number => (end === outside.before ? 0 : end === outside.behind ? count + 1 : end + 1);
  const ends = { width: 1, height: 1 };
  const nodes = [ends, ...inner.map((box) => (box === null ? nodeSize : { width: box.width, height: box.height })), ends];
  const edges = shown.edges.map(({ from, to }) => ({ from: place(from), to: place(to) }));
  const picture = layered({ nodes, edges });
  const { size } = picture;
  if (!isFramed) return { ...size, shown, inner, offset: { x: 0, y: 0 }, picture };
  const width = Math.max(narrowestFrame, size.width + 2 * frame.side);
  const offset = { x: (width - size.width) / 2, y: frame.top };
  return { width, height: size.height + frame.top + frame.bottom, shown, inner, offset, picture };
}

function place(box: Box, corner: Point, level: number, into: { nodes: PlacedNode[]; edges: PlacedEdge[] }): void {
  const { shown, inner, offset, picture } = box;
  const origin = { x: corner.x + offset.x, y: corner.y + offset.y };
  into.edges.push(...placedEdges(box, corner, origin));
  for (const [index, group] of shown.group.children.entries()) {
    const open = inner[index] ?? null;
    const { width, height } = open ?? nodeSize;
    const centre = picture.centres[index + 1] ?? { x: 0, y: 0 };
    const at = { x: origin.x + centre.x - width / 2, y: origin.y + centre.y - height / 2 };
    into.nodes.push({ ...at, width, height, group, isOpen: open !== null, level });
    if (open !== null) place(open, at, level + 1, into);
  }
}

/** A tensor has its shape beside one of its edges; those from and to the outside begin and end at the frame. */
function placedEdges({ shown, height, picture }: Box, corner: Point, origin: Point): readonly PlacedEdge[] {
  const told = new Set<string>();
  return shown.edges.map((edge, index) => {
    const way = (picture.ways[index] ?? []).map(({ x, y }) => ({ x: x + origin.x, y: y + origin.y }));
    const [first, last] = [way[0], way.at(-1)];
    if (edge.from === outside.before && first !== undefined) way.unshift({ x: first.x, y: corner.y });
    if (edge.to === outside.behind && last !== undefined) way.push({ x: last.x, y: corner.y + height });
    return { points: way, label: labelOf(edge, told), count: edge.count };
  });
}

function labelOf({ from, shape, count }: ShownEdge, told: Set<string>): string {
  const text = shape === '' ? t`${count} tensors` : shape;
  const key = `${from} ${text}`;
  if (told.has(key) || from === outside.before) return '';
  told.add(key);
  return text;
}
