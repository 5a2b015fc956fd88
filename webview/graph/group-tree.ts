import type { Edge, Network, Vertex } from './network';

/**
 * Vertices that are drawn as one until they are asked for. A group is a run of the order in which the network is worked out,
 * `[first, end)`: whatever is grouped, edges lead from earlier runs to later ones, so that no cycle can come of it.
 */
export interface Group {
  /** The same for the same group of a changed model. */
  readonly id: string;
  /** Short, as read inside the group around it. */
  readonly label: string;
  /** What its vertices have in common. */
  readonly kind: 'module' | 'stage' | 'part' | 'vertex';
  readonly first: number;
  readonly end: number;
  /** In order; none for a single vertex. */
  readonly children: readonly Group[];
}

/** More children at once are no picture any more: they are grouped by stage, and by number where that is not enough. */
const mostChildren = 32;

/** Groups the vertices by the modules around them, and what is still much by stage. */
export function groupTree({ vertices, edges }: Network): Group {
  const network = { vertices, crossings: crossingsOf(vertices.length, edges) };
  const children = childrenOf(network, { first: 0, end: vertices.length, depth: 0, id: '' });
  return { id: '', label: 'network', kind: 'module', first: 0, end: vertices.length, children };
}

/** What a tree is made from. */
interface Grouped {
  readonly vertices: readonly Vertex[];
  /** How many vertices before each place are read at it or behind: few where a block ends. */
  readonly crossings: Int32Array;
}

function crossingsOf(count: number, edges: readonly Edge[]): Int32Array {
  const lastReader = new Int32Array(count).fill(-1);
  for (const { from, to } of edges) lastReader[from] = Math.max(lastReader[from] ?? -1, to);
  const crossings = new Int32Array(count + 1);
  for (const [from, to] of lastReader.entries()) {
    if (to < 0) continue;
    crossings[from + 1] = (crossings[from + 1] ?? 0) + 1;
    crossings[to + 1] = (crossings[to + 1] ?? 0) - 1;
  }
  for (let place = 1; place <= count; place++) crossings[place] = (crossings[place] ?? 0) + (crossings[place - 1] ?? 0);
  return crossings;
}

/** A run of vertices whose paths begin with the same `depth` modules. */
interface Run {
  readonly first: number;
  readonly end: number;
  readonly depth: number;
  readonly id: string;
}

function childrenOf(network: Grouped, run: Run): readonly Group[] {
  const { vertices } = network;
  let { depth } = run;
  while (sharesModule(vertices, run, depth)) depth++;
  const runs = moduleRuns(vertices, { ...run, depth });
  const named = uniqueIds(run.id);
  const children = runs.map(({ first, end, scope }) =>
    end - first === 1 ? leaf(vertices, first, depth) : moduleGroup(network, { first, end, depth: depth + 1, id: named(scope) }, scope),
  );
  return bundled(network, children, run.id);
}

/** Whether all of them lie in one module of the next depth, which then needs no group of its own. */
function sharesModule(vertices: readonly Vertex[], { first, end }: Run, depth: number): boolean {
  const scope = vertices[first]?.path[depth];
  if (scope === undefined || end - first < 2) return false;
  for (let index = first; index < end; index++) if (vertices[index]?.path[depth] !== scope) return false;
  return true;
}

function moduleRuns(vertices: readonly Vertex[], { first, end, depth }: Run): readonly { first: number; end: number; scope: string }[] {
  const runs: { first: number; end: number; scope: string }[] = [];
  for (let index = first; index < end; index++) {
    const scope = vertices[index]?.path[depth];
    const last = runs.at(-1);
    if (last !== undefined && scope !== undefined && last.scope === scope) last.end = index + 1;
    else runs.push({ first: index, end: index + 1, scope: scope ?? '' });
  }
  return runs;
}

/** A module whose only content is another one goes by both names. */
function moduleGroup(network: Grouped, run: Run, scope: string): Group {
  const { vertices } = network;
  let { depth } = run;
  while (sharesModule(vertices, run, depth)) depth++;
  const inner = vertices[run.first]?.path.slice(run.depth, depth) ?? [];
  const label = [scope, ...inner].join('.');
  return { id: run.id, label, kind: 'module', first: run.first, end: run.end, children: childrenOf(network, { ...run, depth }) };
}

function leaf(vertices: readonly Vertex[], index: number, depth: number): Group {
  const vertex = vertices[index];
  const own = vertex?.path.slice(depth).join('.') ?? '';
  const short = own === '' ? lastScope(vertex?.label ?? '') : own;
  return {
    id: vertex?.row?.layer ?? `input ${vertex?.label ?? ''}`,
    label: short,
    kind: 'vertex',
    first: index,
    end: index + 1,
    children: [],
  };
}

/** What stands behind the modules of a label that spells them. */
function lastScope(label: string): string {
  return label.slice(label.lastIndexOf('/') + 1) || label;
}

/** Children that are too many, in groups of one stage; and where these are still too many, or all one, in parts. */
function bundled(network: Grouped, children: readonly Group[], id: string): readonly Group[] {
  if (children.length <= mostChildren) return children;
  const runs = stageRuns(network.vertices, children);
  if (runs.length === 1) return parts(network, children, id);
  const named = uniqueIds(id);
  const stages = runs.flatMap(({ stage, members }) => {
    if (members.length === 1) return members;
    const whole = group(members, named(`stage ${stage}`), stage, 'stage');
    return { ...whole, children: parts(network, members, whole.id) };
  });
  return parts(network, stages, id);
}

/** Without positions of its own, a child belongs to the stage before it. */
function stageRuns(vertices: readonly Vertex[], children: readonly Group[]): readonly { stage: string; members: Group[] }[] {
  const runs: { stage: string; members: Group[] }[] = [];
  for (const child of children) {
    const stage = vertices[child.end - 1]?.stage ?? '';
    const last = runs.at(-1);
    if (last === undefined) runs.push({ stage, members: [child] });
    else if (stage === '' || stage === last.stage) last.members.push(child);
    else if (last.stage === '') runs.splice(-1, 1, { stage, members: [...last.members, child] });
    else runs.push({ stage, members: [child] });
  }
  return runs;
}

/** Parts of about equal length that end where a block ends, and parts of these, until nowhere are too many. */
function parts(network: Grouped, children: readonly Group[], id: string): readonly Group[] {
  if (children.length <= mostChildren) return children;
  const wanted = Math.min(mostChildren, Math.ceil(children.length / mostChildren) + 1);
  const length = Math.ceil(children.length / wanted);
  const made: Group[] = [];
  for (let start = 0; start < children.length;) {
    const end = blockEnd(network.crossings, children, start + length, Math.floor(length / 3));
    const members = parts(network, children.slice(start, end), `${id}/part ${start}`);
    const [first, last] = [members[0]?.first ?? 0, members.at(-1)?.end ?? 0];
    const { vertices } = network;
    made.push(group(members, `${id}/part ${start}`, `${vertices[first]?.label ?? ''} – ${vertices[last - 1]?.label ?? ''}`, 'part'));
    start = end;
  }
  return made;
}

/** The place near the wanted one at which the fewest tensors lead on. */
function blockEnd(crossings: Int32Array, children: readonly Group[], wanted: number, slack: number): number {
  if (wanted + slack >= children.length) return children.length;
  let best = wanted;
  const cost = (place: number): number => crossings[children[place]?.first ?? 0] ?? 0;
  for (let place = wanted + slack; place >= wanted - slack; place--) {
    const better = cost(place) - cost(best);
    if (better < 0 || (better === 0 && Math.abs(place - wanted) < Math.abs(best - wanted))) best = place;
  }
  return best;
}

function group(children: readonly Group[], id: string, label: string, kind: Group['kind']): Group {
  return { id, label, kind, first: children[0]?.first ?? 0, end: children.at(-1)?.end ?? 0, children };
}

/** Names under an id; one that comes again is told from the first by its number. */
function uniqueIds(id: string): (name: string) => string {
  const counts = new Map<string, number>();
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${id}/${name}${count === 1 ? '' : `#${count}`}`;
  };
}

/** The groups around a vertex, outermost first, and last the vertex itself. */
export function wayTo(tree: Group, vertex: number): readonly Group[] {
  const way: Group[] = [];
  let current: Group | undefined = childWith(tree, vertex);
  while (current !== undefined) {
    way.push(current);
    current = childWith(current, vertex);
  }
  return way;
}

/** The child that a vertex lies in. */
export function childWith({ children }: Group, vertex: number): Group | undefined {
  const child = children[childPlace(children, vertex)];
  return child !== undefined && vertex >= child.first && vertex < child.end ? child : undefined;
}

/** The place of the last child that begins at or before a vertex. */
export function childPlace(children: readonly Group[], vertex: number): number {
  let [low, high] = [0, children.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((children[middle]?.first ?? Infinity) <= vertex) low = middle;
    else high = middle - 1;
  }
  return low;
}
