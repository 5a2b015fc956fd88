import type { Arguments, Value } from '../values/value';
import type { Lengths } from './lengths';

/** Nothing is moved into channels. */
const none: Lengths = { lengths: [1, 1], at: -1 };

/**
 * The blocks that a pattern of einops moves into channels: `b c (h p1) (w p2) -> b (c p1 p2) h w`. The inner part of an axis is
 * one where it ends up beside the channels, while the outer part does not: windows that stay apart are none.
 * https://einops.rocks/api/rearrange/
 */
export function blocksOfPattern(pattern: Value | undefined, { named }: Arguments): Lengths {
  if (pattern?.kind !== 'string') return none;
  const [left, right] = pattern.value.split('->').map(groupsOf);
  if (left === undefined || right === undefined) return none;
  const plain = left.filter(({ length }) => length === 1).flat();
  // Batch comes first; what else stands alone are channels.
  const channels = plain.slice(left[0]?.length === 1 ? 1 : 0);
  const together = (name: string) => right.find((group) => group.includes(name)) ?? [];
  const blocks = left.flatMap((group) => {
    const [outer, inner, ...others] = group;
    if (outer === undefined || inner === undefined || others.length > 0) return [];
    const home = together(inner);
    if (home.includes(outer) || !channels.some((channel) => home.includes(channel))) return [];
    return [named.get(inner)];
  });
  if (blocks.length === 0) return none;
  const sizes = blocks.map((block) => (block?.kind === 'number' ? block : null));
  const largest = sizes.reduce((best, size) => ((size?.value ?? 0) > (best?.value ?? 0) ? size : best), null);
  // A block whose size is not given by name is as large as the map leaves it.
  return { lengths: sizes.map((size) => size?.value ?? null), at: largest?.at ?? -1 };
}

/** `b (h p) c`: names in groups, each an axis. */
function groupsOf(side: string): readonly (readonly string[])[] {
  return [...side.matchAll(/\(([^()]*)\)|[\w.…]+/g)].map(([all, inside]) => (inside ?? all).trim().split(/\s+/));
}
