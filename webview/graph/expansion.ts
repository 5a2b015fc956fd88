import type { Group } from './group-tree';

/** So many nodes are a picture that can be taken in at first. */
const firstNodes = 64;
/** So many are laid out at the most, however many are asked for. */
export const mostNodes = 600;

/** Ids of the groups that are open at first: level by level, as long as few nodes are shown. */
export function openAtFirst(tree: Group): ReadonlySet<string> {
  return opened(tree, firstNodes);
}

/** Ids of all groups, or of as many as can be shown at once. */
export function openAll(tree: Group): ReadonlySet<string> {
  return opened(tree, mostNodes);
}

function opened(tree: Group, most: number): ReadonlySet<string> {
  const open = new Set<string>();
  let count = tree.children.length;
  let level: readonly Group[] = tree.children;
  while (level.length > 0) {
    const next: Group[] = [];
    for (const group of level) {
      if (group.children.length === 0 || count + group.children.length > most) continue;
      count += group.children.length;
      open.add(group.id);
      next.push(...group.children);
    }
    level = next;
  }
  return open;
}

/** How many nodes are shown with these groups open, frames of open groups included. */
export function shownCount({ children }: Group, open: ReadonlySet<string>): number {
  return children.reduce((count, child) => count + 1 + (open.has(child.id) ? shownCount(child, open) : 0), 0);
}

/** The open groups with one more open; others are closed, the farthest from it first, where there would be too many nodes. */
export function withOpen(tree: Group, open: ReadonlySet<string>, wanted: readonly Group[]): ReadonlySet<string> {
  const needed = new Set(wanted.map(({ id }) => id));
  const place = wanted.at(-1)?.first ?? 0;
  const next = new Set([...open, ...needed]);
  if (shownCount(tree, next) <= mostNodes) return next;
  const others = openGroups(tree, next).filter(({ id }) => !needed.has(id));
  for (const { id } of others.toSorted((one, other) => Math.abs(other.first - place) - Math.abs(one.first - place))) {
    next.delete(id);
    if (shownCount(tree, next) <= mostNodes) break;
  }
  return next;
}

/** Groups that were open, as far as the tree has them and can show them all; those that are open at first where there are none. */
export function openAgain(tree: Group, ids: readonly string[]): ReadonlySet<string> {
  const open = new Set(openGroups(tree, new Set(ids)).map(({ id }) => id));
  return open.size === 0 || shownCount(tree, open) > mostNodes ? openAtFirst(tree) : open;
}

function openGroups({ children }: Group, open: ReadonlySet<string>): readonly Group[] {
  return children.flatMap((child) => (open.has(child.id) ? [child, ...openGroups(child, open)] : []));
}
