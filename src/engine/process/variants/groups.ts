import { canWalkTogether, ownPart, type OwnPart, type PlannedModel } from '../../../core/compare/shared-prefix';
import { area } from '../../../core/graph/period';
import { weightBytes } from '../../../core/equivariance/plan/weight-bytes';
import { budgetForMaps } from '../model/memory-budget';
import type { VariantModel } from './variant-model';

/** A model that is to be walked, by the plan of what is wanted of it. */
export interface Walkable extends PlannedModel {
  readonly model: VariantModel;
}

/** A copy and what it runs itself. */
export interface GroupBranch {
  readonly copy: Walkable;
  readonly part: OwnPart;
  /** What its weights take, and the least of its maps. */
  readonly weightBytes: number;
  readonly mapBytes: number;
}

/** Models that one walk serves: one alone, or the original and copies of it. */
export interface WalkGroup {
  readonly trunk: Walkable;
  /** False where the trunk only runs for its branches' sake. */
  readonly wantsTrunk: boolean;
  readonly branches: readonly GroupBranch[];
}

/** Of the memory for maps, what copies beside a trunk may take at most. */
const shareForBranches = 0.5;

/**
 * Shares models among as few walks as fit into memory. A copy that has nothing to share, needs too much, or would be the only
 * one on a trunk that nobody wants is walked alone. The first of the others includes the original, whose results they share.
 *
 * @param wanted the copies, and the original where its own result is wanted
 * @param threads that hold the weights of every opened model
 */
export function groupForWalks(
  original: Walkable,
  wanted: readonly Walkable[],
  memoryBudgetBytes: number,
  threads: number,
): readonly WalkGroup[] {
  const spareBytes = budgetForMaps(memoryBudgetBytes, original.graph, original.model.fileBytes) * shareForBranches;
  const alone: WalkGroup[] = [];
  const groups: WalkGroup[] = [{ ...onlyOne(original), wantsTrunk: wanted.some(({ model }) => model === original.model) }];
  for (const copy of wanted.filter(({ model }) => model !== original.model)) {
    const part = ownPart(original, copy, copy.model.changed);
    const branch = part && { copy, part, weightBytes: threads * weightBytesOf(copy, part), mapBytes: mapBytesOf(part) };
    if (branch === undefined || bytesOf(branch) > spareBytes || !canWalkTogether(original, [branch.part])) {
      alone.push(onlyOne(copy));
      continue;
    }
    const last = groups.at(-1)?.branches ?? [];
    const branches = [...last, branch];
    const fits =
      branches.reduce((sum, one) => sum + bytesOf(one), 0) <= spareBytes &&
      canWalkTogether(
        original,
        branches.map((one) => one.part),
      );
    if (fits) groups.push({ ...(groups.pop() ?? onlyOne(original)), branches });
    else groups.push({ trunk: original, wantsTrunk: false, branches: [branch] });
  }
  const worthwhile = groups.filter(({ wantsTrunk, branches }) => wantsTrunk || branches.length > 1);
  const left = groups.filter((group) => !worthwhile.includes(group)).flatMap(({ branches }) => branches.map(({ copy }) => onlyOne(copy)));
  return [...worthwhile.map((group, index) => (index === 0 ? { ...group, wantsTrunk: true } : group)), ...left, ...alone];
}

/** What the maps of a walk may take once all that is open has its weights. */
export function walkBudget({ trunk, branches }: WalkGroup, memoryBudgetBytes: number): number {
  return budgetForMaps(memoryBudgetBytes, trunk.graph, trunk.model.fileBytes) - branches.reduce((sum, one) => sum + one.weightBytes, 0);
}

/** The models of a group whose results are wanted, the trunk first. */
export function membersOf({ trunk, wantsTrunk, branches }: WalkGroup): readonly Walkable[] {
  return [...(wantsTrunk ? [trunk] : []), ...branches.map(({ copy }) => copy)];
}

/** A walk of one model. */
export function onlyOne(trunk: Walkable): WalkGroup {
  return { trunk, wantsTrunk: true, branches: [] };
}

function bytesOf({ weightBytes, mapBytes }: GroupBranch): number {
  return weightBytes + mapBytes;
}

/** The file as it is read, and what the runtime holds of it, packed too. A layers-model is loaded whole. */
function weightBytesOf({ graph, model: { fileBytes } }: Walkable, { plan, borrowedLevels }: OwnPart): number {
  const held = new Set(plan.levels.flatMap(({ layers }, level) => (borrowedLevels.has(level) ? [] : layers)));
  if (held.size === 0) return 0;
  return fileBytes + 2 * weightBytes(graph, graph.format === 'tfjs-layers' ? undefined : held);
}

/** F_0 of its own layers, and as much again for what later levels read. */
function mapBytesOf({ plan }: OwnPart): number {
  return plan.layers.reduce((sum, { channels, size }) => sum + 2 * 4 * channels * area(size), 0);
}
